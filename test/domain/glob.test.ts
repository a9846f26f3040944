import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Glob, matches, matchesAny } from "../../src/domain/glob.ts";

test.each([
  ["board/**", "board/T-8k2f-x.md", true],
  ["board/**", "board/archive/2026-11/T-1.md", true],
  ["board/**", "boards/x.md", false],
  ["board/**", "Board/x.md", false],
  ["reports/lp/*.md", "reports/lp/roofing.md", true],
  ["reports/lp/*.md", "reports/lp/deep/roofing.md", false],
  ["reports/lp/*.md", "reports/lp/.hidden.md", true],
  ["**/*.md", "x.md", true],
  ["data/?.csv", "data/a.csv", true],
  ["data/?.csv", "data/ab.csv", false],
  ["data/{ads,crm}/*.json", "data/crm/1.json", true],
  ["data/{ads,crm}/*.json", "data/hr/1.json", false],
  ["sheets/log.csv", "sheets/log.csv", true],
  ["sheets/log.csv", "sheets/logxcsv", false],
  ["docs/**", "docs", false],
  ["**/a/**/b/**", "a/x/b/c", true],
  ["{a,b}{a,b}{a,b}{a,b}", "abab", true],
  ["*a*a*", "bab-a", true],
])("%s covers %s: %s", (glob, path, covered) => {
  expect(Glob.safeParse(glob).success).toBe(true);
  expect(matches(glob, path)).toBe(covered);
});

test.each([
  "",
  "/etc/passwd",
  "../x",
  "a/../b",
  "./a",
  "a//b",
  "a/",
  "!a",
  "a/!(b)",
  "a/[bc]",
  "a|b",
  "+(a)",
  "a\\b",
  "a\nb",
  "a/**b",
  "a{b",
  "a{1..3}",
  "a{b}",
  "a{b,}",
  "a{1..3,b}",
])("%j is refused: it would say something else than it seems", (glob) => {
  expect(Glob.safeParse(glob).success).toBe(false);
});

test.each(["*a*a*a*a", "x/*a*a*a*a", "**/a/**/b/**/c/**", "{a,a}".repeat(5)])(
  "%s is refused: matching could take for ever",
  (glob) => {
    expect(Glob.safeParse(glob).success).toBe(false);
  },
);

test("a path without signs covers itself and nothing else", () => {
  const part = fc
    .stringMatching(/^[a-zA-Z0-9 _.@+$~,=#%&';^é漢-]{1,12}$/u)
    .filter((s) => !/^\.{1,2}$|^[@+]/.test(s));
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(path, path, (one, other) => {
      fc.pre(Glob.safeParse(one).success);
      expect(matches(one, one)).toBe(true);
      expect(matches(one, other)).toBe(one === other);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["!a", "b"],
  ["+(a)", "a"],
  ["[ab]", "a"],
])("%s, which is refused, covers %s nowhere either: its signs mean nothing", (glob, path) => {
  expect(matches(glob, path)).toBe(false);
});

test("any of several is enough", () => {
  expect(matchesAny(["a/*", "b/*"], "b/x")).toBe(true);
  expect(matchesAny([], "b/x")).toBe(false);
});
