import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Glob, matches } from "../../src/domain/glob.ts";
import { overlaps } from "../../src/domain/product/overlap.ts";

test.each([
  ["reports/**", "reports/lp/*.md"],
  ["a/**/b", "a/b"],
  ["**", "a"],
  ["**/x", "a/?"],
  ["{a,b/c}/d", "b/*/d"],
  ["sheets/log.csv", "sheets/*.csv"],
  ["a*c", "ab*"],
  ["{a,{b,c}d}/*", "c*/{x,y}"],
])("%s and %s can cover one path, which is shown", (a, b) => {
  const path = overlaps(a, b);
  expect(path).not.toBeNull();
  expect([matches(a, path ?? ""), matches(b, path ?? "")]).toEqual([true, true]);
});

test.each([
  ["a/**", "a"],
  ["x*", "y*"],
  ["docs/{a,b}.md", "docs/?.txt"],
  ["a/*", "a/*/b"],
  ["*.md", "*.mdx"],
  ["*.", "?"],
  ["a*.", "a*"],
  ["a/**/*", "a"],
])("%s and %s never cover the same path", (a, b) => {
  expect(overlaps(a, b)).toBeNull();
});

const letters = fc.constantFrom("a", "b", ".", "*", "?");
const part = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: letters, minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant("**") },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "/"), minLength: 1, maxLength: 3 }), {
        minLength: 2,
        maxLength: 3,
      })
      .map((either) => `{${either.join(",")}}`),
  },
);
const glob = fc
  .array(part, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"))
  .filter((g) => Glob.safeParse(g).success);

const names = ["a", "b", ".a", "aa", "ab", "ba", "b.a", "aab"];
const paths = [names, ...[1, 2].map(() => [] as string[])].map((_, depth) =>
  Array.from({ length: depth }).reduce<string[]>(
    (all) => all.flatMap((p) => names.map((n) => `${p}/${n}`)),
    names,
  ),
);

test("a path that is shown is covered by both patterns", () => {
  fc.assert(
    fc.property(glob, glob, (a, b) => {
      const path = overlaps(a, b);
      if (path === null) return;
      expect([a, matches(a, path), b, matches(b, path), path]).toEqual([a, true, b, true, path]);
    }),
    { numRuns: 3000 },
  );
});

test("where none is shown, no path is covered by both", () => {
  fc.assert(
    fc.property(glob, glob, (a, b) => {
      if (overlaps(a, b) !== null) return;
      expect(paths.flat().filter((p) => matches(a, p) && matches(b, p))).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});
