import { expect, test } from "vitest";
import { verified } from "./cases.ts";

const FILES = { "a.json": '{"n":12}' };
const numbers = async (text: string): Promise<string[]> =>
  (await verified(text, FILES, { strict: true })).unproved.map((u) => u.number);

test.each([
  "On 2026-11-22 at 07:00, since 20261122T0700Z, 7 am sharp.",
  "On 22 November 2026, in Nov 2026, May 3, Q3 2026, in 2026 and 2027 (2028).",
  "Until 22.11.2026, or 11/22/26.",
  "Task T-8k2f of lp-2 with GPT-5, sha256, H1 and B2B.",
  "Pull 12, PR #12, issue 7, step 3, lines 10-12, page 4, table 2, week 47.",
  "Version 1.2, v2.0.1, Node release 22, 10.0.1.",
  "See `12` and reports/2026-11-22.md and a/b2/c3.md or https://example.com/12.",
  "1. first\n2. second\n\n10) tenth",
  "## 1. Beginning\n\n### 2.1 Further",
  "```\n12\n```\n\n    13\n",
  "---\nid: 12\n---\nText.",
  "Commit 8f3a2c1d9e, id 123e4567-e89b-12d3-a456-426614174000.",
  "Write to 12@example.com.",
  "We grew.[^1] Much.[^b2]\n\n[^1]: By [12](/a.json#/n).\n[^b2]: As we said.\n",
  "We had [12](/a.json#/n) of them.",
  'Made <!-- 12 --> of <b class="w-12">wood</b>.',
])("no number of %j needs a link", async (text) => {
  expect(await numbers(text)).toEqual([]);
});

test.each<[string, string[]]>([
  ["We had 12 signups.", ["12"]],
  ["It rose by 2.3%, to $1,283 or 5 000.", ["2.3%", "$1,283", "5", "000"]],
  ["About 3k, 5x, 12ms, the 1st.", ["3k", "5x", "12ms", "1st"]],
  ["| a | b |\n| - | - |\n| x | 12 |", ["12"]],
  ["- 12 of them\n- none", ["12"]],
  ["# We made 12", ["12"]],
  ["We had [12](https://example.com/a.json#/n) and [13](/docs/a.md).", ["12", "13"]],
  ["![12 signups](a.png)", ["12"]],
  ["<div>We made 12 of 13</div>", ["12", "13"]],
  ["We made 1<b>2</b>.", ["12"]],
  ["We made &#49;2 and \\13.", ["12", "13"]],
  ["We made １２ and ٣.", ["１２", "٣"]],
  ["In 2026 signups, and 2026 more.", ["2026", "2026"]],
  ["May 12% and step 3.5 and week 4%.", ["12%", "3.5", "4%"]],
  ["EUR5 and USD12", ["5", "12"]],
  ["[12][x]\n\n[x]: https://example.com", ["12"]],
  ["We grew.[^a]\n\n[^a]: 99%\n", ["99%"]],
  ['We grew.[^1]\n\n[^1]: 412,000 "leads came in 7 days"\n', ["412,000", "7"]],
  ["We grew.[^a]\n\n[^a]: Much.\n\n    By 99%.\n", ["99%"]],
  ["We grew.[^a]\n[^a]: Much.\n\n    By 99%.\n", ["99%"]],
  ["> We grew.[^a]\n>\n> [^a]: 99%\n", ["99%"]],
  ["[x]: /y\n[^a]: 99%\n", ["99%"]],
  ["We grew by [^412].", ["412"]],
])("%j states numbers without a link", async (text, expected) => {
  expect(await numbers(text)).toEqual(expected);
});

test("a number without a link is named with its line and the words around it", async () => {
  const text = "---\nid: a\n---\n# Report\n\nFirst line,\nthen 12 signups.\n\n| a |\n| - |\n| 7 |\n";
  const { unproved } = await verified(text, FILES, { strict: true });
  expect(unproved).toEqual([
    { line: 7, number: "12", text: "First line, then 12 signups." },
    { line: 11, number: "7", text: "7" },
  ]);
  expect((await verified(text, FILES)).unproved).toEqual([]);
});
