import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Task } from "../../src/domain/board/task.ts";
import { parseFile } from "../../src/store/matter.ts";
import { readPlain } from "../../src/store/plain.ts";
import { readYaml } from "../../src/store/yaml.ts";
import { taskText } from "../fleet.ts";

/** What the YAML parser makes of a text; null when it refuses. */
function parsed(source: string): unknown {
  const read = readYaml(source);
  return "message" in read ? null : read.data;
}

let answered = 0;

const agrees = (source: string): void => {
  const plain = readPlain(source);
  if (plain !== null) answered++;
  if (plain !== null) expect({ source, data: plain }).toEqual({ source, data: parsed(source) });
};

/** Characters that mean something in YAML, somewhere, among those that do not. */
const CHARACTERS = [
  ...Array.from("ab09zA -_:#,.[]{}&*!|>'\"%@`?/\\~=+<$();\t"),
  "\u00a0",
  "é",
  "\u2028",
  "\r",
];
const odd = fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 14 });
const WORDS =
  "true False NULL yes No on ~ .inf .NaN 0x1f 0o7 1e3 1_000 -1 +1 1.5 01 2026-11-22 12:30 a: b - x".split(
    " ",
  );
const word = fc.constantFrom(
  ...WORDS,
  "plain",
  "two words",
  "a:b",
  "http://x/y",
  "c #d",
  "it's",
  "T-8k2f",
  "",
);
const scalar = fc.oneof(
  odd,
  word,
  odd.map((s) => `"${s}"`),
  odd.map((s) => `'${s}'`),
  fc.tuple(word, odd).map(([a, b]) => a + b),
);
const key = fc.oneof(fc.constantFrom("id", "when", "a_1"), { weight: 1, arbitrary: word });
/** Lists and mappings on one line, with spaces and commas where they belong and where they do not. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    scalar,
    fc
      .tuple(fc.array(tie("value"), { maxLength: 4 }), fc.constantFrom(", ", ", ", ", ", ",", " ,", ",  "))
      .map(([items, comma]) => `[${items.join(comma)}]`),
    fc
      .tuple(
        fc.array(fc.tuple(key, fc.constantFrom(": ", ": ", ":", " : "), tie("value")), { maxLength: 3 }),
        fc.constantFrom(" ", " ", "", "  "),
      )
      .map(([pairs, space]) => `{${space}${pairs.map((p) => p.join("")).join(", ")}${space}}`),
  ),
}));
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom("id", "title", "needs", "x_1", "a"), value)
      .map(([k, v]) => `${k}: ${v}`),
  },
  odd,
  value.map((v) => `  ${v}`),
  odd.map((s) => `#${s}`),
  fc.constantFrom("id:", "needs:", "  - a", "- b", "", "   - c", "  # c", " # c", "  a: b", "  b: 2/week"),
  value.map((v) => `  - ${v}`),
  fc.tuple(key, value).map(([k, v]) => `  ${k}: ${v}`),
);

test("the quick reader answers as the YAML parser does, or not at all", () => {
  const source = fc.array(line, { maxLength: 4 }).map((lines) => lines.map((l) => `${l}\n`).join(""));
  fc.assert(fc.property(source, agrees), { numRuns: 20_000 });
  expect(answered).toBeGreaterThan(200);
});

test("each character and each pair of them, in every place of a value, is read as the parser reads it", () => {
  for (let code = 0; code < 256; code++) {
    const c = String.fromCharCode(code);
    for (const text of [
      c,
      `a${c}`,
      `a${c}b`,
      `a ${c}b`,
      `a${c} b`,
      `"${c}"`,
      `"a${c}b"`,
      `[${c}]`,
      `[a${c}b]`,
      `[a, ${c}b]`,
      `["${c}", a]`,
      `[a${c}]`,
      `{ a: ${c} }`,
      `{ a: b${c}d }`,
      `{ a: b${c}}`,
      `{ a${c}: b }`,
      `[a b${c}, {a: c}]`,
    ])
      agrees(`key: ${text}\n`);
  }
  for (const a of CHARACTERS)
    for (const b of CHARACTERS) for (const s of ["", "x"]) agrees(`key: ${s}${a}${b}x\n`);
});

test("lists with one value a line are read as the parser reads them", () => {
  const spec = `produces:\n  - reports/*.md\n  - { path: "a b.csv", mode: append, max_files: 3 }\n# why\nbudget: { attempt: { usd: 0.40 }, day: { beats: 8 } }\n`;
  expect(readPlain(spec)).toEqual({
    produces: ["reports/*.md", { path: "a b.csv", mode: "append", max_files: 3 }],
    budget: { attempt: { usd: 0.4 }, day: { beats: 8 } },
  });
  agrees(spec);
  for (const text of [
    "a:\n",
    "a:\nb: c\n",
    "  - a\n",
    "a: b\n  - c\n",
    "a:\n  - b\nc: d\n  - e\n",
    "a:\n# x\n  - b\n",
    "a:\n  b: c\n  b: d\n",
    "a:\n  b: c\n  - d\n",
    "a:\n  b: c\n  d: 2h\ne: 7d\n",
    "a:\n  # x\n  b: c\n",
    "a: b\n  # x\n",
    "a:\n  - b\n# x\n  - c\n",
  ])
    agrees(text);
});

test("words that look like something else are left to the parser", () => {
  for (const text of [
    "true",
    "Null",
    "yes",
    "~",
    "0x1f",
    "1e3",
    "1_000",
    "-1",
    "01",
    ".5",
    ".inf",
    "a: b",
    "a #b",
    "- a",
  ])
    expect(readPlain(`key: ${text}\n`)).toBeNull();
});

test("a key that comes twice, or that no object should have, is left to the parser", () => {
  expect(readPlain("a: b\na: c\n")).toBeNull();
  expect(readPlain("__proto__: b\n")).toBeNull();
  expect(Object.hasOwn(readPlain("constructor: b\n") ?? {}, "constructor")).toBe(true);
});

test("front matter as people write it needs no parser", () => {
  const text =
    'id: T-8k2f\ntitle: "Grade: the page"\nneeds: [one, two]\ndue: 2026-11-25\ndepth: 2\nproduces: ["a/*.md"]\n';
  expect(readPlain(text)).toEqual({
    id: "T-8k2f",
    title: "Grade: the page",
    needs: ["one", "two"],
    due: "2026-11-25",
    depth: 2,
    produces: ["a/*.md"],
  });
});

test("a mistake in plain front matter is named with its place all the same, and so is a key that is asked for later", () => {
  const wrong = parseFile("board/one.md", taskText("one", "writer", "priority: hihg\n"), Task);
  expect(wrong).toMatchObject({ ok: false, findings: [{ line: 5, column: 11 }] });
  const sound = parseFile("board/one.md", taskText("one", "writer", "priority: high\n"), Task);
  expect(sound.ok && sound.at(["priority"])).toEqual({ line: 5, column: 11 });
});

test("the fleet's own files and the templates are read alike both ways", () => {
  const folders = ["agents", "board", "templates"];
  const files = folders.flatMap((dir) =>
    readdirSync(dir, { recursive: true, encoding: "utf8" })
      .filter((f) => f.endsWith(".md"))
      .map((f) => join(dir, f)),
  );
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) agrees(/^---\n(.*?)---\n/s.exec(readFileSync(file, "utf8"))?.[1] ?? "");
});
