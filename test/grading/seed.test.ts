import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dice, FaultKind, seedFault, type Soil } from "../../src/domain/grading/seed.ts";
import { splitLines } from "../../src/domain/grading/material.ts";

const REPORT = `# Week 47

The rate is 2.3% and it rose in all 3 campaigns.
Roofing was better than windows.
We open on 2026-11-22 with v1.2.
`;
const BREAKS = ["This is the best page that was ever made."];
const soilOf = (text: string, breaks = BREAKS): Soil => ({
  text,
  lines: splitLines(text).map((_, i) => i + 1),
  breaks,
});

test("each kind of fault, as people would see it", () => {
  const seen = FaultKind.options.map((kind) => {
    const seeded = seedFault(kind, soilOf(REPORT), 7);
    return [kind, seeded?.what, splitLines(seeded?.text ?? "")[(seeded?.line ?? 0) - 1]];
  });
  expect(seen).toMatchInlineSnapshot(`
    [
      [
        "number",
        "47 became 97",
        "# Week 97",
      ],
      [
        "dropped",
        "the line "The rate is 2.3% and it rose in all 3 campaigns." is gone",
        "Roofing was better than windows.",
      ],
      [
        "inverted",
        "is became is not",
        "The rate is not 2.3% and it rose in all 3 campaigns.",
      ],
      [
        "rule",
        "a line that breaks a rule: This is the best page that was ever made.",
        "This is the best page that was ever made.",
      ],
    ]
  `);
});

const words = fc.constantFrom(
  "is",
  "all",
  "rose",
  "12",
  "3.5%",
  "2026-11-22",
  "word",
  "Every",
  "12:30",
  "a.md",
  "",
);
const text = fc
  .array(
    fc.array(words, { maxLength: 6 }).map((l) => l.join(" ")),
    { minLength: 1, maxLength: 12 },
  )
  .map((lines) => `${lines.join("\n")}\n`);

test("a seeded fault really changes the text, in one line, inside what it may touch, and the same seed does the same", () => {
  const sown: Record<string, number> = {};
  fc.assert(
    fc.property(text, fc.constantFrom(...FaultKind.options), fc.nat(), (given, kind, seed) => {
      const soil = soilOf(given);
      const seeded = seedFault(kind, soil, seed);
      expect(seedFault(kind, soil, seed)).toEqual(seeded);
      if (seeded === null) return;
      sown[kind] = (sown[kind] ?? 0) + 1;
      const [before, after] = [splitLines(given), splitLines(seeded.text)];
      expect(seeded.text).not.toBe(given);
      expect(seeded.line).toBeGreaterThanOrEqual(1);
      expect(seeded.line).toBeLessThanOrEqual(after.length);
      const grows = kind === "rule" ? 1 : kind === "dropped" ? -1 : 0;
      expect(after.length - before.length).toBe(grows);
      if (grows === 0) expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);
    }),
    { numRuns: 2000, seed: 1 },
  );
  // Not one of them is empty talk.
  for (const kind of FaultKind.options) expect(sown[kind]).toBeGreaterThan(100);
});

test("lines that the work did not bring stay as they are", () => {
  fc.assert(
    fc.property(text, fc.constantFrom(...FaultKind.options), fc.nat(), (given, kind, seed) => {
      const old = "An old line with 17 and all that is.";
      const seeded = seedFault(kind, { ...soilOf(`${given}${old}\n`), lines: soilOf(given).lines }, seed);
      if (seeded !== null) expect(splitLines(seeded.text)).toContain(old);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test("dates, times, versions, paths and ids are no numbers to change, and a number keeps its shape", () => {
  expect(
    seedFault("number", soilOf("On 2026-11-22 at 12:30, v1.2 of a1.md, T-8k2f, pages/7, x@3\n"), 1),
  ).toBeNull();
  fc.assert(
    fc.property(fc.nat(999_999), fc.nat(), (n, seed) => {
      const { text: sown = "" } = seedFault("number", soilOf(`It is ${n}.\n`), seed) ?? {};
      const other = /^It is (\d+)\.\n$/.exec(sown)?.[1] ?? "";
      expect(other).toHaveLength(String(n).length);
      expect(Number(other)).not.toBe(n);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test("a claim turned around twice is the claim", () => {
  const once = seedFault("inverted", soilOf("Sales rose.\n"), 1);
  expect(once?.text).toBe("Sales fell.\n");
  expect(seedFault("inverted", soilOf(once?.text ?? ""), 1)?.text).toBe("Sales rose.\n");
  expect(seedFault("inverted", soilOf("It is not so.\n"), 1)?.text).toBe("It is so.\n");
});

test("what has no place for a fault gets none", () => {
  for (const kind of FaultKind.options) expect(seedFault(kind, soilOf("-\n", []), 1)).toBeNull();
});

test("dice fall evenly, and alike everywhere", () => {
  const roll = dice(42);
  expect(Array.from({ length: 8 }, () => roll(6))).toMatchInlineSnapshot(`
    [
      3,
      2,
      5,
      4,
      1,
      3,
      1,
      3,
    ]
  `);
  const counts = Array.from({ length: 6 }, () => 0);
  for (let i = 0; i < 6000; i++) counts[roll(6)] = (counts[roll(6)] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(850);
});

test.each([
  ["It is so.", "It is not so."],
  ["It is not so.", "It is so."],
  ["It was not so.", "It was so."],
  ["That is-not a word, this true.", "That is-not a word, this false."],
  ["All: false", "All: true"],
  ["Every page", "No page"],
])("%j can become %j", (given, other) => {
  const seen = Array.from({ length: 40 }, (_, seed) => seedFault("inverted", soilOf(given), seed)?.text);
  expect(seen).toContain(other);
  if (!given.includes(":")) expect(new Set(seen).size).toBe(1);
});

test("a number is wrong in one of its first two digits, never by what rounding allows", () => {
  const seen = Array.from(
    { length: 60 },
    (_, seed) => seedFault("number", soilOf("9876543"), seed)?.text ?? "",
  );
  expect(new Set(seen.map((t) => t.slice(2)))).toEqual(new Set(["76543"]));
  expect(new Set(seen.map((t) => t.slice(0, 2))).size).toBeGreaterThan(8);
});

test("a line that the text holds already breaks nothing anew", () => {
  const [known = ""] = BREAKS;
  expect(seedFault("rule", soilOf(`A page.\n${known}\n`), 1)).toBeNull();
  const both = soilOf(`A page.\n${known}\n`, [known, "Buy now!"]);
  expect(seedFault("rule", both, 1)?.what).toBe("a line that breaks a rule: Buy now!");
});
