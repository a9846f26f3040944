import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACTION, actionOptions, options, OUT } from "../build.ts";
import { VERSION } from "../src/domain/version.ts";
import { json, pullbeat } from "./cli/cli.ts";
import { specText, taskText } from "./fleet.ts";
import { makeWorld, type World } from "./world.ts";

const published = JSON.parse(readFileSync("package.json", "utf8"));
const run = promisify(execFile);
let dir = "";
/** The program as it was unpacked from the tarball. */
let main = "";
let parts: Metafile["outputs"] = {};

/** What `npm publish` would send, from a folder with nothing else in it, unpacked far from any node_modules. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pullbeat-build-"));
  const source = join(dir, "source");
  for (const file of published.files.filter((f: string) => f !== dirname(OUT)))
    await cp(file, join(source, file), { recursive: true });
  await cp("package.json", join(source, "package.json"));
  const built = await build({
    ...options,
    outdir: join(source, dirname(OUT)),
    metafile: true,
    write: true,
  });
  parts = built.metafile.outputs;
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", dir], {
    cwd: source,
  });
  await run("tar", ["-xzf", stdout.trim()], { cwd: dir });
  main = join(dir, "package", published.bin.pullbeat);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const someFleet = (): Promise<World> =>
  makeWorld({
    files: { "agents/writer.md": specText("writer"), "board/one.md": taskText("one", "writer") },
  });

test("the version is the one of package.json, which publishes what the build writes", () => {
  expect(VERSION).toBe(published.version);
  expect(published.bin.pullbeat).toBe(OUT);
});

test("the tarball runs alone, far from any node_modules", async () => {
  const world = await someFleet();
  expect(await pullbeat(world, ["--version"], { main })).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  expect(await json(world, ["board"], { main })).toMatchObject({
    code: 0,
    value: { tasks: [{ id: "one", state: "ready" }], warning: null },
  });
  expect(await json(world, ["tick"], { main, env: { PULLBEAT_SCRIPTS: "scripts" } })).toMatchObject({
    code: 1,
    value: { beats: [{ attempts: [{ reason: expect.stringContaining("scripts/writer.jsonl") }] }] },
  });
});

test("the action runs alone too: a job that it does not know is a mistake, said as an annotation", async () => {
  const world = await makeWorld();
  const folder = join(dir, "action");
  await build({ ...actionOptions, outdir: folder });
  expect(readFileSync("action.yml", "utf8")).toContain(`main: ${ACTION}\n`);
  const action = join(folder, basename(ACTION));
  const { code, out } = await pullbeat(world, [], { main: action, env: { INPUT_JOB: "dig" } });
  expect([code, out.split("\n")[0]]).toEqual([2, "::error title=pullbeat::the input job is dig"]);
  const idle = { INPUT_JOB: "plan", INPUT_PLAN: join(dir, "plan.json"), GITHUB_OUTPUT: join(dir, "output") };
  expect((await pullbeat(world, [], { main: action, env: idle })).code).toBe(0);
  expect(readFileSync(idle.GITHUB_OUTPUT, "utf8")).toMatch(/^due<<(.*)\nfalse\n\1\n/);
});

test("the tarball holds the templates that `init` begins with", async () => {
  const world = await makeWorld();
  const fresh = join(dir, "fresh");
  await run("git", ["init", "--quiet", fresh], { env: world.env });
  const { code } = await json(
    { ...world, clone: fresh },
    ["init", "--template", "studio", "--login", "ann"],
    {
      main,
    },
  );
  expect(code).toBe(0);
  expect(readdirSync(join(fresh, "agents"))).toContain("ceo.md");
});

test("the program can be started by its name, and its parts know nothing of the machine that made them", () => {
  const folder = dirname(main);
  expect(readFileSync(main, "utf8").startsWith("#!/usr/bin/env node\n")).toBe(true);
  for (const part of readdirSync(folder)) {
    const text = readFileSync(join(folder, part), "utf8");
    for (const place of [process.cwd(), homedir(), dir]) expect(text.includes(`${place}/`)).toBe(false);
  }
});

test("the program is of a size that somebody watches", async () => {
  const folder = dirname(main);
  const sizes = await Promise.all(readdirSync(folder).map(async (p) => (await stat(join(folder, p))).size));
  expect(sizes.length).toBeLessThan(200);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_500_000);
});

/** Runs a command of the unpacked program; returns the packages and own files in the parts that node really loaded. */
async function loadedBy(world: World, args: readonly string[]): Promise<string[]> {
  const log = join(dir, "loaded.txt");
  const hook = join(dir, "hook.mjs");
  await writeFile(log, "");
  await writeFile(hook, HOOK);
  const env = { NODE_OPTIONS: `--import=${hook}`, LOADED: log };
  expect(await pullbeat(world, args, { main, env })).toMatchObject({ code: 0 });
  const names = new Set((await readFile(log, "utf8")).split("\n"));
  const inputs = Object.entries(parts)
    .filter(([part]) => [...names].some((n) => n !== "" && part.endsWith(`/${n}`)))
    .flatMap(([, { inputs: of }]) => Object.keys(of));
  return [...new Set(inputs.map((i) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(i)?.[1] ?? i))].toSorted();
}

const HOOK = `import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
registerHooks({ load(url, context, next) {
  if (url.startsWith("file:")) appendFileSync(process.env.LOADED, url.slice(url.lastIndexOf("/") + 1) + "\\n");
  return next(url, context);
} });
`;

test("to say its version the program loads nothing but the version", async () => {
  expect(await loadedBy(await someFleet(), ["--version"])).toEqual(["src/domain/version.ts", "src/main.ts"]);
});

test("help loads no git, no schema and no model", async () => {
  const loaded = await loadedBy(await someFleet(), ["--help"]);
  expect(loaded).toContain("commander");
  expect(loaded.filter((l) => !l.startsWith("src/"))).toEqual(["commander"]);
  expect(loaded.filter((l) => /^src\/(?!cli|domain|main)/.test(l))).toEqual([]);
});

test("a node that is too old is told so in a sentence, before it meets what it cannot read", async () => {
  const old = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})";
  const env = { NODE_OPTIONS: `--import ${old}` };
  const ran = await pullbeat(await makeWorld(), ["plan"], { main, env });
  expect(ran).toMatchObject({ code: 3, out: "" });
  expect(ran.err).toMatch(/^error: node 18\.20\.4 is too old/);
  expect(ran.err).toContain(`node ${published.engines.node.replace(">=", "")} or newer`);
  // A file's imports are read before its first line runs: the first file needs nothing but the version's.
  const first = Object.entries(parts).find(([path]) => path.endsWith(OUT))?.[1];
  const needed = first?.imports.filter((i) => i.kind === "import-statement").map((i) => i.path) ?? [];
  const inputs = needed.flatMap((path) => Object.keys(parts[path]?.inputs ?? {}));
  expect(inputs).toEqual(["src/domain/version.ts"]);
});
