import { existsSync, globSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeMatter, editMatter, replaceValue } from "../../src/store/edit.ts";
import { readMatter } from "../../src/store/matter.ts";

const TASKS = "../shared/cases/tasks";

/** The data and body of a text that must be readable. */
function read(text: string): { data: Record<string, unknown>; body: string } {
  const matter = readMatter("x.md", text);
  if ("rule" in matter || matter.data === null) throw new Error(`not readable: ${JSON.stringify(matter)}`);
  return { data: matter.data, body: matter.body };
}

test.each([
  ["a plain value", "a: 1\nstatus: todo\nb: 2\n", "a: 1\nstatus: done\nb: 2\n"],
  ["a comment behind it", "status: todo   # open\n", "status: done   # open\n"],
  ["comments around it", "# one\nstatus: todo\n# two\n", "# one\nstatus: done\n# two\n"],
  ["its double quotes", 'status: "todo"\n', 'status: "done"\n'],
  ["its single quotes", "status: 'todo' # x\n", "status: 'done' # x\n"],
  ["a quoted key", '"status": todo\n', '"status": done\n'],
  ["odd spaces", "status :   todo  \n", "status :   done  \n"],
  ["a value that was left out", "status:\na: 1\n", "status: done\na: 1\n"],
  ["a comment where the value was left out", "status:  # soon\na: 1\n", "status: done  # soon\na: 1\n"],
  ["a value on the next line", "status:\n  todo\na: 1\n", "status:\n  done\na: 1\n"],
  ["lines behind a block of text", "status: |\n  to\n  do\n\n# end\na: 1\n", "status: done\n\n# end\na: 1\n"],
  ["a flow mapping", "{ a: 1, status: todo, b: 2 }\n", '{ a: 1, status: "done", b: 2 }\n'],
  ["what stands in a flow mapping already", "{ a: 1, }\n", '{status: "done",  a: 1, }\n'],
  ["an empty flow mapping", "{}\n", '{status: "done"}\n'],
  ["an indented mapping", "  a: 1\n  b: 2\n", "  a: 1\n  b: 2\n  status: done\n"],
  ["comments at the end", "a: 1\n# end\n", "a: 1\n# end\nstatus: done\n"],
  ["Windows' line ends", "a: 1\r\n", "a: 1\r\nstatus: done\r\n"],
  ["a kept block of text at the end", "a: |+\n  x\n\n", "a: |+\n  x\n\nstatus: done\n"],
])("an edit leaves %s alone", (_, before, after) => {
  const newline = before.includes("\r") ? "\r\n" : "\n";
  const wrap = (yaml: string): string => `---${newline}${yaml}---${newline}body ${newline}`;
  expect(editMatter(wrap(before), { status: "done" })).toBe(wrap(after));
});

test("a byte order mark and spaces behind the fence stay", () => {
  expect(editMatter("\uFEFF--- \na: 1\n---  \nx", { a: 2 })).toBe("\uFEFF--- \na: 2\n---  \nx");
});

test("what is so already is not written again", () => {
  const text = "---\nstatus: |-\n  done\ncount: 0x10\n---\n";
  expect(editMatter(text, { status: "done", count: 16 })).toBe(text);
});

test("several fields are set at once, new ones in the order given", () => {
  const text = "---\nid: T-8k2f\nstatus: todo\n---\n";
  expect(editMatter(text, { result: "pass", status: "done", depth: 2 })).toBe(
    "---\nid: T-8k2f\nstatus: done\nresult: pass\ndepth: 2\n---\n",
  );
});

test.each(["no front matter", "---\na: @x\n---\n", "---\na: 1\n", "---js\n{}\n---\n", "---\n- a\n---\n"])(
  "%j cannot be edited",
  (text) => expect(() => editMatter(text, { a: "b" })).toThrow(expect.objectContaining({ code: "refused" })),
);

test("an edit that would not read back as meant is refused", () => {
  for (const text of ["---\na: !!str x\n---\n", "---\n? a\n---\n"])
    expect(() => editMatter(text, { a: 4 })).toThrow("the field a cannot be edited where it stands");
});

const AWKWARD = [
  "",
  " ",
  "a: b",
  "# x",
  "x # y",
  "@ann",
  "- a",
  "---",
  "...",
  "true",
  "null",
  "017",
  "1:30",
  "it's",
  '"',
  "a\nb",
  "a\r\nb",
  "\t",
  "\u2028",
  "\u0085",
  "\uFEFF",
  "\x7f",
  "\ud800",
  "[x]",
  "{x}",
  "a, b",
  "*a",
  "&a",
  "!a",
  "%a",
  "|",
  ">",
  "漢字",
  "__proto__",
];
const value = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.integer(),
  fc.boolean(),
);
const key = fc.constantFrom("id", "title", "status", "agent", "result", "due");

test("composed text reads back as what went in, whatever it was", () => {
  const nested = fc.oneof(
    value,
    fc.array(value, { maxLength: 5 }),
    fc.dictionary(key, value, { maxKeys: 3 }),
  );
  fc.assert(
    fc.property(fc.dictionary(key, nested, { noNullPrototype: true }), fc.string(), (fields, body) => {
      expect(read(composeMatter(fields, body))).toEqual({ data: fields, body });
    }),
    { numRuns: 1000 },
  );
});

test("an edit changes its field and no other, and nothing outside one stretch of the text", () => {
  const fields = fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(fields, key, value, (before, name, now) => {
      const text = composeMatter(before, "body\n");
      const edited = editMatter(text, { [name]: now });
      expect(read(edited)).toEqual({ data: { ...before, [name]: now }, body: "body\n" });
      expect(otherLines(edited, name)).toEqual(otherLines(text, name));
    }),
    { numRuns: 1000 },
  );
});

const otherLines = (text: string, name: string): string[] =>
  text.split("\n").filter((line) => !line.startsWith(`${name}:`));

test("a new file is written the way people would", () => {
  const fields = {
    id: "T-8k2f",
    title: "Fix: the roofing page",
    kind: undefined,
    needs: ["T-7a1c", { task: "T-7b2d", result: "pass" }],
    due: "2026-11-25",
    produces: [],
    reads: Array.from({ length: 4 }, (_, i) => `reports/landing-pages/${i}/**`),
  };
  expect(composeMatter(fields, "## Brief\n")).toBe(`---
id: T-8k2f
title: "Fix: the roofing page"
needs: [ T-7a1c, { task: T-7b2d, result: pass } ]
due: 2026-11-25
produces: []
reads:
  - reports/landing-pages/0/**
  - reports/landing-pages/1/**
  - reports/landing-pages/2/**
  - reports/landing-pages/3/**
---
## Brief
`);
});

test.each([
  ["a list's item", "p:\n  - a/b.md   # mine\n  - c\n", ["p", 0], "p:\n  - x/*.md   # mine\n  - c\n"],
  [
    "a value in a list of mappings",
    "p:\n  - { path: 'a', n: 1 } # one\n",
    ["p", 0, "path"],
    "p:\n  - { path: 'x/*.md', n: 1 } # one\n",
  ],
  ["an item in brackets", "p: [ a , b ]\n", ["p", 1], "p: [ a , x/*.md ]\n"],
  [
    "a nested value in block style",
    "p:\n  - path: a\n    n: 1\n",
    ["p", 0, "path"],
    "p:\n  - path: x/*.md\n    n: 1\n",
  ],
] as const)("a replacement of %s leaves the rest alone", (_, before, at, after) => {
  expect(replaceValue(`---\n${before}---\n`, at, "x/*.md")).toBe(`---\n${after}---\n`);
});

test("whatever text replaces a value is read back, and everything else as it was", () => {
  const text = "---\na: [one, 'two', \"three\"] # all\nb:\n  - { c: four, d: 5 }\n  - six\n---\nbody\n";
  const places = [
    ["a", 0],
    ["a", 1],
    ["a", 2],
    ["b", 0, "c"],
    ["b", 1],
  ] as const;
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.string({ unit: "grapheme", minLength: 1 }), (at, put) => {
      const { data, body } = read(replaceValue(text, at, put));
      const all = [...Object(data).a, Object(data).b[0].c, Object(data).b[0].d, Object(data).b[1]];
      const expected: unknown[] = ["one", "two", "three", "four", 5, "six"];
      expected[at[0] === "a" ? at[1] : at[1] === 0 ? 3 : 5] = put;
      expect({ all, body }).toEqual({ all: expected, body: "body\n" });
    }),
  );
});

test.each([[["p", 5]], [["p"]], [["q", "x"]], [["s", 0]]])("there is nothing to replace at %j", (at) => {
  expect(() => replaceValue("---\np: [a]\ns: text\n---\n", at, "x")).toThrow(/no value at/);
});

test("the same list twice is written out twice", () => {
  const same = ["a"];
  expect(read(composeMatter({ a: same, b: same }, "")).data).toEqual({ a: ["a"], b: ["a"] });
});

describe.runIf(existsSync(TASKS))("task files of others", () => {
  const files = globSync(`${TASKS}/**/*.md`).filter((file) => {
    const matter = readMatter(file, readFileSync(file, "utf8"));
    return "data" in matter && matter.data !== null;
  });

  test.each(files)("%s: setting a field changes only its lines", (file) => {
    const text = readFileSync(file, "utf8");
    const { data } = read(text);
    const scalars = Object.keys(data).filter((name) => typeof data[name] !== "object");
    for (const name of [...scalars, "result"]) {
      const edited = editMatter(text, { [name]: "pullbeat" });
      expect(read(edited).data).toEqual({ ...data, [name]: "pullbeat" });
      const { gone, come } = difference(text, edited);
      expect(come).toMatch(new RegExp(`^${name}: (["']?)pullbeat\\1\r?$`));
      expect(gone).toMatch(name in data ? new RegExp(`^${name}:.*(\n .*)*$`) : /^$/);
    }
  });
});

/** The lines that only the one text has, and those that only the other has; all around them is the same. */
function difference(before: string, after: string): { gone: string; come: string } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const start = old.findIndex((line, i) => line !== now[i]);
  const end = old.toReversed().findIndex((line, i) => line !== now.at(-1 - i));
  const pick = (lines: string[]): string =>
    lines.slice(start, Math.max(start, lines.length - end)).join("\n");
  return { gone: pick(old), come: pick(now) };
}
