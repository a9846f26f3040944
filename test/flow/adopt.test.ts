import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { AgentName } from "../../src/domain/id.ts";
import { adopt } from "../../src/flow/adopt/adopt.ts";
import type { Adoption } from "../../src/flow/adopt/adopt-report.ts";
import { check } from "../../src/flow/check.ts";
import { shelfIn } from "../../src/store/adopt.ts";
import { worktreeFleet } from "../../src/store/worktree.ts";
import { makeWorld, type World } from "../world.ts";

const SUBAGENT = "---\nname: writer\ndescription: Writes reports\ntools: Read\n---\n\nYou write.\n";
const TASK = "---\nid: BACK-1\ntitle: Mow\nstatus: Done\nupdated_date: 2025-03-04\n---\n\nDo it.\n";

/** Adopts what the names stand for, in a person's clone. */
async function moveIn(
  { clone, env }: World,
  names: readonly string[],
  { agent = "ann", isDry = false }: { agent?: string; isDry?: boolean } = {},
): Promise<Adoption> {
  const shelf = await shelfIn({ dir: clone, env });
  const fleet = await worktreeFleet({ dir: clone, env });
  return adopt(shelf, fleet, { names, agent: AgentName.parse(agent), isDry });
}

const textIn = (world: World, path: string): Promise<string> => readFile(join(world.clone, path), "utf8");

/** Each file of the fleet with its text. */
async function everything(world: World): Promise<Record<string, string>> {
  const { entries } = await worktreeFleet({ dir: world.clone, env: world.env });
  const paths = entries.map((e) => e.path).filter((path) => /^(?:agents|board)\//.test(path));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await textIn(world, path)] as const)),
  );
}

test("files move in, and a second time nothing changes, not even after the archive moved them on", async () => {
  const world = await makeWorld({
    files: {
      ".claude/agents/w.md": SUBAGENT,
      "backlog/config.yml": "x: 1\n",
      "backlog/tasks/back-1 - Mow.md": TASK,
      "backlog/docs/doc-1.md": "x",
    },
  });
  const first = await moveIn(world, [".claude/agents", "backlog"]);
  expect(first.counts).toMatchObject({ given: 2, created: 2, unchanged: 0, refused: 0 });
  const before = await everything(world);
  expect(Object.keys(before)).toEqual(["agents/writer.md", "board/archive/2025-03/back-1-mow.md"]);
  expect((await moveIn(world, [".claude/agents", "backlog"])).counts).toMatchObject({
    created: 0,
    unchanged: 2,
  });
  expect((await moveIn(world, ["agents", "board"])).counts).toMatchObject({ created: 0, unchanged: 2 });
  await mkdir(join(world.clone, "board/archive/2026-11"));
  await world.git("add", "-A");
  await world.git("mv", "board/archive/2025-03/back-1-mow.md", "board/archive/2026-11/back-1-mow.md");
  expect((await moveIn(world, ["backlog"])).unchanged).toMatchObject([
    { to: "board/archive/2026-11/back-1-mow.md" },
  ]);
});

test("a dry run says the same and writes nothing", async () => {
  const world = await makeWorld({ files: { "w.md": SUBAGENT } });
  const said = await moveIn(world, ["w.md"], { isDry: true });
  expect(await everything(world)).toEqual({});
  expect(await moveIn(world, ["w.md"])).toEqual(said);
});

test("the body stays byte for byte, whatever its line endings and marks", async () => {
  const body = "\r\n# Hi <b>@ann</b> \u202e\u0000".replace("\u0000", "\u200b") + "\r\ncloses #1\r\n\r\n   ";
  const files = {
    "a.md": `\uFEFF---\r\nname: a\r\ndescription: A\r\n---\r\n${body}`,
    "b.md": `\uFEFF# B${body}`,
  };
  const world = await makeWorld({ files });
  expect((await moveIn(world, ["a.md", "b.md"])).counts.created).toBe(2);
  expect((await textIn(world, "agents/a.md")).endsWith(`---\r\n${body}`)).toBe(true);
  expect((await textIn(world, "agents/b.md")).endsWith(`---\r\n# B${body}`)).toBe(true);
});

test("what a person made of a draft stays, and its source counts as moved in", async () => {
  const world = await makeWorld({ files: { "w.md": SUBAGENT } });
  await moveIn(world, ["w.md"]);
  const edited = (await textIn(world, "agents/writer.md")).replace(
    /produces: .*/,
    "produces: [reports/*.md]",
  );
  await writeFile(join(world.clone, "agents/writer.md"), edited);
  expect((await moveIn(world, ["w.md"])).counts).toMatchObject({ unchanged: 1, refused: 0 });
  expect(await textIn(world, "agents/writer.md")).toBe(edited);
});

test("another file at the same place is never written over, and two files that want one name are named", async () => {
  const mine = "---\nname: writer\ndescription: Mine\nengine: { kind: openai }\n---\nMine.\n";
  const world = await makeWorld({
    files: { "agents/writer.md": mine, "w.md": SUBAGENT, "x/a.md": "A", "y/a.md": "B" },
  });
  const { refused, counts } = await moveIn(world, ["w.md", "x/a.md", "y/a.md"]);
  expect(counts).toMatchObject({ given: 3, created: 1, unchanged: 0, refused: 2 });
  expect(refused.map((r) => [r.file, r.rule])).toEqual([
    ["w.md", "adopt/exists"],
    ["y/a.md", "adopt/exists"],
  ]);
  expect(await textIn(world, "agents/writer.md")).toBe(mine);
});

test("a foreign spec that lies in agents/ already is told to move, and stays", async () => {
  const world = await makeWorld({ files: { "agents/writer.md": SUBAGENT } });
  expect((await moveIn(world, ["agents"])).refused).toMatchObject([
    { file: "agents/writer.md", rule: "adopt/in-place" },
  ]);
  expect(await textIn(world, "agents/writer.md")).toBe(SUBAGENT);
});

test("nothing is written through a symbolic link that leads out of the repository", async () => {
  const world = await makeWorld({ files: { "w.md": SUBAGENT, "t.md": TASK } });
  await mkdir(join(world.dir, "outside"));
  await symlink(join(world.dir, "outside"), join(world.clone, "agents"));
  await mkdir(join(world.clone, "board"));
  await symlink(join(world.dir, "outside"), join(world.clone, "board/archive"));
  const { refused } = await moveIn(world, ["w.md", "t.md"]);
  expect(refused.map((r) => r.rule)).toEqual(["adopt/write", "adopt/write"]);
  expect(await readdir(join(world.dir, "outside"))).toEqual([]);
});

test("a file that came meanwhile is not written over", async () => {
  const { clone, env } = await makeWorld({ files: { "agents/a.md": "mine" } });
  const shelf = await shelfIn({ dir: clone, env });
  expect(await shelf.put("agents/a.md", "theirs")).toMatch(/EEXIST/);
  expect(await shelf.read("agents/a.md")).toBe("mine");
});

const HOSTILE: Record<string, string | Uint8Array> = {
  "js.md": "---js\n{ name: process.exit(7) }\n---\nx\n",
  "json.md": '---json\n{ "name": "x" }\n---\nx\n',
  "laughs.md": `---\na: &a [x, x]\n${Array.from({ length: 9 }, (_, i) => `${"bcdefghij"[i]}: [*a, *a]`).join("\n")}\n---\nx\n`,
  "alias.md": "---\nname: &n evil\ndescription: *n\n---\nx\n",
  "anchor.md": "---\nname: x\ndescription: &a b: c\n---\nx\n",
  "tag.md": "---\nname: !!js/function 'x'\n---\nx\n",
  "proto.md": "---\nname: x\n__proto__: { tools: [Read] }\n---\nx\n",
  "open.md": "---\nname: x\n",
  "twice.md": "---\nname: a\nname: b\n---\nx\n",
  "list.md": "---\n- name\n---\nx\n",
  "deep.md": `---\nname: ${"[".repeat(5000)}\n---\nx\n`,
  "wide.md": `---\nname: x\ntools: [${"Read,".repeat(8000)}]\n---\nx\n`,
  "huge.md": `---\nname: x\n---\n${"x".repeat(2_000_000)}`,
  "big-front.md": `---\nname: x\ndescription: "${"y".repeat(40_000)}"\n---\nx\n`,
  "bytes.md": new Uint8Array([0x23, 0x20, 0xff, 0xfe]),
  "nul.md": "# a\n\u0000",
  "nameless.md": "---\nname: 名前\ndescription: x\n---\nx\n",
  "empty.md": " \n",
  "readme/readme.md": "# hi",
  "notes.txt": "You write.",
};
HOSTILE["名前.md"] = HOSTILE["nameless.md"] ?? "";

test("hostile files are refused, each with its place, and nothing of them comes in", async () => {
  const { "readme/readme.md": _, "nameless.md": __, ...files } = HOSTILE;
  const world = await makeWorld({ files });
  const names = Object.keys(files);
  const { counts, refused } = await moveIn(world, [...names, "gone.md", "/dev/null"]);
  expect(counts).toMatchObject({ given: names.length + 2, created: 0, refused: names.length + 2 });
  expect(refused.map((r) => r.file)).toEqual([...names, "gone.md", "/dev/null"]);
  for (const { line, column, message } of refused) {
    expect(line * column).toBeGreaterThan(0);
    expect(message).not.toBe("");
  }
  expect(await everything(world)).toEqual({});
});

test("no word of a source can end a line of the new front matter or start one", async () => {
  const evil = String.raw`"a\nproduces: ['**'] # \u2028 \uD800 {{"`;
  const world = await makeWorld({
    files: { "e.md": `---\nname: e\ntitle: ${evil}\ndescription: ${evil}\n---\nx\n` },
  });
  await moveIn(world, ["e.md"]);
  const { agents, findings } = await worktreeFleet({ dir: world.clone, env: world.env });
  expect(findings).toEqual([]);
  expect(agents.get(AgentName.parse("e"))?.spec).toMatchObject({ produces: [], reads: [] });
});

test("a folder stands for its markdown files, links and READMEs apart; a file is given once", async () => {
  const world = await makeWorld({
    files: { "r/a.md": "A", "r/README.md": "x", "r/b.txt": "x", "r/sub/c.md": "C" },
  });
  await symlink(".", join(world.clone, "r/loop"));
  const { created } = await moveIn(world, ["r", "r/a.md", "./r/sub/../a.md"]);
  expect(created.map((c) => c.from)).toEqual(["r/a.md", "r/sub/c.md"]);
});

const CASES = resolve("../shared/cases");

describe.runIf(existsSync(CASES))("of real specs and a real board", () => {
  test("each file is created, unchanged or refused at a place; then check names only what the files lack", async () => {
    const world = await makeWorld({
      files: { "agents/ann.md": "---\nname: ann\ndescription: Anything\nengine: { kind: openai }\n---\n" },
    });
    const from = join(world.dir, "cases");
    for (const folder of ["specs", "tasks"])
      await cp(join(CASES, folder), join(from, folder), { recursive: true });
    const names: string[] = [];
    for (const name of await readdir(from, { recursive: true }))
      if ((await stat(join(from, name))).isFile()) names.push(join(from, name));
    const first = await moveIn(world, names);
    const { given, created, unchanged, refused } = first.counts;
    expect([given, created + unchanged + refused]).toEqual([names.length, names.length]);
    for (const { file, line, column } of first.refused) {
      expect(names).toContain(file);
      expect((await readFile(file, "utf8")).split("\n")[line - 1]?.length).toBeGreaterThanOrEqual(column - 1);
    }
    for (const { from: source, to } of first.created) {
      const body = /^---[^]*?\n---\n([^]*)$/.exec(await readFile(source, "utf8"))?.[1];
      const made = await textIn(world, to);
      expect(made.endsWith(body ?? (await readFile(source, "utf8")))).toBe(true);
    }
    const fleet = await worktreeFleet({ dir: world.clone, env: world.env });
    const rules = new Set(check(fleet, []).findings.map((f) => f.rule));
    expect([...rules].sort()).toEqual(["spec/unknown-agent", "task/unknown-need"]);
    const again = await moveIn(world, names);
    expect(again.counts).toMatchObject({ created: 0, unchanged: created + unchanged, refused });
  });
});
