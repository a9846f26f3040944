import * as fc from "fast-check";
import { expect, test } from "vitest";
import { placesIn } from "../../src/domain/places.ts";

const FILES = ["README.md", "pages/roofing.md", "data/ads.json", "data/2026/ads.csv"];
const named = (text: string): string[] =>
  placesIn(text, FILES).map(({ path, line }) => (line === null ? path : `${path}:${line}`));

test.each([
  ["see pages/roofing.md:12 and pages/roofing.md#L3", ["pages/roofing.md:12", "pages/roofing.md:3"]],
  ["`/data/ads.json`, line 4; (README.md)", ["data/ads.json:4", "README.md"]],
  ["pages/gutters.md does not exist. Nor does data/2026/x.csv.", ["pages/gutters.md", "data/2026/x.csv"]],
  ["[2.3%](/data/ads.json#/campaigns/3/ctr)", ["data/ads.json"]],
  ["pages/ is empty, and/or 12 km/h, 3/4, n/a", []],
  ["https://example.com/pages/roofing.md and x@pages/roofing.md", []],
  ["Roofing.md, package.json and other/place.md", []],
  ["pages/roofing.md, pages/roofing.md", ["pages/roofing.md"]],
])("%s", (text, places) => {
  expect(named(text)).toEqual(places);
});

test("a path that stands in a sentence is found in it", () => {
  fc.assert(
    fc.property(fc.constantFrom(...FILES), fc.nat(99), fc.lorem(), (path, line, words) => {
      expect(named(`${words} ${path}:${line}. ${words}`)).toEqual([`${path}:${line}`]);
    }),
  );
});

test("a pattern names no place, and what stands beside it does", () => {
  expect(named("I produce pages/*.md, pages/new/*.md and pages/{a,b}.md; see pages/gone.md.")).toEqual([
    "pages/gone.md",
  ]);
});
