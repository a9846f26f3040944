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

const SHOP = {
  "shop.json": JSON.stringify({
    plan: "pro",
    active: true,
    visits: 4200,
    down: 0,
    bytes: 7_340_032,
    years: [
      { year: 2025, spend: 40, status: "lost", lines: [{ n: 2 }, { n: 3 }] },
      { year: 2026, spend: 50, status: "won", lines: [{ n: 4 }] },
    ],
  }),
};
const shop = (said: string, formula: string): string => over(said, "shop.json", formula.replaceAll('"', "'"));

test.each([
  shop("25%", "years[year = 2026].spend / years[year = 2025].spend - 1"),
  shop("25", "100 * years[1].spend / years[0].spend - 100"),
  shop("100%", "1 - down / visits"),
  shop("7", "bytes / 1024 / 1024"),
  shop("70", "visits / 60"),
  shop("4.2", "visits / (10 * 100)"),
  shop("2", "$count(years)"),
  shop("1", "$count(years[status = 'lost'])"),
  shop("0", "$count(years[status = 'open'])"),
  shop("1", "$sum(years.(status = 'lost' ? 1 : 0))"),
  shop("40", "$sum(years.(year < 2026 ? spend : 0))"),
  shop("45", "$average(years.spend)"),
  shop("12", "$round(visits / 365)"),
  shop("11.51", "$round(visits / 365, 2)"),
  shop("0", "$floor(years[0].spend / years[1].spend)"),
  shop("20", "$sum(years.($sum(lines.n) * 2)) + $count(years)"),
  shop("won", "years[spend = $max($$.years.spend)].status"),
  shop("true", "years[0].spend < years[1].spend"),
  shop("true", "plan = 'pro'"),
  shop("true", "plan in ['pro', 'max']"),
  shop("true", "active"),
  shop("false", "plan = 'free'"),
  "[42](/shop.json#/visits '= $ / 100')",
])("%s says what the source says, and holds", async (text) => {
  expect(await wrongs(text, SHOP)).toEqual([]);
});

const OWN_NUMBER = "is a number of its own";
const SAME = "its value stays the same whatever the source says";

test.each([
  [shop("99%", "0.99"), OWN_NUMBER],
  [shop("1", "1"), OWN_NUMBER],
  [shop("99%", "visits * 0 + 0.99"), OWN_NUMBER],
  [shop("99", "visits / visits * 99"), OWN_NUMBER],
  [shop("99", "visits * 0 + 100 - 1"), OWN_NUMBER],
  [shop("4299", "visits + (100 - 1)"), "a part of it reads nothing"],
  [shop("4203", "visits + 1 + 1 + 1"), "it adds more than 2 numbers of its own"],
  [shop("99", "$max([visits / 1000000, 99])"), OWN_NUMBER],
  [shop("99", "visits > 0 ? 99 : 0"), OWN_NUMBER],
  [shop("3", "$sum(years.(status = 'lost' ? 3 : 0))"), OWN_NUMBER],
  [shop("99", "$max([99]) * visits / visits"), "a part of it reads nothing"],
  [shop("3", "$count([visits, visits, visits])"), "it counts one place twice"],
  [shop("3", "$count([visits, 1, 1])"), OWN_NUMBER],
  [shop("the best", "'the best'"), "stands in no source"],
  [shop("the best", "visits > 0 ? 'the best' : 'poor'"), "stands in no source"],
  [shop("true", "true"), "stands in no source"],
  [shop("true", "true and visits > 0"), "stands in no source"],
  [shop("100%", "visits / visits"), SAME],
  [shop("12", "visits / visits * 12"), SAME],
  [shop("100%", "visits / $$.visits"), SAME],
  [shop("100%", "years[0].spend / years[year = 2025].spend"), SAME],
  [over("100%", "data/leads.csv", "$cell(2,2) / rows[0].leads"), SAME],
  [over("100%", "notes/loan.txt", "$char(11,13) / $char(11,13)"), SAME],
  [shop("100", "visits - visits + 100"), SAME],
  [shop("100%", "visits / 1000000000 / 1000000000 + 1"), SAME],
  [shop("2", "$count([visits, down]) * visits / visits"), SAME],
  [shop("true", "visits = visits"), SAME],
  [shop("true", "1 < 2"), "it reads nothing"],
  [shop("0", "$count(gone)"), "it reads nothing"],
  [shop("0", "$count([])"), "a part of it reads nothing"],
])("%s says something of its own, and proves nothing", async (text, reason) => {
  expect(await wrongs(text, { ...FILES, ...SHOP })).toEqual([expect.stringContaining(reason)]);
});
