import * as fc from "fast-check";
import { expect, test } from "vitest";
import { annotation, command, inert } from "../../src/action/log.ts";
import { listing, tickTable } from "../../src/action/summary.ts";

/** What the runner obeys: a command at the beginning of a line, behind blanks too; the old form anywhere in it. */
const obeyed = (text: string): string[] =>
  text.split(/\r\n?|\n/).filter((line) => line.trimStart().startsWith("::") || line.includes("##["));

const HOSTILE = [
  "::set-output name=x::y",
  "  ::add-path::/tmp/evil",
  "\t::error::x",
  "fine\n::save-state name=a::b",
  "fine\r::stop-commands::x",
  "fine\u2028::debug::x",
  "text ##[add-path]/tmp",
  "##[##[group]x",
  "###[group]",
  "\u001b[2K::error::x",
  "\u00a0::error::x",
  "\ufeff::error::x",
  ":::error::x",
];

test.each(HOSTILE)("%j is shown, and not obeyed", (text) => {
  expect(
    obeyed(text).length + obeyed(text.replaceAll("\u2028", "\n").replaceAll("\u001b[2K", "")).length,
  ).toBeGreaterThan(0);
  expect(obeyed(inert(text))).toEqual([]);
});

test("nothing that is printed can be obeyed", () => {
  const piece = fc.constantFrom(
    "::",
    ":",
    "##[",
    "#",
    "[",
    " ",
    "\t",
    "\n",
    "\r",
    "a",
    "\u2028",
    "\u00a0",
    "\ufeff",
    "\u001b",
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((p) => p.join("")),
      (text) => {
        expect(obeyed(inert(text))).toEqual([]);
      },
    ),
  );
});

test("plain words are printed as they are", () => {
  for (const text of ["a: b :: c", "one\ntwo", "T-8k2f @ 07:00", "#[1] ## [x]"])
    expect(inert(text)).toBe(text);
});

test("a text inside a command neither ends it nor begins another", () => {
  const said = annotation("warning", "a,b::c\n::error::d", "100%\r\n::error::e");
  expect(said.split("\n")).toHaveLength(1);
  expect(said).toBe("::warning title=a%2Cb%3A%3Ac%0A%3A%3Aerror%3A%3Ad::100%25%0D%0A::error::e");
  expect(command("endgroup", {}, "")).toBe("::endgroup::");
});

const attempt = { task: "one", outcome: "proposed", pull: 3, tokens: 120, usd: 0.01 };

test("an agent's words stay in their cell of the summary, and mention nobody", () => {
  const reason = "done | x |\n| evil | @ann <img src=x> [a](https://evil.example) `::error::`";
  const text = tickTable("Tick", [
    { agent: "writer", outcome: "worked", reason, attempts: [{ ...attempt, reason }] },
  ]);
  const row = text.split("\n").find((line) => line.startsWith("| writer"));
  expect(row?.match(/(?<!\\)\|/g)).toHaveLength(7);
  expect(text).not.toMatch(/@ann|<img|https:\/\//);
});

test("those who rest are folded away, each with its reason", () => {
  const text = tickTable("Tick", [
    { agent: "editor", outcome: "rested", reason: "it has no open task", attempts: [] },
  ]);
  expect(text).toContain("Nothing is due.");
  expect(text).toContain("<summary>1 rest</summary>");
  expect(text).toContain("| editor | it has no open task |");
});

test("a summary never grows beyond what is shown, and says that it was cut", () => {
  const text = listing(
    "Settled",
    Array.from({ length: 20_000 }, (_, i) => `${i} ${"x".repeat(200)}`),
  );
  expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
  expect(text).toMatch(/… and \d+ lines more/);
});
