import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { json, pullbeat, typed, type Ran } from "./cli.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\npriority: high # soon\n"),
};

const fleetOf = (files = {}): Promise<FleetWorld> => makeFleet({ files: { ...FILES, ...files } });

const refsOf = ({ far }: World): Promise<string> => far("for-each-ref");

test("an edit changes the bytes of its fields, and no others: comments, order, endings", async () => {
  const text =
    "---\r\n# a note\r\nid: crlf\r\ntitle: 'It''s \"this\"'   # said so\r\nagent: writer\r\npriority:   high   # soon\r\nneeds: []\r\n---\r\n## Brief\r\nDo it.\r\n";
  const fleet = await fleetOf({ "board/crlf.md": text });
  const { value } = await typed(fleet, ["task", "edit", "crlf", "--priority", "low", "--status", "dropped"]);
  expect(value).toMatchObject({
    changed: true,
    fields: { priority: "low", status: "dropped" },
    pushed: true,
  });
  expect(await fleet.file("board/crlf.md")).toBe(
    text.replace("high", "low").replace("needs: []\r\n", "needs: []\r\nstatus: dropped\r\n"),
  );
  expect(await typed(fleet, ["task", "edit", "crlf", "--priority", "low"])).toEqual({
    code: 0,
    value: { id: "crlf", changed: false, fields: { priority: "low" } },
  });
});

test("a file with changes of one's own is edited where it lies, and not committed", async () => {
  const fleet = await fleetOf();
  const before = await refsOf(fleet);
  await appendFile(join(fleet.clone, "board/one.md"), "More to come.\n");
  await writeFile(join(fleet.clone, "board/two.md"), taskText("two", "writer"));
  for (const id of ["one", "two"])
    expect(await typed(fleet, ["task", "edit", id, "--priority", "low"])).toMatchObject({
      code: 0,
      value: { onDisk: "uncommitted", commit: null, pushed: false },
    });
  expect(await readFile(join(fleet.clone, "board/one.md"), "utf8")).toBe(
    `${FILES["board/one.md"].replace("high", "low")}More to come.\n`,
  );
  await fleet.git("commit", "--quiet", "--message", "mine", "board/one.md");
  expect((await typed(fleet, ["task", "edit", "one", "--priority", "urgent"])).value).toMatchObject({
    onDisk: "not pushed",
  });
  expect(await refsOf(fleet)).toBe(before);
});

test("a file that is gone from the folder is not brought back behind one's back", async () => {
  const fleet = await fleetOf();
  await fleet.git("rm", "--quiet", "board/one.md");
  expect(await typed(fleet, ["task", "edit", "one", "--priority", "low"])).toMatchObject({
    code: 2,
    value: { error: { code: "refused", next: expect.stringContaining("git restore board/one.md") } },
  });
});

/** `pullbeat <args>` with an editor that does what a shell command does to the file. */
const edited = (world: World, command: string, ...args: string[]): Promise<Ran> =>
  pullbeat(world, args, { env: { EDITOR: command } });

const keptIn = (world: World): Promise<string[]> => readdir(join(world.clone, ".git/pullbeat"));

test("what the editor leaves is what is pushed, and nothing is left lying about", async () => {
  const world = await makeWorld({ files: FILES });
  const { code, out } = await edited(world, "sed -i s/high/urgent/", "task", "edit", "one", "--edit");
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(
      /^board\/one\.md: pushed to main as [0-9a-f]{7}\n- priority: high # soon\n\+ priority: urgent # soon\n$/,
    ),
  });
  expect(await world.file("board/one.md")).toBe(FILES["board/one.md"].replace("high", "urgent"));
  expect((await edited(world, "true", "task", "edit", "one", "--edit")).out).toBe("one: nothing to change\n");
  expect(await edited(world, "false", "task", "edit", "one", "--edit")).toMatchObject({
    code: 2,
    err: expect.stringContaining("nothing was written"),
  });
  expect(await keptIn(world)).toEqual([]);
});

test("a text that does not parse any more is refused by its place, kept, named, and taken once it is mended", async () => {
  const world = await makeWorld({ files: FILES });
  const before = await refsOf(world);
  const { code, err } = await edited(world, "sed -i s/^title:/titel:/", "task", "edit", "one", "--edit");
  expect(code).toBe(2);
  expect(err).toContain('board/one.md:3:1: unknown key "titel"; did you mean title?');
  expect(await refsOf(world)).toBe(before);
  expect(await world.git("status", "--porcelain")).toBe("");
  const [, command = "", file = ""] = /then pullbeat (task edit one --file (\S+))/.exec(err) ?? [];
  expect(await readFile(file, "utf8")).toBe(FILES["board/one.md"].replace("title:", "titel:"));
  await writeFile(file, FILES["board/one.md"].replace("Do it.", "Do it well."));
  expect((await pullbeat(world, command.split(" "))).code).toBe(0);
  expect(await world.file("board/one.md")).toContain("Do it well.");
});

test("a new task that somebody spoils in the editor is kept too, with where it was to go", async () => {
  const world = await makeWorld({ files: FILES });
  const { code, err } = await edited(
    world,
    "sed -i s/^agent:.*/agent:/",
    "task",
    "new",
    "t",
    "--id",
    "two",
    "--edit",
  );
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringMatching(
      /your text lies in \S+\/\.git\/pullbeat\/task-two\.md: .* to board\/two-t\.md/,
    ),
  });
  expect(await keptIn(world)).toEqual(["task-two.md"]);
  expect((await edited(world, "true", "task", "new", "t", "--id", "two", "--edit")).code).toBe(0);
  expect(await keptIn(world)).toEqual(["task-two.md"]);
});

test("a task that cannot be read can be mended by name", async () => {
  const broken = FILES["board/one.md"].replace("agent: writer", "agent: [");
  const world = await makeWorld({ files: { ...FILES, "board/one.md": broken } });
  expect(await json(world, ["task", "edit", "one", "--priority", "low"])).toMatchObject({ code: 2 });
  const { code } = await edited(world, "sed -i 's/[[]$/writer/'", "task", "edit", "one", "--edit");
  expect(code).toBe(0);
  expect(await world.file("board/one.md")).toBe(FILES["board/one.md"]);
});

test("an emptied file ends the edit, as with git", async () => {
  const world = await makeWorld({ files: FILES });
  const emptied = await edited(world, "truncate -s 0", "task", "edit", "one", "--edit");
  expect(emptied).toMatchObject({ code: 2, err: expect.stringContaining("the file is empty") });
});

test("a file that others changed while it lay in the editor is not written over", async () => {
  const world = await makeWorld({ files: FILES });
  const push = `git -C ${world.dir}/bea commit -qam theirs && git -C ${world.dir}/bea push -q && sed -i s/high/low/`;
  await world.git("clone", "--quiet", world.origin, join(world.dir, "bea"));
  await appendFile(join(world.dir, "bea/board/one.md"), "Theirs.\n");
  // Pushed between reading and writing: the first push of ours loses.
  const { code, err } = await edited(world, push, "task", "edit", "one", "--edit");
  expect(code).toBe(2);
  expect(err).toContain("was changed by others while you edited it");
  expect(err).toContain("your text lies in");
  expect(await world.file("board/one.md")).toBe(`${FILES["board/one.md"]}Theirs.\n`);
});

test("a task whose file has gone from board and folder is not found", async () => {
  const fleet = await fleetOf();
  await rm(join(fleet.clone, "board/one.md"));
  await fleet.git("commit", "--quiet", "--all", "--message", "gone");
  await fleet.git("push", "--quiet");
  expect(await typed(fleet, ["task", "edit", "one", "--priority", "low"])).toMatchObject({
    code: 2,
    value: { error: { code: "not-found" } },
  });
});
