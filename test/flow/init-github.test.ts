import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { init as command } from "../../src/cli/init.ts";
import { workflows } from "../../src/cli/workflows.ts";
import type { Shell } from "../../src/cli/shell.ts";
import { WORKFLOWS } from "../../src/domain/actions/files.ts";
import { actionSource, type ActionSource } from "../../src/domain/actions/pins.ts";
import type { Starter, Wish } from "../../src/domain/starter/starter.ts";
import { isOnGithub } from "../../src/domain/starter/starter-hub.ts";
import { init } from "../../src/flow/init.ts";
import { kitIn } from "../../src/store/starter.ts";
import { quietTerminal } from "../cli/cli.ts";
import { makeWorld, type Files } from "../world.ts";

const CONFIG = ".github/pullbeat.yml";
const [TICK = ""] = WORKFLOWS;
const FOLDERS = [".github/workflows", ".github/ISSUE_TEMPLATE"];
const SAID = `acme/pullbeat@${"a".repeat(40)} # v0.1.0`;
const now = new Date("2026-11-22T09:00:00Z");

interface Place {
  dir: string;
  env: Record<string, string>;
  run: (source: ActionSource | null, template?: Wish["template"]) => Promise<Starter>;
  git: (...args: string[]) => Promise<string>;
  save: (files: Files) => Promise<void>;
  read: (path: string) => Promise<string | null>;
}

async function place(): Promise<Place> {
  const world = await makeWorld();
  const dir = join(world.dir, "fleet");
  await mkdir(dir);
  const { env } = world;
  const kit = kitIn({ dir, env, templates: "templates", schemas: "docs/schema" });
  return {
    dir,
    env,
    run: (source, template = "blank") =>
      init(kit, { template, local: false, github: { source, now } }, { dry: false }),
    git: async (...args) => (await promisify(execFile)("git", args, { cwd: dir, env })).stdout.trim(),
    async save(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(join(dir, dirname(path)), { recursive: true });
        await writeFile(join(dir, path), text ?? "");
      }
    },
    read: (path) => readFile(join(dir, path), "utf8").catch(() => null),
  };
}

/** Somebody at the command line; `answer` is what they say when they are asked. */
function sit(dir: string, answer: string | null = null): Shell & { asked: string[]; said: () => string } {
  const terminal = quietTerminal();
  const asked: string[] = [];
  const open = (): Promise<never> => Promise.reject(new Error("no world is opened"));
  const ask = async (question: string): Promise<string | null> => {
    asked.push(question);
    return answer;
  };
  const said = (): string => terminal.lines.join("\n");
  return { dir, json: false, now, terminal, open, email: async () => null, ask, asked, said };
}

test("on GitHub a beginning holds the workflows, by the template's own slots, and tells the month", async () => {
  const { run, git, read, dir, env } = await place();
  const starter = await run(actionSource(SAID), "studio");
  expect(await git("status", "--porcelain")).toBe("");
  expect(await git("ls-tree", "-r", "--name-only", "HEAD", ...FOLDERS)).toBe(WORKFLOWS.toSorted().join("\n"));
  expect(await read(CONFIG)).toContain('\nforge: { kind: github, account: "github-actions[bot]"');
  expect(await read(TICK)).toContain(`uses: ${SAID}`);
  const crons = (await read(TICK))?.match(/- cron: "(.*)"/g) ?? [];
  expect(crons).toEqual(starter.month?.crons.map((cron) => `- cron: "${cron}"`));
  expect(crons.length).toBeLessThanOrEqual(8);
  expect(starter.month).toMatchObject({ days: 30, minutes: expect.any(Number) });
  expect(starter.next.map((n) => n.command)).toEqual([
    expect.stringContaining("gh repo create"),
    "GITHUB_TOKEN=$(gh auth token) pullbeat doctor",
  ]);
  // What was written is what `pullbeat workflows` would write.
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  expect(await workflows(sit(dir), [], { dryRun: true })).toBe(0);
  expect(await run(null, "studio")).toMatchObject({ steps: [], kept: [] });
});

test("where no release is known, no workflow is written that could not run, and the command for later is told", async () => {
  const { run, read } = await place();
  const starter = await run(null);
  expect(await Promise.all(WORKFLOWS.map(read))).toEqual(WORKFLOWS.map(() => null));
  expect(starter.notes[0]).toMatch(/no workflow was written.*pullbeat workflows --action/);
  expect(starter.next.map((n) => n.command)).toContain(
    'pullbeat workflows --action "<owner>/pullbeat@<full commit id> # v0.1.0"',
  );
  expect(starter.month?.crons).toHaveLength(1);
});

test("a person's files stay: the config, a spec and a workflow of the same name", async () => {
  const { run, save, read, git, dir, env } = await place();
  await git("init", "--quiet");
  const config = "version: 1\nroster: [{ login: ann }]\n";
  await save({ [CONFIG]: config, [TICK]: "name: mine\n" });
  const starter = await run(actionSource(SAID));
  expect(starter.kept.toSorted()).toEqual([CONFIG, TICK].toSorted());
  expect([await read(CONFIG), await read(TICK)]).toEqual([config, "name: mine\n"]);
  expect(starter.notes).toContainEqual(expect.stringContaining("keeps pulls in the remote"));
  // Neither does the command that brings workflows up to date touch it.
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  await expect(workflows(sit(dir), [], { action: SAID })).rejects.toMatchObject({ code: "refused" });
  expect(await read(TICK)).toBe("name: mine\n");
});

test("a config that cannot be read makes no workflow", async () => {
  const { run, save, read } = await place();
  await save({ [CONFIG]: "version: 7\n" });
  const { notes } = await run(actionSource(SAID));
  expect([await read(TICK), notes]).toEqual([
    null,
    expect.arrayContaining([expect.stringContaining("cannot be read")]),
  ]);
});

test("who sits at a clone of GitHub's is asked once; yes and no are kept to, and a flag asks nothing", async () => {
  const remote = "git@github.com:acme/fleet.git";
  for (const [answer, forge] of [
    ["y", "github"],
    ["", "local"],
    [null, "local"],
  ] as const) {
    const { git, dir, read, env } = await place();
    await git("init", "--quiet");
    await git("remote", "add", "origin", remote);
    for (const [name, value] of Object.entries({ ...env, GIT_SSH_COMMAND: "false" })) vi.stubEnv(name, value);
    const shell = sit(dir, answer);
    expect(await command(shell, [], {})).toBe(0);
    expect(shell.asked).toEqual([expect.stringContaining(remote)]);
    expect(await read(CONFIG)).toContain(`forge: { kind: ${forge}`);
    const again = sit(dir, "y");
    await command(again, [], {});
    const told = sit(dir, "y");
    await command(told, [], { github: false, dryRun: true });
    expect([...again.asked, ...told.asked]).toEqual([]);
  }
});

test.each([
  ["https://github.com/acme/fleet", true],
  ["https://token@github.com/acme/fleet.git", true],
  ["git@github.com:acme/fleet.git", true],
  ["ssh://git@ssh.github.com:443/acme/fleet.git", true],
  ["https://github.com.evil.example/acme/fleet", false],
  ["https://example.com/github.com/fleet", false],
  ["../fleet.git", false],
])("%s is on GitHub: %s", (url, is) => {
  expect(isOnGithub(url)).toBe(is);
});
