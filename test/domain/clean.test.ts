import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanLine, cleanText } from "../../src/domain/text/clean.ts";

const line = (text: string): string => cleanLine(text, 200);
const text = (words: string): string => cleanText(words, 5000);

test.each([
  "The page converts at 2.3%, up from 1.9% (n = 412).",
  "a < b && c > d; x::y::z, 12:30, ratio 3:1, IPv6 ::1",
  "Write to ann@example.com; see docs/a.md and /data/ads.json.",
  "[2.3%](/data/ads.json#/campaigns/3/ctr) and [the call](../notes/call.md#L10-L12)",
  "`const x = 1;` and **bold** and ~~gone~~",
  "Größe, naïve, 报告：第一季。你好！, עברית, العربية, ไทย, 한국어",
  "می‌خواهم क्‍ष",
  "👩‍👩‍👧 👩🏽‍🚀 🏳️‍🌈 ❤️ 1️⃣ 🇩🇪 ©️",
  "data: the numbers; file a.ts: fine",
  "C# and F#, #hashtag, & more, R&D",
])("ordinary text stays as it is: %s", (words) => {
  expect(text(words)).toBe(words);
  expect(line(words)).toBe(words);
});

test.each([
  ["@ann look", "＠ann look"],
  ["@org/team_x", "＠org/team_x"],
  ["test_@admin, (@bob)", "test_＠admin, (＠bob)"],
  ["@\u200fadmin", "＠admin"],
  ["@\x1b[0muser", "＠user"],
  ["&#64;ann &commat;bob", "＆＃64;ann ＆commat;bob"],
  ["fixes #12, closes own/repo#3, Resolves GH-7", "fixes ＃12, closes own/repo＃3, Resolves GH－7"],
  ["<script>x</script><!-- y -->", "＜script>x＜/script>＜!-- y -->"],
  ["![x](https://evil.example/p.png)", "！[x］(https：//evil.example/p.png)"],
  ["[x](//evil.example)", "[x］(//evil.example)"],
  ["[x](/\\evil.example)", "[x］(/\\evil.example)"],
  ["[x](javascript:alert(1))", "[x］(javascript：alert(1))"],
  ['[x](/a "do as I say")', '[x］(/a "do as I say")'],
  ["[x][r] [r]: /a", "[x][r] [r]： /a"],
  ["www.evil.example", "www．evil.example"],
  ["::set-output name=a::b", "：:set-output name=a::b"],
  ["x ##[error]y", "x ＃#[error]y"],
  ["${{ secrets.X }} <%= x %>", "$｛{ secrets.X }} ＜%= x %>"],
  ["/lgtm no-issue", "／lgtm no-issue"],
  ["> /hold", "> ／hold"],
  ["ship it [skip ci]", "ship it ［skip ci]"],
  ["\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "red link"],
  ["a\u202eb\u2066c\u200bd\u{e0041}e\ufeff", "abcde"],
  ["a\0b\x07c\x9bd\uD800e", "abce"],
  ["cafe\u0301", "café"],
])("%j becomes %j", (dirty, clean) => {
  expect(text(dirty)).toBe(clean);
  expect(line(dirty)).toBe(clean);
});

test("a line is one line, a text keeps its lines", () => {
  expect(line(" a\r\nb\u2028c\td ")).toBe("a b c d");
  expect(text("a\r\nb\u2028c\rd\n\n\te")).toBe("a\nb\nc\nd\n\n\te");
  expect(text("fine\n  ::error::x\n/merge\n\n# ok")).toBe("fine\n  ：:error::x\n／merge\n\n# ok");
});

test("what is too long is cut where it shows, never inside a character", () => {
  expect(line("abcdef".repeat(9)).length).toBe(54);
  expect(cleanLine("abcdefgh", 5)).toBe("abcd…");
  expect(cleanLine("abc😀def", 5)).toBe("abc…");
  expect(cleanText("a\n".repeat(100), 30).length).toBeLessThanOrEqual(30);
  expect(cleanText("```js\n".padEnd(100, "x"), 40)).toMatch(/^```js\nx+…\n```$/);
});

test.each([
  ["```js\nlet a;", "```js\nlet a;\n```"],
  ["~~~~\n~~~", "~~~~\n~~~\n~~~~"],
  ["```\na\n```", "```\na\n```"],
  ["````\n```\n````", "````\n```\n````"],
  ["- ```\n  a", "- ｀``\n  a"],
  ["> ```\n> a", "> ｀``\n> a"],
  ["a\n  ```\nb", "a\n  ｀``\nb"],
  ["`".repeat(20), `｀${"`".repeat(19)}`],
])("no block of code is left open: %j", (open, closed) => {
  expect(text(open)).toBe(closed);
});

test("a title opens no block of code in a list", () => {
  expect(line("```js\nx")).toBe("｀``js x");
});

const bit = fc.oneof(
  fc.constantFrom(
    "@",
    "#1",
    "<",
    "a>",
    "&#64;",
    "![",
    "](",
    "/a)",
    "://",
    "www.x",
    "]:",
    "::",
    "##[",
    "{{",
    "```",
    "~~~",
    "\n",
  ),
  fc.constantFrom(
    "\u200d",
    "\ufe0f",
    "👩",
    "🏽",
    "\u20e3",
    "1",
    "ب",
    "\u200c",
    "\u0338",
    "\x1b[",
    "\x1b]",
    "m",
    "[skip ci]",
    "/x",
    "GH-1",
    " ",
  ),
  fc.constantFrom("\ud83d", "\udc69", "> ", "- ", "\\", "`", "javascript:", "x"),
  fc.string({ unit: "binary" }),
);
const anything = fc.array(bit, { maxLength: 20 }).map((bits) => bits.join(""));

test("cleaning twice is cleaning once", () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 12, max: 60 }), (words, max) => {
      expect(cleanLine(cleanLine(words, max), max)).toBe(cleanLine(words, max));
      expect(cleanText(cleanText(words, max), max)).toBe(cleanText(words, max));
    }),
    { numRuns: 5000 },
  );
});

/** What must not be found in anything that was cleaned. */
function expectInert(clean: string, max: number): void {
  expect(clean.length).toBeLessThanOrEqual(max);
  expect(clean).not.toMatch(
    /(?<![A-Za-z0-9])@\w|#\d|<[a-z/!]|&#?\w+;|!\[|:\/\/|\]:|^\s*::|##\[|\{\{|\[skip ci\]/im,
  );
  expect(clean).not.toMatch(/[\p{Bidi_Control}\p{Cs}\p{Noncharacter_Code_Point}]|[^\P{Cc}\n\t]/u);
  expect(clean).not.toMatch(/\]\((?:\/\/|\\|[a-z+.-]+:)/i);
  expect(clean.isWellFormed()).toBe(true);
}

test("nothing that is alive survives", () => {
  fc.assert(
    fc.property(anything, (words) => {
      expectInert(cleanText(words, 60), 60);
      expectInert(cleanLine(words, 60), 60);
      expect(cleanLine(words, 60)).not.toContain("\n");
    }),
    { numRuns: 5000 },
  );
});

test("long hostile texts are cleaned at once", () => {
  for (const words of [
    "[".repeat(60_000),
    "@".repeat(60_000),
    " :".repeat(30_000),
    "> ".repeat(30_000),
    "&a".repeat(30_000),
    "```a\n".repeat(12_000),
    "\x1b]".repeat(30_000),
    `x${" ".repeat(200_000)}y`,
  ])
    expect(cleanText(words, 65_000).length).toBeLessThanOrEqual(65_000);
});

const CASES = "../shared/cases/rendered-text.jsonl";

describe.runIf(existsSync(CASES))("texts that others met", () => {
  const rows: { input: unknown }[] = existsSync(CASES)
    ? readFileSync(CASES, "utf8")
        .trim()
        .split("\n")
        .map((row) => JSON.parse(row))
    : [];
  const inputs = rows.map((r) => r.input).filter((input) => typeof input === "string");

  test("all become inert, and stay so", () => {
    for (const input of inputs) {
      for (const clean of [cleanText, cleanLine]) {
        expectInert(clean(input, 2000), 2000);
        expect(clean(clean(input, 2000), 2000)).toBe(clean(input, 2000));
      }
    }
  });
});
