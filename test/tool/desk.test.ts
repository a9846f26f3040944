import { describe, expect, test } from "vitest";
import { ToolError } from "../../src/port/tool.ts";
import { deskOf, FILES, TASK } from "../job.ts";

const NEW = "reports/lp/roofing.md";
const OWN = "board/T-8k2f-roofing.md";

test("an agent sees the board, what it reads and what it produces, and no other name", () => {
  expect(deskOf().visible()).toEqual([OWN, "pages/roofing.md", "reports/lp/old.md", "sheets/log.csv"]);
});

test("names of the tree that no file system or reader can trust are not shown", () => {
  const odd = ["pages/.git/config", "pages/a\nb.md", "pages/\u202Egnp.md", "pages/-rf.md", "pages/con.md"];
  const desk = deskOf({ files: { ...FILES, ...Object.fromEntries(odd.map((path) => [path, "x"])) } });
  expect(desk.visible()).toEqual(deskOf().visible());
});

test("what may not be seen is refused in the same words as what does not exist", async () => {
  const desk = deskOf();
  const words = async (path: string): Promise<string> =>
    desk.read(path).then(
      () => "shown",
      (error: unknown) => String(error).replace(path, "X"),
    );
  expect(await words("secret/keys.txt")).toBe(await words("secret/nothing.txt"));
  expect(await desk.scan("secret/keys.txt")).toBeNull();
});

test("what was written is read back, and the tree stays as it was", async () => {
  const desk = deskOf();
  await desk.write(NEW, "# Roofing: B\n");
  expect(await desk.read(NEW)).toBe("# Roofing: B\n");
  expect(desk.visible()).toContain(NEW);
  expect([...desk.edits.keys()]).toEqual([NEW]);
  expect(desk.job.tree.entries.some((e) => e.path === NEW)).toBe(false);
});

test("every version of a file that was shown is in the lineage once; own texts and searched files are not", async () => {
  const desk = deskOf();
  await desk.read("pages/roofing.md");
  await desk.read("pages/roofing.md");
  await desk.scan("sheets/log.csv");
  await desk.write(NEW, "x");
  await desk.read(NEW);
  expect(desk.saw.map((s) => s.path)).toEqual(["pages/roofing.md"]);
});

test("a file that is not text is named and not shown", async () => {
  const desk = deskOf({ files: { ...FILES, "pages/logo.png": new Uint8Array([137, 80, 0, 255]) } });
  await expect(desk.read("pages/logo.png")).rejects.toThrow("is not text");
});

describe("the fence, from a state in which writing works", () => {
  const refused: [string, string][] = [
    ["climbs out", "reports/lp/../../secret/keys.md"],
    ["climbs out at once", "../outside.md"],
    ["is absolute", "/etc/reports/lp/x.md"],
    ["starts with a dot part", "./reports/lp/x.md"],
    ["is git's own folder", ".git/config"],
    ["is git's own folder in other case", ".GIT/hooks/pre-commit"],
    ["is git's folder by its short name on Windows", "git~1/config"],
    ["is git's folder to HFS, which drops joiners", "reports/lp/.g\u200Cit/config.md"],
    ["is git's folder to NTFS, which cuts streams", "reports/lp/.git::$INDEX_ALLOCATION/x.md"],
    ["hides a backslash", "reports\\lp\\x.md"],
    ["ends in a dot, which Windows drops", "reports/lp./x.md"],
    ["is another agent's product", "reports/seo/x.md"],
    ["is only read", "pages/roofing.md"],
    ["is outside everything", "secret/keys.txt"],
    ["is a spec", "agents/lp-tester.md"],
    ["is a directive", "board/directives/mine.md"],
    ["is another task's file", "board/T-7a2c-other.md"],
    ["is the workflow", ".github/workflows/tick.yml"],
    ["is empty", ""],
    ["holds a line break", "reports/lp/a\n.md"],
    ["holds half a character", "reports/lp/\uD800.md"],
  ];
  test.each(refused)("a path that %s is not written", async (_, path) => {
    const desk = deskOf();
    await desk.write(NEW, "works");
    await expect(desk.write(path, "attack")).rejects.toThrow(ToolError);
    expect([...desk.edits]).toEqual([[NEW, "works"]]);
  });

  test("protected paths are not written, even when the spec produces them", async () => {
    const desk = deskOf({ spec: { produces: ["**"] }, config: { protect: ["pages/legal/**"] } });
    await desk.write("pages/new.md", "works");
    const held = [
      "pages/legal/terms.md",
      "agents/x.md",
      "AGENTS.md",
      "digest/2026-11-22.md",
      "src/.gitattributes",
    ];
    for (const path of held) await expect(desk.write(path, "attack"), path).rejects.toThrow("protected");
    expect([...desk.edits.keys()]).toEqual(["pages/new.md"]);
  });

  test("nothing is written to a link, through a link, or into a submodule", async () => {
    const files = {
      ...FILES,
      "reports/lp/link.md": ["120000", "../../secret/keys.txt"],
      "reports/out": ["120000", "../secret"],
      "reports/sub": ["160000", ""],
    } as const;
    const desk = deskOf({ files, spec: { produces: ["reports/**"] } });
    await desk.write("reports/fine.md", "works");
    for (const path of [
      "reports/lp/link.md",
      "reports/out",
      "reports/out/x.md",
      "reports/sub",
      "reports/sub/x.md",
    ])
      await expect(desk.write(path, "attack"), path).rejects.toThrow(ToolError);
    expect(desk.visible().filter((p) => /link|out|sub/.test(p))).toEqual([]);
    await expect(desk.read("reports/lp/link.md")).rejects.toThrow(ToolError);
    expect([...desk.edits.keys()]).toEqual(["reports/fine.md"]);
  });

  test.each([
    "reports/lp/OLD.md",
    "reports/LP/new.md",
    "Reports/lp/new.md",
    "reports/lp/old.md/x.md",
    "reports/lp",
  ])("%s does not take the place of another path", async (path) => {
    const desk = deskOf({ spec: { produces: ["**"] } });
    await desk.write("reports/lp/old.md", "works");
    await expect(desk.write(path, "attack")).rejects.toThrow(ToolError);
    expect([...desk.edits.keys()]).toEqual(["reports/lp/old.md"]);
  });

  test("two new files do not differ by case alone", async () => {
    const desk = deskOf();
    await desk.write(NEW, "works");
    await expect(desk.write("reports/lp/Roofing.md", "attack")).rejects.toThrow("there already");
  });

  test("a text that no text file can hold is not written", async () => {
    const desk = deskOf();
    await expect(desk.write(NEW, "a\0b")).rejects.toThrow("cannot hold");
    await expect(desk.write(NEW, "a\uD800b")).rejects.toThrow("cannot hold");
    expect(desk.edits.size).toBe(0);
  });
});

test("an append-only file grows, and keeps its old content byte for byte", async () => {
  const desk = deskOf();
  const old = "page,grade\nhome,B\n";
  await desk.write("sheets/log.csv", `${old}roofing,C\n`);
  await desk.write("sheets/log.csv", `${old}roofing,B\n`);
  for (const text of ["", "page,grade\n", old.replace("B", "A"), old.trimEnd(), old.replaceAll("\n", "\r\n")])
    await expect(desk.write("sheets/log.csv", text)).rejects.toThrow("only grows");
  expect(desk.edits.get("sheets/log.csv")).toBe(`${old}roofing,B\n`);
});

test("in a later round an agent may mend the rows that it appended itself", async () => {
  const files = { ...FILES, "sheets/log.csv": "page,grade\nhome,B\nroofing,X\n" };
  const desk = deskOf({ files, base: FILES });
  await desk.write("sheets/log.csv", "page,grade\nhome,B\nroofing,C\n");
  await expect(desk.write("sheets/log.csv", "page,grade\n")).rejects.toThrow("only grows");
});

test("of the task's own file only the body changes", async () => {
  const desk = deskOf();
  await desk.write(OWN, `${TASK}\n## Found\n\nIt is short.\n`);
  const attacks = [
    TASK.replace("agent: lp-tester", "agent: ceo"),
    TASK.replace("---\nid", "---\nstatus: done\nid"),
    TASK.replaceAll("\n", "\r\n"),
    TASK.replace("\n---\n", "\n--- \n"),
    `\uFEFF${TASK}`,
    `\n${TASK}`,
    "## Brief\n",
    "",
  ];
  for (const text of attacks) await expect(desk.write(OWN, text)).rejects.toThrow("front matter");
  expect(desk.edits.get(OWN)).toContain("It is short.");
});

test("the file of a duty is people's order for every time to come: nothing in it changes", async () => {
  const desk = deskOf({ task: { every: "hourly" } });
  for (const text of [`${TASK}\n## Found\n\nIt is short.\n`, `${TASK}\n`])
    await expect(desk.write(OWN, text)).rejects.toThrow("it recurs");
  await expect(desk.write("pages/new.md", "x\n")).rejects.toThrow(/You produce [^;]*$/);
  expect(desk.edits.size).toBe(0);
});
