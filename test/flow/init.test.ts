import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { init as command } from "../../src/cli/init.ts";
import { openTerminal } from "../../src/cli/terminal.ts";
import type { Shell } from "../../src/cli/shell.ts";
import { Login } from "../../src/domain/id.ts";
import { founderOf } from "../../src/domain/starter/person.ts";
import { starterFor, type Starter, type Wish } from "../../src/domain/starter/starter.ts";
import { init } from "../../src/flow/init.ts";
import type { Kit } from "../../src/port/starter.ts";
import { kitIn } from "../../src/store/starter.ts";
import { makeWorld, type Files } from "../world.ts";

const CONFIG = ".github/pullbeat.yml";
const BLANK: Wish = { template: "blank", local: false };
const LOCAL: Wish = { ...BLANK, local: true };

interface Place {
  dir: string;
  env: Record<string, string>;
  kit: Kit;
  run: (wish?: Wish, dry?: boolean) => Promise<Starter>;
  git: (...args: string[]) => Promise<string>;
  save: (files: Files) => Promise<void>;
  read: (path: string) => Promise<string>;
  /** Every file of the folder, git's own left out. */
  list: () => Promise<string[]>;
}

/** An empty folder `fleet` of Ann's; with `files`, a repository that holds them in one commit. */
async function place({ files, name = "fleet" }: { files?: Files; name?: string } = {}): Promise<Place> {
  const world = await makeWorld();
  const dir = join(world.dir, name);
  await mkdir(dir);
  const { env } = world;
  const kit = kitIn({ dir, env, templates: "templates", schemas: "docs/schema" });
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", args, { cwd: dir, env })).stdout.trim();
  const save = async (more: Files): Promise<void> => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(join(dir, dirname(path)), { recursive: true });
      await writeFile(join(dir, path), text ?? "");
    }
  };
  if (files !== undefined) {
    await git("init", "--quiet");
    await save(files);
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "--message", "before");
  }
  const list = async (): Promise<string[]> =>
    (await readdir(dir, { recursive: true, withFileTypes: true }))
      .filter((e) => !e.isDirectory())
      .map((e) => join(e.parentPath, e.name).slice(dir.length + 1))
      .filter((path) => !path.startsWith(".git/"))
      .toSorted();
  return {
    dir,
    env,
    kit,
    git,
    save,
    list,
    run: (wish = BLANK, dry = false) => init(kit, wish, { dry }),
    read: (path) => readFile(join(dir, path), "utf8"),
  };
}

const kinds = ({ steps }: Starter): string[] => steps.map((s) => s.kind);

test("an empty folder becomes a repository with a first commit, a remote beside it, and the branch on it", async () => {
  const { run, git, read } = await place();
  const starter = await run(LOCAL);
  expect(kinds(starter)).toEqual(["init", "write", "commit", "remote", "push"]);
  expect(await git("log", "--format=%s %an %ae")).toBe("Begin a fleet Ann ann@example.com");
  expect(await git("status", "--porcelain")).toBe("");
  expect(await git("remote", "get-url", "origin")).toBe("../fleet.git");
  expect(await git("rev-parse", "HEAD")).toBe(await git("--git-dir=../fleet.git", "rev-parse", "HEAD"));
  expect(await git("symbolic-ref", "refs/remotes/origin/HEAD")).toBe("refs/remotes/origin/main");
  expect(await read(CONFIG)).toContain('  - { login: "ann", emails: ["ann@example.com"] }\n');
  expect(starter.next.map((n) => n.command)).toEqual(["pullbeat check", "pullbeat plan", "pullbeat tick"]);
});

test("a second run changes nothing, and says so", async () => {
  const { run, git, list } = await place();
  const first = await run(LOCAL);
  const [head, refs] = [await git("rev-parse", "HEAD"), await git("for-each-ref")];
  const second = await run(LOCAL);
  expect(second).toMatchObject({ steps: [], kept: [], next: first.next });
  expect(second.same.toSorted()).toEqual(await list());
  expect([
    await git("rev-parse", "HEAD"),
    await git("for-each-ref"),
    await git("status", "--porcelain"),
  ]).toEqual([head, refs, ""]);
});

test("a dry run tells the same and leaves no trace", async () => {
  const { run, dir } = await place();
  const dry = await run(LOCAL, true);
  expect(await readdir(dir)).toEqual([]);
  expect(await readdir(dirname(dir))).not.toContain("fleet.git");
  const real = await run(LOCAL);
  expect(dry).toEqual(real);
});

test("what exists stays as it is; only what is missing is written, and committing it is the person's", async () => {
  const mine = { "README.md": "mine\n", [CONFIG]: "version: 1\n", "agents/newcomer.md": "mine too\n" };
  const { run, git, read } = await place({ files: mine });
  const starter = await run({ ...BLANK, template: "studio" });
  expect(starter.kept.toSorted()).toEqual([CONFIG, "README.md"].toSorted());
  for (const [path, text] of Object.entries(mine)) expect(await read(path)).toBe(text);
  expect(kinds(starter)).toEqual(["write"]);
  expect(await git("log", "--format=%s")).toBe("before");
  expect(starter.next.map((n) => n.command)).toEqual([
    expect.stringMatching(/^git add \.github README\.md agents board .* && git commit -m "Begin a fleet"$/),
    "pullbeat init --template studio --remote local",
    "PULLBEAT_SCRIPTS=scripts pullbeat plan",
  ]);
});

test("once a person has committed it, the same command with a remote leaves nothing to push", async () => {
  const { run, git } = await place({ files: {} });
  await run();
  await git("add", ".github", "agents", "board");
  await git("commit", "--quiet", "--message", "Begin a fleet");
  const starter = await run(LOCAL);
  expect(kinds(starter)).toEqual(["remote", "push"]);
  expect(starter.next.map((n) => n.command)).toEqual(["pullbeat check", "pullbeat plan", "pullbeat tick"]);
  expect((await run()).next).toEqual(starter.next);
});

test("only the fleet's files are committed: others stay untracked, or staged", async () => {
  const { run, git, save } = await place();
  await git("init", "--quiet");
  await save({ "notes.txt": "draft\n", "staged.txt": "soon\n", ".gitignore": "agents/\n" });
  await git("add", "staged.txt");
  await run();
  const committed = (await git("ls-tree", "-r", "--name-only", "HEAD")).split("\n");
  expect(committed).toContain("agents/newcomer.md");
  expect(committed.filter((path) => path.endsWith(".txt"))).toEqual([]);
  expect(await git("status", "--porcelain")).toBe("A  staged.txt\n?? .gitignore\n?? notes.txt");
});

test.each(["pullbeat", "pullbeat/work"])(
  "a branch %s here stops it before it changes anything",
  async (branch) => {
    const { run, git, list } = await place({ files: {} });
    await git("branch", branch);
    await expect(run(LOCAL)).rejects.toMatchObject({
      code: "refused",
      message: `a branch is called ${branch}, so there can be none called pullbeat/…`,
      next: `git branch --move ${branch} other`,
    });
    expect(await list()).toEqual([]);
  },
);

test("a branch pullbeat on the remote stops it too, and so does one that git init would make", async () => {
  const there = await place({ files: {} });
  await there.git("init", "--quiet", "--bare", "../far.git");
  await there.git("remote", "add", "origin", "../far.git");
  await there.git("push", "--quiet", "origin", "HEAD:main", "HEAD:pullbeat");
  await expect(there.run()).rejects.toMatchObject({ message: expect.stringContaining("origin/pullbeat") });
  const here = await place();
  await here.git("config", "--global", "init.defaultBranch", "pullbeat");
  await expect(here.run()).rejects.toMatchObject({ code: "refused" });
  expect(await here.list()).toEqual([]);
});

test("branches of a fleet that is at work are no clash", async () => {
  const { run, git } = await place({ files: {} });
  await git("branch", "pullbeat/journal");
  await git("branch", "pullbeat/work/one--1");
  expect(kinds(await run())).toEqual(["write"]);
});

test("the base branch is what the remote's HEAD names, and being on another one is said", async () => {
  const { run, git } = await place({ files: {} });
  await git("init", "--quiet", "--bare", "--initial-branch=trunk", "../far.git");
  await git("remote", "add", "origin", "../far.git");
  await git("push", "--quiet", "origin", "HEAD:trunk");
  const { branch, notes, next } = await run();
  expect({ branch, notes }).toEqual({ branch: "trunk", notes: ["you are on main; the fleet reads trunk"] });
  expect(next[1]).toEqual({
    command: "git push -u origin main",
    about: "the fleet reads the remote; then merge main into trunk",
  });
});

test("a remote that does not answer is said, and is no reason not to begin", async () => {
  const { run, git } = await place({ files: {} });
  await git("remote", "add", "origin", "../gone.git");
  const starter = await run();
  expect(starter.notes).toEqual([expect.stringMatching(/origin did not answer.* was not seen$/)]);
  expect(kinds(starter)).toEqual(["write"]);
});

test("wherever a run is cut off, the next one ends as if nothing had happened", async () => {
  const whole = await place();
  const { steps } = await whole.run(LOCAL);
  for (const [done] of steps.entries()) {
    const cut = await place();
    for (const step of starterFor(await cut.kit.look("blank"), LOCAL).steps.slice(0, done))
      await cut.kit.take(step);
    await cut.run(LOCAL);
    expect(await cut.git("ls-tree", "-r", "origin/main")).toBe(
      await whole.git("ls-tree", "-r", "origin/main"),
    );
    expect(await cut.git("status", "--porcelain")).toBe("");
    expect(await cut.run(LOCAL)).toMatchObject({ steps: [] });
  }
});

test("what lies beside the folder is taken as a remote only when it is an empty bare repository", async () => {
  const full = await place({ files: {} });
  await full.git("clone", "--quiet", "--bare", full.dir, "../fleet.git");
  await expect(full.run(LOCAL)).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining("../fleet.git"),
  });
  expect(await full.list()).toEqual([]);
  const other = await place();
  await mkdir(`${other.dir}.git`);
  await expect(other.run(LOCAL)).rejects.toMatchObject({ code: "refused" });
});

test("nothing is written through a link that leads out of the folder", async () => {
  const { run, dir } = await place({ files: {} });
  const outside = join(dirname(dir), "outside");
  await mkdir(outside);
  await symlink(outside, join(dir, "agents"));
  const { kept } = await run();
  expect(kept).toEqual(["agents/newcomer.md"]);
  expect(await readdir(outside)).toEqual([]);
});

test("a file that appears between looking and writing is not overwritten", async () => {
  const { kit, save, read } = await place({ files: {} });
  const { steps } = starterFor(await kit.look("blank"), BLANK);
  await save({ "agents/newcomer.md": "mine\n" });
  const write = steps.find((s) => s.kind === "write");
  if (write === undefined) throw new Error("nothing to write");
  await expect(kit.take(write)).rejects.toMatchObject({ code: "refused" });
  expect(await read("agents/newcomer.md")).toBe("mine\n");
});

test("a folder inside of a repository, and a bare repository, are refused", async () => {
  const { dir, env } = await place({ files: { "sub/x.md": "x\n" } });
  const look = (at: string): Promise<unknown> =>
    kitIn({ dir: at, env, templates: "templates", schemas: "docs/schema" }).look("blank");
  await expect(look(join(dir, "sub"))).rejects.toMatchObject({
    code: "refused",
    next: expect.stringContaining(dir),
  });
  await expect(look(join(dirname(dir), "origin.git"))).rejects.toMatchObject({ code: "refused" });
  await expect(look(join(dir, "gone"))).rejects.toMatchObject({ code: "git" });
});

test("a person without an e-mail is told how to set it, before anything is written", async () => {
  const { run, git, list } = await place();
  await git("config", "--global", "--unset", "user.email");
  await expect(run()).rejects.toMatchObject({ code: "refused", next: expect.stringContaining("user.email") });
  expect(await list()).toEqual([]);
});

test.each([
  ["ann.lee@example.com", null, "ann-lee"],
  ["12345+ann@users.noreply.github.com", null, "ann"],
  ["ann+git@example.com", null, "ann"],
  ["_@example.com", "Ånn Lée", "ann-lee"],
])("%s and the name %s give a login", (email, name, login) => {
  expect(founderOf({ email, name }, undefined)).toEqual({ login, email });
});

test("the fleet's own account is nobody's login; one that was asked for comes first", () => {
  const identity = { email: "pullbeat@example.com", name: "Ann" };
  expect(() => founderOf(identity, undefined)).toThrow("the fleet's own account");
  expect(() => founderOf(identity, Login.parse("PullBeat"))).toThrow("the fleet's own account");
  expect(founderOf(identity, Login.parse("ann"))).toMatchObject({ login: "ann" });
  expect(() => founderOf({ email: "_@example.com", name: "李" }, undefined)).toThrow("no account name");
});

test("whatever stands before the @, a login is an account name, or asked for", () => {
  fc.assert(
    fc.property(fc.emailAddress(), fc.string(), (email, name) => {
      try {
        expect(Login.safeParse(founderOf({ email, name }, undefined).login).success).toBe(true);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: "refused" });
      }
    }),
  );
});

const open = (): Promise<never> => Promise.reject(new Error("init opens no world"));

/** Somebody at the command line; `shown` takes what was printed since. */
function sit(dir: string, json: boolean): { shell: Shell; shown: () => string } {
  const stdout = new PassThrough();
  const terminal = openTerminal({ stdout, stderr: new PassThrough(), env: {} });
  const shell = { dir, json, now: null, terminal, open, email: async () => null };
  return { shell, shown: () => String(stdout.read() ?? "") };
}

test("the command says what it wrote, what it kept and what to type next; under --json too", async () => {
  const { dir, env, save, read } = await place();
  await save({ "agents/newcomer.md": "mine\n" });
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const dry = sit(dir, true);
  expect(await command(dry.shell, [], { dryRun: true })).toBe(0);
  expect(JSON.parse(dry.shown())).toMatchObject({
    template: "blank",
    dryRun: true,
    branch: "main",
    written: expect.arrayContaining([CONFIG]),
    kept: ["agents/newcomer.md"],
    did: [{ kind: "init" }, { kind: "write" }, { kind: "commit" }],
    next: [
      { command: "pullbeat init --remote local" },
      { command: "pullbeat plan" },
      { command: "pullbeat tick" },
    ],
  });
  const real = sit(dir, false);
  expect(await command(real.shell, [], { remote: "local", login: "annie" })).toBe(0);
  vi.unstubAllEnvs();
  const shown = real.shown();
  expect(shown).toMatch(/^wrote +\.github\/: .*pullbeat\.yml$/m);
  expect(shown).toMatch(/^kept +agents\/newcomer\.md: yours differs/m);
  expect(shown).toMatch(/^did +main pushed to origin$/m);
  expect(shown).toMatch(/^Next:\n {2}pullbeat check /m);
  expect(await read(CONFIG)).toContain('login: "annie"');
});

test.each([
  [{ template: "nope" }, "one of blank, studio"],
  [{ remote: "github" }, "local: a bare repository beside the folder"],
  [{ login: "-a" }, "letters, digits and hyphens between them, at most 39"],
])("the mistake in %j is a mistake on the command line", async (options, expected) => {
  await expect(command(sit(".", false).shell, [], options)).rejects.toMatchObject({
    code: "usage",
    expected,
  });
});
