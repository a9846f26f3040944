import { expect, test } from "vitest";
import { verified, wrongs } from "./cases.ts";

const FILES = {
  "data/funnel.json": '{"signups":41,"visits":100,"steps":[{"n":5},{"n":7}],"0.1":0.1}',
  "data/leads.csv": 'id,leads,"cost, USD",rate\na,412,"$1,283.50",12%\nb,31,(20),8%\n',
  "notes/loan.txt": "A loan of $59. The balance is $13.\n",
};
const over = (said: string, file: string, formula: string): string => `[${said}](/${file} "= ${formula}")`;
const funnel = (said: string, formula: string): string => over(said, "data/funnel.json", formula);

test.each([
  funnel("41%", "signups / visits"),
  funnel("0.41", "signups / visits"),
  funnel("12", "$sum(steps.n)"),
  funnel("6.0", "$average(steps.n)"),
  funnel("14", "$sum(steps.(n + 1))"),
  funnel("-59%", "(signups - visits) / visits"),
  funnel("0.3", "`0.1` + `0.1` + `0.1`"),
  funnel("7", "steps[n > 5].n"),
  funnel("true", "signups < visits"),
  over("443", "data/leads.csv", "$sum(rows.leads)"),
  over("$1,263.50", "data/leads.csv", "$sum(rows.`cost, USD`)"),
  over("20%", "data/leads.csv", "$sum(rows.rate)"),
  over("381", "data/leads.csv", "$cell(2,2) - $cell(3,2)"),
  over("22%", "notes/loan.txt", "$char(31,33) / $char(11,13)"),
  "[1.4](/data/funnel.json#/steps '= $[1].n / $[0].n')",
])("%s holds", async (text) => {
  expect(await wrongs(text, FILES)).toEqual([]);
});

test.each([
  [funnel("42%", "signups / visits"), "the text says 42%, the source 0.41 (41%)"],
  [funnel("41", "signups / visits"), "the text says 41, the source 0.41"],
  [funnel("1", "signups / gone"), "gives nothing"],
  [funnel("1", "signups /"), "the formula over data/funnel.json: "],
  [funnel("1", "signups / 0"), "the formula over data/funnel.json"],
  [funnel("1", "steps"), "it gives a list of 2"],
  [funnel("1", "$char(0,1)"), "gives nothing"],
  [over("9", "notes/loan.txt", "$char(12,13)"), "gives nothing"],
  ["[1](/data/leads.csv#cell=1,1 '= 1')", "a formula is computed over a document"],
])("%s does not hold, and says why", async (text, reason) => {
  expect(await wrongs(text, FILES)).toEqual([expect.stringContaining(reason)]);
});

test.each([
  "($f := function($n){ $f($n) }; $f(1))",
  "(function(){1})()",
  "[1..10000000]",
  "$eval('1')",
  "$now()",
  "$millis()",
  "$random()",
  "$map([1], $abs)",
  "steps ~> $sum",
  "$match('aaaa', /(a+)+b/)",
  "$pad('a', 1000000000)",
  "$string($$)",
  "**",
  "steps.%",
  "steps@$s.n",
  "steps#$i.n",
  "steps^(n)",
  "steps{n: n}",
  "| steps | {} |",
  "$x",
  "(steps.n)[0]",
  "1; 2",
  "signups & visits",
  "$sum(?)",
])("%s is not part of formulas", async (formula) => {
  const escaped = formula.replaceAll("|", String.raw`\|`);
  const [reason] = await wrongs(
    `[1](/data/funnel.json (= ${escaped.replaceAll(/[()]/g, String.raw`\$&`)}))`,
    FILES,
  );
  expect(reason).toContain("the formula over data/funnel.json: ");
  expect(reason).toMatch(
    /not part of|no such function|no variables|one expression|filter|Syntax|Expected|symbol|operator|[Uu]nknown|evaluat/,
  );
});

test("a formula that goes on too long ends by count, and the rest of the text by what is left", async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => ({ n: i }));
  const files = { "big.json": JSON.stringify({ rows }) };
  const text = [
    "[0](/big.json '= $sum(rows.($sum($$.rows.n)))')",
    "[0](/big.json '= $count(rows[$count($$.rows[n > 0]) > n])')",
  ];
  for (const formula of text)
    expect(await wrongs(formula, files)).toEqual([expect.stringContaining("too many steps")]);
  const { links } = await verified("[2,000](/big.json '= $count(rows)')", files);
  expect(links.map((l) => l.ok)).toEqual([true]);
});
