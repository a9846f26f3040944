import { expect, test } from "vitest";
import type { Desk } from "../../src/port/tool.ts";
import { toolbox } from "../../src/tool/index.ts";
import { deskOf, FILES } from "../job.ts";

const { read, list, search } = toolbox.tools;
const run = (tool: typeof read, args: unknown, desk: Desk): Promise<string> =>
  tool.run(tool.arguments.parse(args), desk);

test("read shows a file byte for byte under one line that says what it is", async () => {
  expect(await run(read, { path: "pages/roofing.md" }, deskOf())).toBe(
    "pages/roofing.md, lines 1-3 of 3\n\n# Roofing\n\nCall us today.\n",
  );
});

test("read shows the lines that were asked for and says how to go on", async () => {
  expect(await run(read, { path: "pages/roofing.md", from: 2, lines: 1 }, deskOf())).toBe(
    "pages/roofing.md, lines 2-2 of 3; go on with from: 3\n\n\n",
  );
  expect(await run(read, { path: "pages/roofing.md", from: 9 }, deskOf())).toContain("there is no line 9");
});

test("a long file comes in pages that hold all of it and nothing twice", async () => {
  const text = Array.from({ length: 3000 }, (_, i) => `line ${i} ${"ä".repeat(i % 40)}\n`).join("");
  const desk = deskOf({ files: { ...FILES, "pages/long.md": text } });
  let got = "";
  for (let from = 1; from !== 0;) {
    const shown = await run(read, { path: "pages/long.md", from, lines: 5000 }, desk);
    const [head = "", ...rest] = shown.split("\n\n");
    got += rest.join("\n\n");
    expect(Buffer.byteLength(shown)).toBeLessThan(17_000);
    from = Number(/go on with from: (\d+)/.exec(head)?.[1] ?? 0);
  }
  expect(got).toBe(text);
});

test("a line that is longer than a page is cut, and it is said so", async () => {
  const desk = deskOf({ files: { ...FILES, "pages/mini.json": `{"a":"${"😀".repeat(50_000)}"}` } });
  const shown = await run(read, { path: "pages/mini.json" }, desk);
  expect(shown).toContain("only the first 4000 characters of line 1");
  expect(shown.length).toBeLessThan(4200);
  expect(shown.isWellFormed()).toBe(true);
});

test("list shows names of the fence only, under a folder or after a name", async () => {
  const desk = deskOf();
  expect(await run(list, {}, desk)).toBe(
    "board/T-8k2f-roofing.md\npages/roofing.md\nreports/lp/old.md\nsheets/log.csv",
  );
  expect(await run(list, { under: "reports/" }, desk)).toBe("reports/lp/old.md");
  expect(await run(list, { after: "pages/roofing.md" }, desk)).toBe("reports/lp/old.md\nsheets/log.csv");
  for (const under of ["secret", "..", "/", "agents", ".git", "report"])
    expect(await run(list, { under }, desk), under).toBe("There are no such files among those you may see.");
});

test("a long list says how to go on", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 310 }, (_, i) => [`pages/${String(i).padStart(3, "0")}.md`, "x"]),
  );
  const desk = deskOf({ files: many });
  const first = await run(list, {}, desk);
  expect(first).toContain('10 more; go on with after: "pages/299.md"');
  expect((await run(list, { after: "pages/299.md" }, desk)).split("\n")).toHaveLength(10);
});

test("search finds plain text with its line, and nothing outside the fence", async () => {
  const desk = deskOf();
  expect(await run(search, { text: "Call us" }, desk)).toBe("pages/roofing.md:3: Call us today.");
  expect(await run(search, { text: "call US" }, desk)).toBe("Nothing found.");
  expect(await run(search, { text: "call US", any_case: true }, desk)).toContain("pages/roofing.md:3");
  expect(await run(search, { text: "hunter2" }, desk)).toBe("Nothing found.");
  expect(await run(search, { text: ".*" }, desk)).toBe("Nothing found.");
  expect(await run(search, { text: "o", under: "reports" }, desk)).toBe("reports/lp/old.md:1: # Old report");
});

test("only files of which a line was shown count as shown", async () => {
  const desk = deskOf();
  await run(search, { text: "Call us" }, desk);
  expect(desk.saw.map((s) => s.path)).toEqual(["pages/roofing.md"]);
});

test("a search with very many hits is cut, and it is said so", async () => {
  const desk = deskOf({ files: { "pages/a.md": "hit\n".repeat(500), "pages/b.md": "hit\n" } });
  const found = await run(search, { text: "hit" }, desk);
  expect(found.split("\n").filter((l) => l.startsWith("pages/"))).toHaveLength(60);
  expect(found).toContain("There may be more");
});

test("a hit in a very long line shows its surroundings only", async () => {
  const desk = deskOf({ files: { "pages/a.md": `${"x".repeat(9000)}needle${"y".repeat(9000)}` } });
  const found = await run(search, { text: "needle" }, desk);
  expect(found).toContain("needle");
  expect(found.length).toBeLessThan(400);
});
