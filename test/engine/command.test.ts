import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commandEngine } from "../../src/engine/command.ts";
import type { Host } from "../../src/engine/program.ts";
import type { Work } from "../../src/port/engine.ts";
import { fails, FILES, jobOf, PASS, treeOf, type JobOptions, type TestJob, type TreeFiles } from "../job.ts";

const KEY = "sk-model-key-0123456789";

const host: Host = {
  env: {
    ...process.env,
    OPENAI_API_KEY: KEY,
    GIT_DIR: "/elsewhere",
    ADS_TOKEN: "ads-token-42",
    NODE_OPTIONS: "--no-warnings",
  },
  node: process.execPath,
  killGroup(leader) {
    try {
      process.kill(-leader, "SIGKILL");
    } catch {
      // It is gone already.
    }
  },
};

interface Options extends JobOptions {
  run?: string[];
  env?: string[];
  tip?: TreeFiles;
}

/** Runs a little program of node with a private tree; `code` sees `fs`, `cp` and `out` (one line on stdout). */
async function run(code: string, options: Options = {}): Promise<{ work: Work; job: TestJob }> {
  const program = `
const fs = require("node:fs"), cp = require("node:child_process");
const out = (x) => console.log(typeof x === "string" ? x : JSON.stringify(x));
${code}`;
  const engine = commandEngine({
    program: {
      kind: "command",
      run: options.run ?? ["node", "tools/job.cjs"],
      files: ["tools/**"],
      env: options.env ?? [],
    },
    tip: treeOf({ ...FILES, "tools/job.cjs": program, ...options.tip }),
    host,
  });
  const job = jobOf(options);
  return { work: await engine.work(job), job };
}

/** What the program said in its summary, as JSON. */
const saidBy = (work: Work): unknown =>
  work.end.kind === "finished" ? JSON.parse(work.end.summary) : work.end;

test("a program sees what the agent reads and its own files, and nothing else", async () => {
  const { work } = await run(`
const all = fs.readdirSync(".", { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
out({ summary: JSON.stringify(all.map((e) => e.parentPath + "/" + e.name).sort()) });`);
  expect(saidBy(work)).toEqual([
    "board/T-8k2f-roofing.md",
    "pages/roofing.md",
    "reports/lp/old.md",
    "sheets/log.csv",
    "tools/job.cjs",
  ]);
  expect(work.saw.map((s) => s.path)).toContain("pages/roofing.md");
});

test("a program's environment holds what it was given and what it needs, and no key of ours", async () => {
  const { work } = await run(`out({ summary: JSON.stringify(process.env) });`, {
    env: ["ADS_TOKEN", "NOT_THERE", "OPENAI_API_KEY", "GIT_DIR"],
  });
  const env = saidBy(work);
  expect(Object.keys(env ?? {}).sort()).toEqual([
    "ADS_TOKEN",
    "HOME",
    "LANG",
    "PATH",
    "PULLBEAT_NOW",
    "PULLBEAT_TASK",
    "PULLBEAT_TASK_FILE",
    "PYTHONDONTWRITEBYTECODE",
    "TMPDIR",
    "TZ",
  ]);
  expect(env).toMatchObject({
    PULLBEAT_NOW: "2026-11-22T07:00:00Z",
    PULLBEAT_TASK: "T-8k2f",
    PULLBEAT_TASK_FILE: "board/T-8k2f-roofing.md",
    TZ: "UTC",
  });
});

test("what a program was given in confidence is taken out of what it says", async () => {
  const said = await run(`out("the token is " + process.env.ADS_TOKEN);`, { env: ["ADS_TOKEN"] });
  expect(said.work.end).toMatchObject({ summary: "the token is [secret]" });
  const failed = await run(`console.error(process.env.ADS_TOKEN); process.exit(1);`, { env: ["ADS_TOKEN"] });
  expect(JSON.stringify(failed.work)).not.toContain("ads-token-42");
});

test("node is the node that pullbeat runs on", async () => {
  const { work } = await run(`out(process.execPath);`);
  expect(work.end).toMatchObject({ summary: process.execPath });
});

test("new, changed and deleted files are edits, and unchanged ones are none", async () => {
  const { work, job } = await run(`
fs.writeFileSync("reports/lp/new.md", "new");
fs.appendFileSync("sheets/log.csv", "roofing,C\\n");
fs.rmSync("reports/lp/old.md");
fs.writeFileSync("pages/roofing.md", fs.readFileSync("pages/roofing.md"));
out({ summary: "Graded: C.", result: "pass" });`);
  expect(work.end).toEqual({ kind: "finished", summary: "Graded: C.", result: "pass" });
  const text = Object.fromEntries(
    [...work.edits].map(([p, c]) => [p, c === null ? null : String(Buffer.from(c))]),
  );
  expect(text).toEqual({
    "reports/lp/new.md": "new",
    "reports/lp/old.md": null,
    "sheets/log.csv": "page,grade\nhome,B\nroofing,C\n",
  });
  expect(job.judged[0]).toEqual(work.edits);
  expect(work).toMatchObject({
    requests: [],
    transcript: "",
    engine: { kind: "command", model: "node tools/job.cjs" },
  });
});

test("the program is the one that people merged, whatever the proposal's tree says", async () => {
  const files = { ...FILES, "tools/job.cjs": `console.log("the proposal's");` };
  const { work } = await run(`out("the tip's");`, { files, spec: { produces: ["tools/**"] } });
  expect(work.end).toMatchObject({ summary: "the tip's" });
  expect(work.edits.size).toBe(0);
});

test.each([
  ["nothing", `process.exit(0)`, "the program is done"],
  ["a line", `out("one"); out("two\\x1b[31m"); out("")`, "two"],
  ["an object", `out({ summary: "yes" })`, "yes"],
])("a program that ends with %s on stdout has that as its summary", async (_, code, summary) => {
  expect((await run(code)).work.end).toEqual({ kind: "finished", result: null, summary });
});

test.each([
  ["an exit code", `console.error("no\\x1b[0m data"); process.exit(3)`, "command/exit-3", "no data"],
  ["a signal", `process.kill(process.pid, "SIGKILL")`, "command/SIGKILL", "SIGKILL"],
  ["a result that is none", `out({ summary: "x", result: "passed" })`, "command/output", "last line"],
  ["an object with other keys", `out({ status: "done" })`, "command/output", "last line"],
])("a program that ends with %s has failed under its own name", async (_, code, failure, words) => {
  const { work, job } = await run(`fs.writeFileSync("reports/lp/x.md", "x"); ${code}`);
  expect(work.end).toMatchObject({ kind: "failed", failure });
  expect(work.end.kind === "failed" && work.end.reason).toContain(words);
  expect([work.edits.size, job.judged.length]).toEqual([0, 0]);
});

test("of a program that throws, the error and its place are told, whatever is dumped below", async () => {
  const { work } = await run(`fs.readFileSync("gone.json");`);
  const reason = work.end.kind === "failed" ? work.end.reason : "";
  expect(reason).toContain("Error: ENOENT: no such file or directory, open 'gone.json'");
  expect(reason).toMatch(/at .*tools\/job\.cjs:\d+/);
  const short = await run(`console.error("Error: one line"); process.exit(2)`);
  expect(short.work.end).toMatchObject({ reason: "Error: one line (exit code 2)" });
});

test("the program that the documentation shows does what it says there", async () => {
  const [, code = ""] =
    /```js\n(\/\/ tools\/count\.mjs\n[^]*?)```/.exec(readFileSync("docs/programs.md", "utf8")) ?? [];
  const tip = { ...FILES, "tools/count.mjs": code };
  const { work } = await run("", { run: ["node", "tools/count.mjs"], tip });
  expect(work.end).toEqual({ kind: "finished", result: "pass", summary: "Counted 1 page." });
  expect([...work.edits].map(([path, text]) => [path, String(text)])).toEqual([
    ["reports/lp/T-8k2f.md", "# Pages on 2026-11-22\n\n- pages/roofing.md: 4 words\n"],
  ]);
});

test("a program that is not there has failed to start", async () => {
  const { work } = await run("", { run: ["no-such-program-here"] });
  expect(work.end).toMatchObject({ failure: "command/start" });
});

test("arguments are arguments: there is no shell", async () => {
  const { work } = await run(`out(process.argv.slice(2).join(" "));`, {
    run: ["node", "tools/job.cjs", "$(touch x)", "; touch y", "*"],
  });
  expect(work.end).toMatchObject({ summary: "$(touch x) ; touch y *" });
  expect(work.edits.size).toBe(0);
});

test.each([
  ["a link to a file outside", `fs.symlinkSync("/etc/hostname", "reports/lp/x.md")`, "a symbolic link"],
  [
    "a link in place of a file",
    `fs.rmSync("sheets/log.csv"); fs.symlinkSync("/etc/hostname", "sheets/log.csv")`,
    "a symbolic link",
  ],
  ["a link to a folder outside", `fs.symlinkSync("/etc", "reports/etc")`, "a symbolic link"],
  [
    "a link in place of a folder",
    `fs.rmSync("pages", { recursive: true }); fs.symlinkSync("/etc", "pages")`,
    "a symbolic link",
  ],
  [
    "a link in place of the whole tree",
    `const d = process.cwd(); fs.rmSync(d, { recursive: true }); fs.symlinkSync("/etc", d)`,
    "not a folder any more",
  ],
  ["a hard link", `fs.linkSync("pages/roofing.md", "reports/lp/x.md")`, "a hard link"],
  ["a FIFO", `cp.execFileSync("mkfifo", ["reports/lp/x.md"])`, "not a regular file"],
  ["a git folder", `fs.mkdirSync(".git"); fs.writeFileSync(".git/config", "x")`, "git"],
  ["a git folder below", `fs.mkdirSync("reports/.GIT/hooks", { recursive: true })`, "git"],
  ["a name with a line break", `fs.writeFileSync("reports/lp/a\\nb.md", "x")`, "control character"],
  [
    "a name that is not UTF-8",
    `fs.writeFileSync(Buffer.from("reports/lp/\\xff.md", "latin1"), "x")`,
    "UTF-8",
  ],
  ["a file of great size", `fs.truncateSync("reports/lp/old.md", 20_000_000)`, "larger than"],
])("%s is refused by name and never followed", async (_, code, words) => {
  const { work, job } = await run(`fs.writeFileSync("reports/lp/fine.md", "fine"); ${code};`);
  expect(work.end).toMatchObject({ kind: "failed", failure: "gate/paths" });
  expect(work.end.kind === "failed" && work.end.reason).toContain(words);
  expect(job.judged).toEqual([]);
  expect(
    [...work.edits.keys()].filter((p) => /etc|x\.md|\.git/i.test(p) && work.edits.get(p) !== null),
  ).toEqual([]);
});

test("links and submodules of the tree are not laid out", async () => {
  const files = {
    ...FILES,
    "pages/link.md": ["120000", "/etc/hostname"],
    "pages/sub": ["160000", ""],
  } as const;
  const { work } = await run(`out(fs.readdirSync("pages").join());`, { files });
  expect(work.end).toMatchObject({ summary: "roofing.md" });
  expect(work.edits.size).toBe(0);
});

test("problems that can be mended are told to one more run in the same tree, twice at most", async () => {
  const code = `
const file = process.env.PULLBEAT_FEEDBACK;
fs.appendFileSync("reports/lp/x.md", "run\\n");
out(file === undefined ? "first" : fs.readFileSync(file, "utf8").split("\\n")[0]);`;
  const mended = await run(code, { verdicts: [fails("size", true), PASS] });
  expect(mended.work.end).toMatchObject({ kind: "finished", summary: "size: size says no" });
  expect(String(mended.work.edits.get("reports/lp/x.md"))).toBe("run\nrun\n");
  expect(mended.work.spent.steps).toBe(2);
  const never = await run(code, { verdicts: [fails("size", true)] });
  expect(never.work.end).toMatchObject({ failure: "gate/size" });
  expect(never.work.spent.steps).toBe(3);
  const hopeless = await run(code, { verdicts: [fails("secrets", false)] });
  expect([hopeless.work.end, hopeless.work.spent.steps]).toMatchObject([{ failure: "gate/secrets" }, 1]);
});

test("a program that takes too long is killed with everything that it has started", async () => {
  const dir = mkdtempSync(join(tmpdir(), "pullbeat-alive-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const alive = join(dir, "alive");
  const { work } = await run(
    `cp.spawn("node", ["-e", ${JSON.stringify(`setInterval(() => require("fs").writeFileSync(${JSON.stringify(alive)}, String(Date.now())), 20)`)}], { stdio: "inherit" }); setInterval(() => {}, 1000);`,
    { spec: { budget: { attempt: { minutes: 2.5 / 60 } } }, clock: () => performance.now() },
  );
  expect(work.end).toMatchObject({ kind: "failed", failure: "budget/minutes" });
  expect(existsSync(alive)).toBe(true);
  const last = readFileSync(alive, "utf8");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(readFileSync(alive, "utf8")).toBe(last);
});

test("a child that is left in the background neither holds the attempt up nor lives on", async () => {
  const { work } = await run(
    `cp.spawn("sleep", ["600"], { stdio: "inherit" }).unref(); out("done"); process.exit(0);`,
  );
  expect(work.end).toMatchObject({ summary: "done" });
});

test("an attempt that is stopped from outside runs nothing", async () => {
  const { work } = await run(`out("ran")`, { signal: AbortSignal.abort() });
  expect(work.end).toMatchObject({ failure: "aborted" });
});

test("a program that floods its output does not fill the memory, and its last line counts", async () => {
  const before = process.memoryUsage().rss;
  const { work } = await run(`
const chunk = "x".repeat(1 << 20) + "\\n";
for (let i = 0; i < 300; i++) fs.writeSync(1, chunk);
out("last");`);
  expect(work.end).toMatchObject({ summary: "last" });
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
});

test("the private tree is gone afterwards, however the program ended", async () => {
  const dir = mkdtempSync(join(tmpdir(), "pullbeat-where-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const note = JSON.stringify(join(dir, "where"));
  const closed = `fs.mkdirSync("reports/closed"); fs.writeFileSync("reports/closed/x", ""); fs.chmodSync("reports/closed", 0);`;
  for (const end of [`out("fine");`, `process.exit(1);`, `${closed} process.exit(0);`]) {
    await run(`fs.writeFileSync(${note}, process.cwd()); ${end}`);
    const where = readFileSync(join(dir, "where"), "utf8");
    expect(where).toContain("pullbeat-");
    expect(existsSync(join(where, ".."))).toBe(false);
  }
  writeFileSync(join(dir, "where"), "");
});

test("a program cannot carry a credential that it was given into a pull", async () => {
  const code = 'fs.mkdirSync("reports/lp", { recursive: true });';
  const leak = `${code} fs.writeFileSync("reports/lp/a.md", "see " + process.env.ADS_TOKEN);`;
  const { work, job } = await run(leak, { env: ["ADS_TOKEN"] });
  expect(work.end).toMatchObject({ kind: "failed", failure: "gate/secrets" });
  expect(JSON.stringify(work)).not.toContain("ads-token-42");
  expect(work.edits.size).toBe(0);
  expect(job.judged).toEqual([]);
  const named = `${code} fs.writeFileSync("reports/lp/" + process.env.ADS_TOKEN + ".md", "x");`;
  expect((await run(named, { env: ["ADS_TOKEN"] })).work.end).toMatchObject({ failure: "gate/secrets" });
});

test("what a program leaves behind is not read beyond a bound, however many files it is in", async () => {
  const { work } = await run(
    'fs.mkdirSync("reports/lp", { recursive: true }); for (let i = 0; i < 8; i++) fs.ftruncateSync(fs.openSync(`reports/lp/${i}.md`, "w"), 15_000_000);',
  );
  expect(work.end).toMatchObject({ kind: "failed", failure: "gate/paths" });
  expect(JSON.stringify(work.end)).toContain("bytes were left behind");
});
