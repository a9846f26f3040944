import { expect, test } from "vitest";
import { Grade, faultsIn } from "../../src/domain/grading/grade.ts";
import { materialOf } from "../../src/domain/grading/material.ts";
import { Rubric } from "../../src/domain/grading/rubric.ts";
import { change } from "../gate/bench.ts";

const criterion = { one: "bad", five: "good" };
const rubric = Rubric.parse({
  criteria: ["correct", "plain", "short"].map((id) => ({ id, ...criterion })),
  pass: 3,
});
const lines = new Map([
  ["a.md", 2],
  ["unseen.md", null],
]);

/** What is wrong with these scores, `correct 5`, and with these places, `correct a.md:1`. */
function wrong(scores: readonly string[], places: readonly string[] = []): string[] {
  const grade = Grade.parse({
    nonce: "n",
    scores: scores.map((line) => {
      const [name, score] = line.split(" ");
      return { criterion: name, score: Number(score), why: "so" };
    }),
    criticism: places.map((place) => {
      const [, name, path, line] = /^(\S+) (\S+):(\d+)$/.exec(place) ?? [];
      return { criterion: name, path, line: Number(line), text: "wrong" };
    }),
    summary: "s",
  });
  return faultsIn(grade, { nonce: "n", rubric, lines });
}

test("no two criteria have one name: a score says of which it is", () => {
  const twice = [...rubric.criteria, { id: "plain", ...criterion }];
  expect(Rubric.safeParse({ ...rubric, criteria: twice }).error?.issues).toMatchObject([
    { path: ["criteria"], message: "two criteria are called plain" },
  ]);
});

const ALL = ["correct 5", "plain 4", "short 4"];

test("an answer is complete when each criterion has one score, and each low one a line that is there", () => {
  expect(wrong(ALL)).toEqual([]);
  expect(wrong(["correct 5", "plain 3", "short 4"], ["plain a.md:2"])).toEqual([]);
});

test.each<[string, string[], string[], string[]]>([
  ["one is missing", ["correct 5", "plain 4"], [], ["short has no score"]],
  ["two are missing", ["correct 5"], [], ["plain and short have no score"]],
  ["one is there twice", [...ALL, "plain 4"], [], ["plain was scored more than once"]],
  ["one is there thrice", [...ALL, "plain 4", "plain 5"], [], ["plain was scored more than once"]],
  [
    "one is nearly the rubric's",
    [...ALL, "plian 4"],
    [],
    ['the rubric has no criterion "plian"; did you mean plain?'],
  ],
  ["one is nobody's", [...ALL, "honesty 4"], [], ['the rubric has no criterion "honesty"']],
  ["a place is of nothing", ALL, ["honesty a.md:1"], ['the rubric has no criterion "honesty"']],
  ["a line is behind the last", ALL, ["plain a.md:3"], ["a.md:3 does not exist: the file has 2 lines"]],
  ...["unseen.md", "other.md"].map((path): [string, string[], string[], string[]] => [
    `${path} was not seen`,
    ALL,
    [`plain ${path}:1`],
    [`"${path}" is no file that you have seen: cite one that you have`],
  ]),
  [
    "a low score cites nothing, and a high one does",
    ["correct 5", "plain 3", "short 4"],
    ["short a.md:1"],
    ["you give plain 3 of 5 and cite no line for it: say where it is wrong"],
  ],
])("where %s, it says so", (_, scores, places, says) => {
  expect(wrong(scores, places)).toEqual(says);
});

test.each([
  ["a file that is marked as binary", change("a", null, "text", { binary: true })],
  ["a file whose text is not there", change("a", null, null, { newMode: "100644" })],
])("%s is shown to no grader", (_, odd) => {
  expect(materialOf([odd])).toEqual({ unfit: "a is not text, so a grader cannot see it" });
});

test("as much as a grader is shown is shown, and a byte more is not", () => {
  const shown = (length: number): number => {
    const material = materialOf([change("a", null, "x".repeat(length))]);
    return "unfit" in material ? 0 : Buffer.byteLength(material.files[0]?.text ?? "");
  };
  const [least] = [shown(1)];
  expect(shown(160_000 - least + 1)).toBe(160_000);
  expect(shown(160_000 - least + 2)).toBe(0);
});

test("a mode that changes alone is told, and a text without its last line break has all of its lines", () => {
  const material = materialOf([
    change("same.sh", "x\n", "x\n", { newMode: "100755" }),
    change("end.md", "a\nb", "a\nc"),
    change("gone.md", "a\n", null),
    change("empty.md", null, ""),
  ]);
  expect("files" in material ? material.files.map((f) => f.text) : []).toEqual([
    "its text is as it was; its mode changes",
    "     1  a\n-    2  b\n+    2  c",
    "deleted\n-    1  a",
    "new file\n",
  ]);
});

test("what was written anew is shown whole, before and after", () => {
  const [was, is] = ["a", "b"].map((name) => Array.from({ length: 2100 }, (_, i) => `${name}${i}`));
  const material = materialOf([change("new.md", was?.join("\n") ?? "", is?.join("\n") ?? "")]);
  const [file] = "files" in material ? material.files : [];
  expect(file?.text).toMatch(
    /^rewritten; before:\n- {4}1 {2}a0\n[^]*\n- 2100 {2}a2099\nafter:\n\+ {4}1 {2}b0\n/,
  );
});
