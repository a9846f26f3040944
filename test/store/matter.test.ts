import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Config } from "../../src/domain/config.ts";
import { Spec } from "../../src/domain/spec.ts";
import { Task } from "../../src/domain/board/task.ts";
import { parseFile, parseYaml, readMatter } from "../../src/store/matter.ts";

const CASES = "../shared/cases/front-matter.jsonl";

const read = (yaml: string): ReturnType<typeof readMatter> => readMatter("x.md", `---\n${yaml}\n---\nbody\n`);

/** `line:column rule message` of all that is wrong with a text. */
const complaints = (text: string, schema: z.ZodType = Task): string[] => {
  const parsed = parseFile("x.md", text, schema);
  return parsed.ok ? [] : parsed.findings.map((f) => `${f.line}:${f.column} ${f.rule} ${f.message}`);
};

test("front matter and body come apart, byte for byte", () => {
  expect(readMatter("x.md", "---\na: 1\n---\n\nbody\n---\n")).toMatchObject({
    data: { a: 1 },
    body: "\nbody\n---\n",
  });
  expect(readMatter("x.md", "\uFEFF---  \r\na: 1\r\n--- \t\r\nbody")).toMatchObject({
    data: { a: 1 },
    body: "body",
  });
  expect(readMatter("x.md", "---\na: --- b\n---")).toMatchObject({ data: { a: "--- b" }, body: "" });
});

test.each(["hello", "----\nhello\n----\n", "\n---\na: 1\n---\n", "~~~\na: 1\n~~~\n", " ---\na: 1\n---\n"])(
  "%j has no front matter, and all of it is body",
  (text) => expect(readMatter("x.md", text)).toMatchObject({ data: null, body: text }),
);

test.each([
  "js",
  "javascript",
  " js",
  "json",
  "coffee",
  "cson",
  "toml",
  "constructor",
  "toString",
  "__proto__",
  "yaml",
])("a fence that asks for %s is refused, and nothing runs", (language) => {
  const text = `---${language}\n(globalThis.ran = true, { title: "x" })\n---\n`;
  expect(complaints(text)).toEqual([
    "1:4 matter/fence expected exactly --- on the first line; languages other than YAML are off",
  ]);
  expect(Reflect.get(globalThis, "ran")).toBeUndefined();
});

test.each([
  ["---\na: 1\n", "1:1 matter/fence the front matter has no end; expected a line that is exactly ---"],
  ["---\na: 1\n---js\nb", "3:1 matter/fence expected exactly --- at the end of the front matter"],
  ["---\n\n---\n", "2:1 matter/yaml expected `key: value` lines, found nothing"],
  ["---\n# only a comment\n---\n", "2:1 matter/yaml expected `key: value` lines, found nothing"],
  ["---\n- a\n---\n", "2:1 matter/yaml expected `key: value` lines, found a list"],
  ["---\nid: a\nid: b\n---\n", "3:1 matter/yaml the key id stands here a second time; keep one of them"],
  ["---\nagent: @ann\n---\n", '2:8 matter/yaml a value cannot start with @; quote it: "@ann"'],
  [
    "---\na: Fix: it # now\n---\n",
    '2:4 matter/yaml a value that holds a colon and a space needs quotes: "Fix: it"',
  ],
  [
    "---\na: [WIP] x\n---\n",
    "2:10 matter/yaml Unexpected scalar at node end; if the value is text, quote all of it",
  ],
  ["---\na:\n\t- b\n---\n", "3:1 matter/yaml a tab cannot indent; use spaces"],
  [
    "---\na: !!binary aGk=\n---\n",
    '2:4 matter/yaml !!binary is a YAML tag, and tags are off; if it is text, quote it: "!!binary aGk="',
  ],
  [
    "---\n%YAML 1.1\na: yes\n---\n",
    "2:1 matter/yaml YAML directives are off; remove the line that starts with %",
  ],
  ["---\na: 1\n...\nb: 2\n---\n", "4:1 matter/yaml expected one YAML document, found two"],
  ["---\na: b\0\n---\n", "2:5 matter/yaml expected text, found a control character"],
  ["---\na:\n  __proto__: { x: 1 }\n---\n", "3:3 matter/yaml `__proto__` cannot be a key"],
  ["---\n[a]: b\n---\n", "2:1 matter/yaml a key must be text, not a list or a mapping"],
  ["---\na: 1\n \t\nb: 2\n---\n", "3:2 matter/yaml a tab stands alone in this line; empty the line"],
  ["---\na: |\n \t\nb: 1\n---\n", "3:2 matter/yaml a tab stands alone in this line; empty the line"],
  [
    '---\n? "a"\n : "b"\n---\n',
    "3:2 matter/yaml this : does not stand below its ?; write `key: value` on one line",
  ],
  ["no fence", "1:1 matter/fence expected front matter: the first line must be exactly ---"],
])("%j is refused where it goes wrong, and says what to do", (text, complaint) =>
  expect(complaints(text)).toEqual([complaint]),
);

test.each(["a: &x 1\nb: *x", "a: &a { self: *a }", "a: *bold*", "<<: *x"])(
  "%j: aliases are refused",
  (yaml) => {
    expect(read(yaml)).toMatchObject({ rule: "matter/yaml", message: expect.stringContaining("quote it") });
  },
);

test("a key and its value in two lines are read where they stand straight below each other, and anyhow in braces", () => {
  expect(read("? a\n: b\nc:\n  ? d\n  : e\nf: {\n ? g\n  : h }")).toMatchObject({
    data: { a: "b", c: { d: "e" }, f: { g: "h" } },
  });
});

test("what only looks like a date, a time or a flag stays text", () => {
  const yaml = "a: 2026-11-22\nb: 1:30\nc: yes\nd: on\ne: 017\nf: 0x1f\ng: ~";
  expect(read(yaml)).toMatchObject({
    data: { a: "2026-11-22", b: "1:30", c: "yes", d: "on", e: 17, f: 31, g: null },
  });
});

test("invalid front matter is invalid the second time too", () => {
  const text = "---\na: @x\n---\n";
  expect(complaints(text)).toHaveLength(1);
  expect(complaints(text)).toEqual(complaints(text));
});

test("what one reader does to the data, the next does not see", () => {
  const text = "---\na: { b: 1 }\n---\n";
  const first = readMatter("x.md", text);
  if ("data" in first && first.data) first.data["a"] = "changed";
  expect(readMatter("x.md", text)).toMatchObject({ data: { a: { b: 1 } } });
});

test.each([
  ["flow lists", `a: ${"[".repeat(30_000)}`],
  ["flow maps", `a: ${"{a: ".repeat(6000)}`],
  ["compact lists", `a:\n  ${"- ".repeat(10_000)}`],
  ["complex keys", "? ".repeat(15_000)],
  ["keys", Array.from({ length: 4000 }, (_, i) => `k${i}:`).join("\n")],
  ["blank lines", `${"\n".repeat(30_000)}a: 1`],
  ["comments", `${"#\n".repeat(15_000)}a: 1`],
  ["aliases", `a: &a [x]\nb: &b [${"*a,".repeat(9000)}]`],
])("a bomb of %s is refused before it goes off", (_, yaml) => {
  expect(read(yaml)).toMatchObject({ rule: "matter/yaml" });
});

test("twenty levels are read, a hundred are not", () => {
  expect(read(`a: ${"[".repeat(20)}${"]".repeat(20)}`)).toHaveProperty("data.a");
  expect(read(`a: ${"[".repeat(100)}${"]".repeat(100)}`)).toMatchObject({
    message: "this is too long or too deeply nested to be read",
  });
});

test("a file that is too large is not read", () => {
  expect(complaints(`---\na: 1\n---\n${"é".repeat(128 * 1024)}`)).toEqual([
    "1:1 matter/fence the file is larger than 256 KB",
  ]);
  expect(read(`a: ${"x".repeat(33_000)}`)).toMatchObject({
    message: "the front matter is larger than 32 KB",
  });
});

test("any text at all is read or refused at a place inside it, and always the same way", () => {
  const piece = fc.constantFrom(
    "---",
    "\n",
    "\r\n",
    "a: ",
    "b:\n  ",
    "- ",
    "[",
    "{",
    "}",
    "]",
    ",",
    "'",
    '"',
    "|\n",
    ">",
    "&a",
    "*a",
    "!x",
    "#",
    "? ",
    "@",
    "%",
    "\t",
    "é",
    "\uFEFF",
    "...",
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 40 });
  fc.assert(
    fc.property(text, (pieces) => {
      const whole = `---\n${pieces.join("")}\n---\n`;
      const matter = readMatter("x.md", whole);
      expect(JSON.stringify(readMatter("x.md", whole))).toBe(JSON.stringify(matter));
      if (!("rule" in matter)) return;
      const line = whole.replace(/^\uFEFF/, "").split("\n")[matter.line - 1];
      expect(line).toBeDefined();
      expect(matter.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
    }),
    { numRuns: 2000 },
  );
});

const spec = (lines: string): string =>
  `---\nname: ann\ndescription: x\nengine: { kind: openai }\n${lines}\n---\n`;

describe("a schema's complaints", () => {
  test.each([
    ["titel: x", '5:1 schema/unknown-key unknown key "titel"; did you mean title?'],
    ["budget: { day: { beat: 3 } }", '5:18 schema/unknown-key unknown key "beat"; did you mean beats?'],
    [
      "reads: [{ path: a/**, maxage: 3h }]",
      '5:23 schema/unknown-key unknown key "maxage"; did you mean max_age?',
    ],
    ["budget: { zzz: 1 }", '5:11 schema/unknown-key unknown key "zzz"; expected one of attempt, beat, day'],
    [
      "status: actve",
      '5:9 schema/invalid status: expected one of active, paused, retired, found "actve"; did you mean active?',
    ],
    ["title: 2026", "5:8 schema/invalid title: expected text, found 2026; quote it"],
    ["title:", "5:1 schema/invalid title: expected text, found nothing"],
    ["wakes: slot", '5:8 schema/invalid wakes: expected a list, found "slot"'],
    ["reads: [3]", "5:9 schema/invalid reads[0]: expected text or keys with values, found 3"],
    ["never:\n  - rule: 1", "6:11 schema/invalid never[0].rule: expected text, found 1; quote it"],
    ["budget: { beat: { tasks: 0 } }", "5:26 schema/invalid budget.beat.tasks: expected more than 0"],
    [
      "timezone: Europe/Berln",
      "5:11 schema/invalid timezone: expected a time zone such as Europe/Berlin; did you mean Europe/Berlin?",
    ],
  ])("%s: say where, what was expected and what was meant", (lines, complaint) =>
    expect(complaints(spec(lines), Spec)).toEqual([complaint]),
  );

  test("name what is missing, at the beginning of the file", () => {
    expect(complaints("---\nid: T-8k2f\n---\n")).toEqual([
      "1:1 schema/invalid title: missing; expected text",
      "1:1 schema/invalid agent: missing; expected text",
    ]);
  });

  test("name a kind of engine that does not exist", () => {
    expect(complaints("---\nname: ann\ndescription: x\nengine:\n  kind: opnai\n---\n", Spec)).toEqual([
      '5:9 schema/invalid engine.kind: expected one of openai, command, scripted, found "opnai"; did you mean openai?',
    ]);
  });

  test("do not repeat a key that stands where its name should", () => {
    const config = parseYaml(
      ".github/pullbeat.yml",
      "version: 1\nengines: { openai: { key: sk-1234 } }\n",
      Config,
    );
    expect(config).toMatchObject({ ok: false, findings: [{ rule: "schema/invalid", line: 2, column: 27 }] });
    expect(JSON.stringify(config)).not.toContain("sk-1234");
  });

  test("are few", () => {
    const keys = Array.from({ length: 100 }, (_, i) => `zz${i}: 1`).join("\n");
    expect(complaints(spec(keys), Spec)).toHaveLength(20);
  });
});

test("a good file gives its value, its body and the places of its keys", () => {
  const parsed = parseFile(
    "x.md",
    "---\nid: T-8k2f\ntitle: x\nagent: ann\nneeds:\n  - T-7a1c\n---\nbody",
    Task,
  );
  expect(parsed).toMatchObject({ ok: true, value: { id: "T-8k2f", status: "todo" }, body: "body" });
  if (!parsed.ok) return;
  expect(parsed.at(["needs", 0])).toEqual({ line: 6, column: 5 });
  expect(parsed.at(["due"])).toEqual({ line: 1, column: 1 });
});

test("a YAML file is read with the same care", () => {
  expect(parseYaml("c.yml", "\uFEFFversion: 1\r\n", Config)).toMatchObject({
    ok: true,
    value: { version: 1 },
  });
  expect(parseYaml("c.yml", "version: 1\nversion: 1\n", Config)).toMatchObject({
    ok: false,
    findings: [{ rule: "yaml/syntax", file: "c.yml", line: 2, column: 1 }],
  });
});

describe.runIf(existsSync(CASES))("front matter of others", () => {
  const Row = z.object({
    id: z.string(),
    kind: z.string(),
    yaml: z.string().nullish(),
    text: z.string().nullish(),
    front_matter: z.string().nullish(),
    json: z.string().nullish(),
    should_be: z.string(),
  });
  /** Valid YAML that only looks like something else: text in two lines, and a key with a backslash. Nothing runs. */
  const PLAIN = new Set(["fm-0520", "fm-0630"]);
  const rows = existsSync(CASES) ? readFileSync(CASES, "utf8").trim().split("\n") : [];

  test.each(rows.map((line) => Row.parse(JSON.parse(line))).map((row) => [row.id, row] as const))(
    "%s is read as it is meant, or refused at a place",
    (_, row) => {
      const text = row.text ?? row.front_matter ?? `---\n${row.yaml}\n---\nbody\n`;
      const matter = readMatter("x.md", text);
      expect(JSON.stringify(readMatter("x.md", text))).toBe(JSON.stringify(matter));
      if (row.should_be === "reject" && !PLAIN.has(row.id)) return expect(matter).toHaveProperty("rule");
      if ("rule" in matter) return expect(matter.message).not.toBe("");
      if (matter.data === null) return expect(matter.body).toBe(text);
      if (Object.keys(matter.data).length === 0) expect(text).toContain("{}");
      if (row.json && row.front_matter) expect(matter.data).toEqual(JSON.parse(row.json));
      return undefined;
    },
  );
});
