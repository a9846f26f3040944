import { expect, test } from "vitest";
import { linkTo, verified, wrongs } from "./cases.ts";

/** What a text says, what stands at its source, and whether that proves it. */
const VALUES: readonly [said: string, source: string, holds: boolean][] = [
  ["1,283", "1283", true],
  ["1283", "$1,283", true],
  ["1\u00a0283", "1283", true],
  ["1 283", "1283", false],
  ["1’283", "1283", true],
  ["12,83", "1283", false],
  ["$1,283", "1283", true],
  ["$1,283", "€1,283", false],
  ["€1,283", "EUR 1283", true],
  ["(78,681)", "-78681", true],
  ["−78,681", "(78,681)", true],
  ["78,681", "(78,681)", false],
  ["$(0.40)", "-0.4", true],
  ["2.3", "2.345", true],
  ["2.35", "2.345", true],
  ["2.34", "2.345", false],
  ["2.30", "2.3", true],
  ["2,300", "2,283", false],
  ["50.7%", "50.7%", true],
  ["50.7 %", "50.7%", true],
  ["50.7%", "0.507", true],
  ["50.7%", "50.7", false],
  ["50.7", "50.7%", false],
  ["0.507", "50.7%", true],
  ["3.4", "3.4 million", false],
  ["3.4 million", "3.4", false],
  ["3.4 million", "3400000", false],
  ["3.4k", "3400", false],
  ["3.4 million", "3.4 million", true],
  ["1st", "1", true],
  ["3rd", "1", false],
  ["11th", "11", true],
  ["11st", "11", false],
  ["9-14", "9 - 14", true],
  ["14-9", "9 - 14", false],
  ["128 points overall", "128", true],
  ["in 2003", "2003", true],
  ["before 2003", "2003", false],
  ["less than 80.0", "80.0", false],
  ["no 5", "5", false],
  ["412 leads", "412", true],
  ["412 dollars", "€412", false],
  ["$412 in all", "$412", true],
  ["five of 7", "7", true],
  ["5 of 7", "7", false],
  ["7", "007", false],
  ["Finland", "finland", true],
  ["af117", "af119", false],
  ["1e3", "1000", false],
];

test.each(VALUES)("%j against %j: %j", async (said, source, holds) => {
  const files = { "a.csv": `"${source}"\n` };
  const { links } = await verified(linkTo(said, { file: "a.csv", kind: "cell", row: 0, col: 0 }), files);
  expect(links.map((l) => l.ok)).toEqual([holds]);
});

const JSON_FILE = {
  "data/ads.json":
    '{"campaigns":[{"id":"roofing-us","ctr":0.0234,"spend":12345678901234567890.5}],"a/b":{"m~n":1e3}}',
};

test("a pointer reads a JSON document, escapes and percent-encoding undone", async () => {
  const text =
    "[2.3%](/data/ads.json#/campaigns/0/ctr) [roofing-us](../data/ads.json#/campaigns/0/id) [1,000](/data/ads.json#/a~1b/m~0n) [1000](/data/ads.json#/a%7E1b/m%7e0n)";
  expect(await wrongs(text, JSON_FILE)).toEqual([]);
});

test("a number is compared with all of its digits, however many the file has", async () => {
  const at = "(/data/ads.json#/campaigns/0/spend)";
  expect(await wrongs(`[12345678901234567890.5]${at}`, JSON_FILE)).toEqual([]);
  expect(await wrongs(`[12345678901234567891.5]${at}`, JSON_FILE)).toHaveLength(1);
});

test.each([
  ["[1](/data/ads.json#/campaigns/1/ctr)", 'data/ads.json#/campaigns has no "1": it has 1 elements, from 0'],
  ["[1](/data/ads.json#/campaigns/-/ctr)", 'has no "-"'],
  ["[1](/data/ads.json#/campaigns/00/ctr)", 'has no "00"'],
  ["[1](/data/ads.json#/campaigns/0/cpc)", "it has id, ctr, spend"],
  ["[1](/data/ads.json#/constructor/name)", 'has no "constructor"'],
  ["[1](/data/ads.json#/campaigns)", "is a list, and no single value"],
  ["[1](/data/gone.json#/a)", "there is no file data/gone.json that may be read"],
  ["[1](../../etc/passwd#L1)", "its target leaves the repository"],
  ["[1](/..%2f..%2fetc/passwd#L1)", "its target leaves the repository"],
  ["[1](/.git/config#L1)", "git's own folder"],
  ["[1](/data/a%00b#L1)", "control character"],
  ["[1](/data/ads.json#cell=0,1)", "row and column from 1"],
  ["[1](/data/ads.json#cell=1,1-2,2)", "expected one cell"],
  ["[1](/data/ads.json#L3)", "has 1 lines, and no line 3"],
  ["[1](/data/ads.json#L2-L1)", "expected lines as in"],
  ["[1](/data/ads.json#/a~2b)", "~1 for /"],
  ["[1](/data/ads.json '=')", "expected a formula"],
  ["[1](/reports/a.md#L1)", "a file cannot prove itself"],
  ["[](/data/ads.json#/a~1b/m~0n)", "its text is empty"],
])("%s does not hold, and says why", async (text, reason) => {
  expect(await wrongs(text, JSON_FILE)).toEqual([expect.stringContaining(reason)]);
});

test.each([
  "[the page](/docs/a.md)",
  "[set up](/docs/a.md#set-up)",
  "[12](https://example.com/a.json#/a)",
  "[12](//example.com/a.json#/a)",
  "[12](mailto:a@b.c#/a)",
])("%s is no evidence", async (text) => {
  expect((await verified(text, {})).links).toEqual([]);
});

test("links by reference, in tables with an escaped bar, in lists, headings and emphasis are links", async () => {
  const text = [
    "# Rate [2.3%](/data/ads.json#/campaigns/0/ctr)",
    "- **[2.3%][ctr]**",
    "",
    "| a | b |",
    "| - | - |",
    String.raw`| [2](/data/f.json '= [a, b\|c]') | [2.3%](/data/ads.json#/campaigns/0/ctr) |`,
    "",
    "[ctr]: /data/ads.json#/campaigns/0/ctr",
  ].join("\n");
  const { links } = await verified(text, JSON_FILE);
  expect(links.map(({ line, ok }) => [line, ok])).toEqual([
    [1, true],
    [2, true],
    [6, false],
    [6, true],
  ]);
  expect(links[2]?.target).toBe("/data/f.json '= [a, b|c]'");
});

test("what touches the link belongs to the value that people read", async () => {
  const files = { "a.json": '{"a":2,"b":0.023,"c":-5}' };
  const said = async (text: string): Promise<[string, boolean][]> =>
    (await verified(text, files)).links.map((l) => [l.text, l.ok]);
  expect(await said("we have [2](/a.json#/a)5 of them")).toEqual([["25", false]]);
  expect(await said("we have [2](/a.json#/a)% of them")).toEqual([["2%", false]]);
  expect(await said("we have [2.3](/a.json#/b)% of them")).toEqual([["2.3%", true]]);
  expect(await said("we have -[2](/a.json#/a) of them")).toEqual([["-2", false]]);
  expect(await said("we have -[5](/a.json#/c) of them")).toEqual([["-5", true]]);
  expect(await said("we have 1[2](/a.json#/a) of them")).toEqual([["12", false]]);
  expect(await said("we have [2](/a.json#/a)**k** of them")).toEqual([["2k", false]]);
  expect(await said("we have ([2](/a.json#/a)), and [2](/a.json#/a).")).toEqual([
    ["2", true],
    ["2", true],
  ]);
});

test("a value that is shown backwards proves nothing", async () => {
  const files = { "a.json": '{"n":23}' };
  expect(await wrongs("We have \u202E[23](/a.json#/n)\u202C of them.", files)).toEqual([
    expect.stringContaining("turn the direction of writing"),
  ]);
  expect(await wrongs("We have [2\u200B3](/a.json#/n) of them.", files)).toHaveLength(1);
});

const CALL = {
  "notes/call.md":
    "# Call\n\nAnn said: we ship on\nFriday, not before. It costs $41.8 million,\nor 27% more; -5% in all.\nHeld on 2026-11-22 at 9:30.\n",
};

test.each([
  ['["we ship on Friday"](/notes/call.md#L3-L4)', true],
  ['["we ship on Friday"](/notes/call.md#L3)', false],
  ["[“we ship on Friday”](/notes/call.md#L3-L4)", true],
  ['["we ship"](/notes/call.md#L3-L4)', true],
  ['["ship on Frid"](/notes/call.md#L3-L4)', false],
  ['["hip on Friday"](/notes/call.md#L3-L4)', false],
  ['["We ship"](/notes/call.md#L3-L4)', false],
  ["[27%](/notes/call.md#L5)", true],
  ["[27%](/notes/call.md?plain=1#L5)", true],
  ["[27](/notes/call.md#L5)", false],
  ["[7%](/notes/call.md#L5)", false],
  ["[5%](/notes/call.md#L5)", false],
  ["[-5%](/notes/call.md#L5)", true],
  ['["5%"](/notes/call.md#L5)', false],
  ["[$41.8 million](/notes/call.md#L4)", true],
  ["[$41.8](/notes/call.md#L4)", false],
  ['["41"](/notes/call.md#L4)', false],
  ["[22](/notes/call.md#L6)", false],
  ["[2026-11-22](/notes/call.md#L6)", true],
  ["[30](/notes/call.md#L6)", false],
  ["[Friday](/notes/call.md#L4)", true],
  ["[Monday](/notes/call.md#L4)", false],
])("%s: %j", async (text, holds) => {
  expect((await verified(text, CALL)).links.map((l) => l.ok)).toEqual([holds]);
});

test("a front matter field is a place; a text may state its own", async () => {
  const own = "---\nid: one\npriority: high\n---\nIt is [high](#/priority) and [low](#/priority).\n";
  const { links } = await verified(own, { "reports/a.md": own });
  expect(links.map((l) => [l.line, l.ok])).toEqual([
    [5, true],
    [5, false],
  ]);
});

test("`units` says that a source counts in percent; nothing else does", async () => {
  const files = { "data/a.json": '{"c":[{"ctr":2.3}]}', "data/b.csv": "id,rate\nx,2.3\n" };
  const text = "[2.3%](/data/a.json#/c/0/ctr) [2.3%](/data/b.csv#cell=2,2)";
  expect(await wrongs(text, files)).toEqual([
    expect.stringContaining("% means hundredths"),
    expect.stringContaining("% means hundredths"),
  ]);
  expect(await wrongs(text, files, { percent: ["data/*.json#/c/*/ctr", "data/b.csv#rate"] })).toEqual([]);
});

const TOUCHED = {
  "a.json":
    '{"status":"active","pay":"paid","n":283,"m":1283,"big":283000,"ctr":0.41,"part":0.0041,"usd":"$412","plain":412,"five":5,"minus":-5}',
};

test.each([
  "It is [active](/a.json#/status), and [paid](/a.json#/pay).",
  "[Active](/a.json#/status)-only; “[active](/a.json#/status)”; the [active](/a.json#/status)'s end.",
  "状态是[active](/a.json#/status)的。",
  "It cost [412](/a.json#/usd)$, or $[412](/a.json#/usd), or [412](/a.json#/usd) $.",
  "It cost [412](/a.json#/usd) USD, or USD [412](/a.json#/usd); and [412](/a.json#/plain) €, € [412](/a.json#/plain).",
  "We sold [412](/a.json#/usd) €5 cards for 5 € [412](/a.json#/usd) times.",
  "A rate of [41](/a.json#/ctr) %, [0.41](/a.json#/part)&nbsp;%.",
  "A change of –[5](/a.json#/minus), −[5](/a.json#/minus); 3–[5](/a.json#/five); it was – [5](/a.json#/five) – so.",
  "We made 1'[283](/a.json#/m), 1&nbsp;[283](/a.json#/m), [283](/a.json#/big)'000, [283](/a.json#/big)&nbsp;000.",
  "In 2026&nbsp;[283](/a.json#/n)&nbsp;2026 and [5](/a.json#/five)&nbsp;leads.",
  "| [0.41](/a.json#/ctr) | % |\n| - | - |\n| € | [412](/a.json#/usd) |",
])("%s holds: what is beside a link is none of its value, or proved with it", async (text) => {
  expect(await wrongs(text, TOUCHED)).toEqual([]);
});

test.each([
  "It is in[active](/a.json#/status).",
  "It is un[paid](/a.json#/pay).",
  "It is [active](/a.json#/status)ly sold.",
  "It is **in**[active](/a.json#/status).",
  "It cost [412](/a.json#/usd)€.",
  "It cost [412](/a.json#/usd) €.",
  "It cost [412](/a.json#/usd)&nbsp;€.",
  "It cost [412](/a.json#/usd) EUR.",
  "It cost € [412](/a.json#/usd).",
  "A rate of [0.41](/a.json#/ctr) %.",
  "A rate of [0.41](/a.json#/ctr)\n%.",
  "A rate of [0.41](/a.json#/ctr)&nbsp;%.",
  "A rate of [0.41](/a.json#/ctr) ‰.",
  "A change of –[5](/a.json#/five).",
  "A change of (–[5](/a.json#/five)).",
  "We made 1'[283](/a.json#/n).",
  "We made 1&nbsp;[283](/a.json#/n).",
  "We made 1&nbsp;000&nbsp;[283](/a.json#/n).",
  "We made [283](/a.json#/n)'000.",
  "We made [283](/a.json#/n)&nbsp;000.",
])("%s does not hold: people read another value", async (text) => {
  expect(await wrongs(text, TOUCHED)).toEqual([expect.stringContaining("differs")]);
});
