import { array, assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { countLines } from "../../src/domain/text/lines.ts";

test("a new file adds all its lines, and a deleted one removes them", () => {
  expect(countLines(null, "a\nb\n")).toEqual({ added: 2, removed: 0, bytes: 4 });
  expect(countLines("a\nb\n", null)).toEqual({ added: 0, removed: 2, bytes: 0 });
});

test("a changed line is one removed and one added", () => {
  expect(countLines("a\nb\nc\n", "a\nB\nc\n")).toMatchObject({ added: 1, removed: 1 });
});

test("a line that only moved counts for nothing, and a repeated one for each time", () => {
  expect(countLines("a\nb\n", "b\na\n")).toMatchObject({ added: 0, removed: 0 });
  expect(countLines("a\n", "a\na\na\n")).toMatchObject({ added: 2, removed: 0 });
});

test("added minus removed is how much longer the text has become", () => {
  const text = array(constantFrom("a", "b", "c", "d"), { minLength: 1 }).map((l) => `${l.join("\n")}\n`);
  assert(
    property(text, text, (before, after) => {
      const { added, removed } = countLines(before, after);
      expect(added - removed).toBe(after.split("\n").length - before.split("\n").length);
    }),
  );
});
