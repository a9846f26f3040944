import { array, assert, constantFrom, property, string, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { appendAgain } from "../../src/domain/product/append.ts";

const BASE = "day,leads\n1,4\n";

test.each([
  ["rows of a table, the header kept", BASE, `${BASE}2,5\n`, `${BASE}3,6\n`, `${BASE}2,5\n3,6\n`],
  [
    "lines that end as Windows ends them",
    "a\r\nb\r\n",
    "a\r\nb\r\nc\r\n",
    "a\r\nb\r\nd\r\n",
    "a\r\nb\r\nc\r\nd\r\n",
  ],
  ["a last line that nobody had ended", "a", "a\nb\n", "a\nc\n", "a\nb\nc\n"],
  ["the same on Windows", "a\r\nb", "a\r\nb\r\nc", "a\r\nb\r\nd", "a\r\nb\r\nc\r\nd"],
  ["lines behind one that the tip did not end", BASE, `${BASE}2,5`, `${BASE}3,6\n`, `${BASE}2,5\n3,6\n`],
  ["a last line without its end stays so", BASE, `${BASE}2,5\n`, `${BASE}3,6`, `${BASE}2,5\n3,6`],
  ["a file that was empty", "", "a\n", "b\n", "a\nb\n"],
  [
    "blank lines and rules, which both may have",
    "# Log\n",
    "# Log\n\n---\nx\n",
    "# Log\n\n---\ny\n",
    "# Log\n\n---\nx\n\n---\ny\n",
  ],
  ["nothing but an end for the last line", "a", "a\nb", "a\n", "a\nb\n"],
])("%s", (...[, base, ours, theirs, after]) => {
  expect(appendAgain({ base, ours, theirs })).toBe(after);
});

test.each([
  ["rewrites an earlier line", BASE, `${BASE}2,5\n`, `${BASE.replace("4", "9")}3,6\n`],
  ["goes on with a last line that had no end", "a,1", "a,1\nb,2\n", "a,15\n"],
  ["shortens the file", BASE, `${BASE}2,5\n`, "day,leads\n"],
  ["changes the ends of its lines", BASE, `${BASE}2,5\n`, `${BASE.replaceAll("\n", "\r\n")}3,6\r\n`],
  ["adds a line that the tip has got as well", BASE, `${BASE}2,5\n`, `${BASE}2,5\n3,6\n`],
  ["adds it again with other white space behind it", BASE, `${BASE}2,5\n`, `${BASE}2,5 \r\n3,6\n`],
  ["has a header of its own", "", "day,leads\n1,4\n", "day,leads\n2,5\n"],
])("a side that %s is not put anywhere", (...[, base, ours, theirs]) => {
  expect(appendAgain({ base, ours, theirs })).toBeNull();
});

test("a tip that rewrote what was there takes nothing", () => {
  expect(
    appendAgain({ base: BASE, ours: `${BASE.replace("leads", "sales")}2,5\n`, theirs: `${BASE}3,6\n` }),
  ).toBeNull();
});

test("whatever is added stays as it is: nothing lost, nothing twice, all of the tip before it", () => {
  const eol = constantFrom("\n", "\r\n");
  const lines = uniqueArray(
    string({ maxLength: 6 }).map((s) => s.replaceAll(/[\r\n]/g, "")),
    { maxLength: 8 },
  );
  const ends = array(constantFrom(true, false), { minLength: 3, maxLength: 3 });
  assert(
    property(lines, eol, ends, (all, end, [b = true, o = true, t = true]) => {
      const named = all.map((line, i) => `${i}${line}`);
      const third = Math.floor(named.length / 3);
      const text = (some: readonly string[], isEnded: boolean): string =>
        some.join(end) + (isEnded && some.length > 0 ? end : "");
      const [was, here, there] = [
        named.slice(0, third),
        named.slice(third, 2 * third),
        named.slice(2 * third),
      ];
      if (here.length === 0 || there.length === 0) return;
      const base = text(was, b);
      const ours = text([...was, ...here], o);
      const after = appendAgain({ base, ours, theirs: text([...was, ...there], t) });
      expect(after?.split(/\r?\n/).filter((line) => line !== "")).toEqual(named);
      expect(after?.startsWith(ours)).toBe(true);
    }),
  );
});
