import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";

// Real runs, as the command engine makes them: a folder of files, a clean environment, and node.

const program = resolve("fleet/surveyor/main.ts");
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function treeWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "pullbeat-survey-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function survey(
  files: Record<string, string>,
): Promise<{ said: string; report: string; root: string }> {
  const root = treeWith(files);
  const env = { PULLBEAT_NOW: "2026-11-23T06:00:00Z" };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: root, env });
  return { said: stdout, report: readFileSync(join(root, "reports/survey/2026-11-23.md"), "utf8"), root };
}

const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    "": { dependencies: { yaml: "2.9.1" }, devDependencies: { vitest: "5.1.1", linked: "file:linked" } },
    "node_modules/yaml": { version: "2.9.1", license: "ISC", integrity: "sha512-a" },
    "node_modules/vitest": { version: "5.1.1", license: "MIT", integrity: "sha512-b", dev: true },
    "node_modules/@a/b": { version: "1.0.0", license: "MIT", dev: true },
    "node_modules/vitest/node_modules/@a/b": { version: "2.0.0", integrity: "sha512-c", dev: true },
    "node_modules/vitest/node_modules/yaml": {
      version: "1.0.0",
      license: "ISC",
      integrity: "sha512-d",
      dev: true,
    },
    "node_modules/linked": { link: true },
  },
});

const files = {
  "src/short.ts": "export const one = (): number => 1;\n",
  "src/long.ts": `export function long(): number[] {\n  return [\n${"    1,\n".repeat(230)}  ];\n}\n`,
  "src/notes.txt": "not code\n".repeat(500),
  "package-lock.json": lock,
  "README.md": "# Read\n\n[docs](docs/guide.md) [gone](docs/gone.md)\n\n[out](https://example.com/x)\n",
  "docs/guide.md": "# Guide\n\nWe use `yaml`. [Up](../README.md#read), [no such](../README.md#red).\n",
};

test("the report holds a table for each question, worst first", async () => {
  const { said, report } = await survey(files);
  expect(said).toBe(
    '{"summary":"Measured: 1 file over 220 lines, 1 function over 50 lines, 2 dead links, 5 packages.","result":"fail"}\n',
  );
  await expect(report).toMatchFileSnapshot("../snapshots/survey.md");
});

test("the survey writes its report and nothing else", async () => {
  const { root } = await survey(files);
  const found = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  expect(found.toSorted()).toEqual([...Object.keys(files), "reports/survey/2026-11-23.md"].toSorted());
});

test("the same tree at the same time gives the same report, also when its reports lie in it", async () => {
  const first = await survey(files);
  const again = await survey({ ...files, "reports/survey/2026-11-23.md": first.report });
  expect(again.report).toBe(first.report);
});

test("an empty repository is surveyed too", async () => {
  const { report } = await survey({});
  expect(report).toContain("0 files over 220 lines, 0 functions over 50 lines, 0 dead links, no lock file.");
});

test("the result is a pass when nothing is over a limit and no link is dead", async () => {
  const { said } = await survey({ "src/a.ts": "const a = 1;\n", "README.md": "[a](src/a.ts)\n" });
  expect(said).toMatch(/"result":"pass"}\n$/);
});

test("an age is never claimed: the lock file knows none", async () => {
  expect((await survey(files)).report).toContain("The lock file holds no dates, so ages are not measured.");
});

test("installed packages and build output are not surveyed", async () => {
  const theirs = "[dead](nowhere.md)\n";
  const { report } = await survey({ "node_modules/x/README.md": theirs, "dist/docs/a.md": theirs });
  expect(report).toContain("0 links in 0 pages");
});

test("without PULLBEAT_NOW the program says what it needs and fails", async () => {
  const run = promisify(execFile)(process.execPath, [program], { cwd: treeWith({}), env: {} });
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/PULLBEAT_NOW is missing/),
  });
});

test("a lock file that is no JSON fails the run and leaves no report behind", async () => {
  const root = treeWith({ "package-lock.json": "<<<<<<< ours" });
  const run = promisify(execFile)(process.execPath, [program], {
    cwd: root,
    env: { PULLBEAT_NOW: "2026-11-23T06:00:00Z" },
  });
  await expect(run).rejects.toMatchObject({ code: 1 });
  expect(readdirSync(root)).toEqual(["package-lock.json"]);
});
