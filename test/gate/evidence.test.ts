import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Spec } from "../../src/domain/spec.ts";
import { evidence } from "../../src/gate/evidence.ts";
import type { GateInput } from "../../src/gate/gate.ts";
import { parseFile } from "../../src/store/matter.ts";
import { attempt, change, DONE, own } from "./bench.ts";

const ADS = '{"campaigns":[{"id":"roofing-us","ctr":0.023},{"id":"siding-de","ctr":0.041}]}';
const SPEC = { reads: ["data/**"], produces: ["reports/*"], evidence: { mode: "linked" } };
const ROOF = "The CTR of roofing-us is [2.3%](/data/ads.json#/campaigns/0/ctr).\n";

interface Setup extends NonNullable<Parameters<typeof attempt>[0]> {
  before?: string;
}

/** An attempt whose report says this. */
const says = (text: string, { before, ...setup }: Setup = {}): GateInput =>
  attempt({
    spec: SPEC,
    files: { "data/ads.json": ADS, "secret/pay.json": '{"ceo":7}' },
    changes: [own(DONE), change("reports/a.md", before ?? null, text)],
    ...setup,
  });

const judged = (input: GateInput) => evidence.judge(input);

test("links that hold pass, and the verdict counts them", async () => {
  expect(
    await judged(says(`${ROOF}\nAgain, roofing-us: [0.023](../data/ads.json#/campaigns/0/ctr).\n`)),
  ).toMatchObject({
    ruling: "pass",
    sentence: "2 statements verified against the source",
  });
  expect(await judged(says("All is well.\n"))).toMatchObject({
    ruling: "pass",
    sentence: "no statement links to a source",
  });
});

test("an invented number fails with its line and both values, and the agent can mend it", async () => {
  expect(await judged(says(`# Report\n\n${ROOF.replace("2.3%", "3.1%")}`))).toEqual({
    gate: "evidence",
    ruling: "fail",
    sentence: "1 statement not proved by the source; 0 verified",
    details: [
      "reports/a.md:3: [3.1%](/data/ads.json#/campaigns/0/ctr): it differs: the text says 3.1%, the source 0.023 (2.3%)",
    ],
    mendable: true,
  });
});

test("a formula that reads its number passes; one that brings it along, or a text, fails", async () => {
  const by = async (said: string, formula: string) =>
    judged(says(`Roofing-us converts [${said}](/data/ads.json "= ${formula}") of visitors.\n`));
  expect((await by("2.3%", "campaigns[id = 'roofing-us'].ctr")).ruling).toBe("pass");
  for (const [said, formula] of [
    ["99%", "0.99"],
    ["99%", "campaigns[id = 'roofing-us'].ctr * 0 + 0.99"],
    ["100%", "campaigns[id = 'roofing-us'].ctr / campaigns[0].ctr"],
    ["the best", "'the best'"],
  ] as const)
    expect(await by(said, formula)).toMatchObject({ ruling: "fail", mendable: true });
});

test("the right number of the wrong campaign fails and says whose it is; `identity: off` lets it pass", async () => {
  const text = ROOF.replace("/0/", "/1/").replace("2.3%", "4.1%");
  const { ruling, details } = await judged(says(text));
  expect(ruling).toBe("fail");
  expect(details[0]).toContain("that is the number of siding-de, and the words around it name roofing-us");
  const spec = { ...SPEC, evidence: { mode: "linked", identity: "off" } };
  expect((await judged(says(text, { spec }))).ruling).toBe("pass");
});

test("a number without a link fails in strict mode only, and not on the board", async () => {
  const text = `${ROOF}That is 7 more than before.\n`;
  const strict = { spec: { ...SPEC, evidence: { mode: "strict" } } };
  expect((await judged(says(text))).ruling).toBe("pass");
  expect(await judged(says(text, strict))).toMatchObject({
    ruling: "fail",
    details: [expect.stringContaining("reports/a.md:2: 7 has no link to its source")],
  });
  const board = [own(`${DONE}\nWe need 7 more.\n`), change("reports/a.md", null, ROOF)];
  expect((await judged(says("", { ...strict, changes: board }))).ruling).toBe("pass");
});

test.each([
  [
    "outside what it reads",
    "[7](/secret/pay.json#/ceo)",
    "secret/pay.json is not among the files that writer may see",
  ],
  ["outside the repository", "[7](/../pay.json#/ceo)", "leaves the repository"],
])("a source %s proves nothing, whether it exists or not", async (_, link, reason) => {
  const details = async (files: Record<string, string>): Promise<string[]> =>
    (await judged(says(`It is ${link}.\n`, { files }))).details;
  const there = await details({ "secret/pay.json": '{"ceo":7}' });
  expect(there).toEqual([expect.stringContaining(reason)]);
  expect(await details({})).toEqual(there);
});

test("a source may be the change's own file; a deleted one, a link or a binary file proves nothing", async () => {
  const text = "In all [7](/reports/sum.json#/n).\n";
  const by = async (more: Parameters<typeof change>, extra = {}): Promise<string> =>
    (
      await judged(
        says(text, {
          changes: [change("reports/a.md", null, text), change(more[0], more[1], more[2], extra)],
        }),
      )
    ).ruling;
  expect(await by(["reports/sum.json", null, '{"n":7}'])).toBe("pass");
  expect(await by(["reports/sum.json", '{"n":6}', '{"n":7}'])).toBe("pass");
  expect(await by(["reports/sum.json", '{"n":7}', '{"n":6}'])).toBe("fail");
  expect(await by(["reports/sum.json", '{"n":7}', null])).toBe("fail");
  expect(await by(["reports/sum.json", null, '{"n":7}'], { newMode: "120000" })).toBe("fail");
  expect(await by(["reports/sum.json", null, null], { newMode: "100644", binary: true })).toBe("fail");
});

test("what a file said before, and was as wrong then, is not this change's; what it makes wrong is", async () => {
  const old = "Siding-de had [9%](/data/ads.json#/campaigns/1/ctr).\n";
  expect((await judged(says(`${old}${ROOF}`, { before: old }))).ruling).toBe("pass");
  const heading = `## roofing-us\n\nIt had [2.3%](/data/ads.json#/campaigns/0/ctr).\n`;
  const renamed = heading.replace("roofing-us", "siding-de");
  expect((await judged(says(renamed, { before: heading }))).ruling).toBe("fail");
  const data = change("data/ads.json", ADS, ADS.replace("0.023", "0.5"));
  const page = change("reports/a.md", ROOF, `${ROOF}More.\n`);
  expect((await judged(says("", { changes: [page, data] }))).ruling).toBe("fail");
});

test("a source that says something else at the tip is inconclusive; one that still proves it is not", async () => {
  const tip = (json: string): Setup => ({ files: { "data/ads.json": ADS }, tip: { "data/ads.json": json } });
  const moved = await judged(says(ROOF, tip(ADS.replace("0.023", "0.031"))));
  expect(moved).toMatchObject({
    ruling: "inconclusive",
    sentence: "the source moved under 1 statement",
    mendable: false,
    details: [
      expect.stringContaining("reports/a.md:1: [2.3%](/data/ads.json#/campaigns/0/ctr): the source moved"),
    ],
  });
  expect((await judged(says(ROOF, { files: { "data/ads.json": ADS }, tip: {} }))).ruling).toBe(
    "inconclusive",
  );
  const grown = ADS.replace("]}", ',{"id":"gutters","ctr":0.5}]}');
  expect((await judged(says(ROOF, tip(grown)))).ruling).toBe("pass");
});

test("`units`, `keys` and front matter count as the spec says", async () => {
  const files = { "data/days.json": '{"days":[{"date":"2026-11-01","rate":2.3}]}' };
  const text =
    "On 2026-11-01 it was [2.3%](/data/days.json#/days/0/rate). The task is [normal](/board/x.md#/priority).\n";
  const more = { ...files, "board/x.md": "---\nid: x\npriority: normal\n---\n" };
  const units = { "data/*.json#/days/*/rate": "percent" };
  const spec = { ...SPEC, evidence: { mode: "linked", keys: ["date"], units } };
  expect(await judged(says(text, { files: more, spec }))).toMatchObject({ ruling: "pass", details: [] });
  expect((await judged(says(text, { files: more }))).details).toHaveLength(1);
});

test("a text that cannot be read for sure fails; it never passes unread", async () => {
  const deep = `${"> ".repeat(60)}[9%](/data/ads.json#/campaigns/1/ctr)\n`;
  expect(await judged(says(deep))).toMatchObject({
    ruling: "fail",
    details: [expect.stringContaining("nest too deep")],
  });
  const long = `${"word ".repeat(90_000)}\n`;
  expect(await judged(says(long))).toMatchObject({
    ruling: "fail",
    details: [expect.stringContaining("longer than")],
  });
});

test("the spec that the page on evidence shows can be read, and a wrong one is named with its line", () => {
  const [, yaml = ""] = /```yaml\n(evidence:[^]*?)```/.exec(readFileSync("docs/evidence.md", "utf8")) ?? [];
  const file = (evidenceLines: string): string =>
    `---\nname: a\ndescription: A\nengine: { kind: openai }\n${evidenceLines}---\n`;
  const read = parseFile("agents/a.md", file(yaml), Spec);
  expect(read).toMatchObject({
    ok: true,
    value: { evidence: { mode: "strict", identity: "on", keys: ["date"] } },
  });
  expect(parseFile("agents/a.md", file("evidence: { mode: loose }\n"), Spec)).toMatchObject({
    ok: false,
    findings: [{ line: 5, message: expect.stringContaining("strict") }],
  });
  expect(parseFile("agents/a.md", file('evidence: { units: { "data": percent } }\n'), Spec)).toMatchObject({
    ok: false,
    findings: [{ line: 5, message: expect.stringContaining("#") }],
  });
});

test("a page that is not text fails, and says so", async () => {
  const odd = change("reports/a.md", null, null, { newMode: "100644", binary: true });
  expect(await judged(says("", { changes: [own(DONE), odd] }))).toMatchObject({
    ruling: "fail",
    details: ["reports/a.md: it is not text, so what it states cannot be checked"],
  });
});

test("only pages are held, and a page that goes is not", async () => {
  const strict = { ...SPEC, evidence: { mode: "strict" } };
  const table = change("reports/a.csv", null, "visits\n4711\n");
  const gone = change("reports/old.md", "We had 4711 visits.\n", null);
  expect(await judged(attempt({ spec: strict, changes: [own(DONE), table, gone] }))).toMatchObject({
    ruling: "pass",
  });
});

test("a source that the change itself writes is the change's own, whatever the tip says by now", async () => {
  const files = { "reports/n.json": '{"n":1}' };
  const changes = [
    own(DONE),
    change("reports/a.md", null, "There are [2](/reports/n.json#/n).\n"),
    change("reports/n.json", '{"n":1}', '{"n":2}'),
  ];
  const input = attempt({ spec: SPEC, files, tip: { "reports/n.json": '{"n":3}' }, changes });
  expect((await judged(input)).ruling).toBe("pass");
});

test("forty problems are told whole; of more, how many are left", async () => {
  const wrong = (n: number): GateInput =>
    says("roofing-us: [9%](/data/ads.json#/campaigns/0/ctr).\n\n".repeat(n));
  expect((await judged(wrong(40))).details).toHaveLength(40);
  expect((await judged(wrong(40))).details.at(-1)).toContain("it differs");
  expect((await judged(wrong(42))).details.at(-1)).toBe("and 2 more");
});

const STRICT = { ...SPEC, evidence: { mode: "strict" } };
const BARE = "Roofing-us converts 99% of its 412,000 visitors.\n";
/** An attempt under `strict` with a page that holds, and this file beside it. */
const beside = (path: string, text: string | null, extra = {}): GateInput =>
  says("", {
    spec: STRICT,
    changes: [own(DONE), change("reports/a.md", null, ROOF), change(path, null, text, extra)],
  });

test.each(["md", "MD", "markdown", "mdown", "mdwn", "mkd", "mkdn", "mkdown", "mdx", "Rmd", "qmd"])(
  "whatever forges show as markdown is a page: .%s",
  async (ending) => {
    const path = `reports/b.${ending}`;
    expect((await judged(beside(path, ROOF))).ruling).toBe("pass");
    expect(await judged(beside(path, BARE))).toMatchObject({
      ruling: "fail",
      details: [expect.stringContaining(`${path}:1: 99%`), expect.stringContaining(`${path}:1: 412,000`)],
    });
  },
);

test("in linked mode, too, a link of a page with another ending is held", async () => {
  const page = change("reports/b.mkd", null, ROOF.replace("2.3%", "3.1%"));
  expect(await judged(says("", { changes: [own(DONE), page] }))).toMatchObject({ ruling: "fail" });
});

test.each(["txt", "html", "HTM", "rst", "adoc", "org", "tex", "svg", "ipynb", "log", "new", "md.bak"])(
  "in strict mode, a text that is neither markdown nor data nor code fails: .%s",
  async (ending) => {
    const path = `reports/b.${ending}`;
    expect(await judged(beside(path, BARE))).toMatchObject({
      ruling: "fail",
      mendable: true,
      details: [expect.stringContaining(`${path}: what it states cannot be checked: write sentences in`)],
    });
    const linked = [own(DONE), change("reports/a.md", null, ROOF), change(path, null, BARE)];
    expect((await judged(says("", { changes: linked }))).ruling).toBe("pass");
    const gone = [own(DONE), change("reports/a.md", null, ROOF), change(path, BARE, null)];
    expect((await judged(says("", { spec: STRICT, changes: gone }))).ruling).toBe("pass");
  },
);

test("in strict mode, data, code, pictures and the board pass beside a page; prose in odd bytes does not", async () => {
  for (const path of [
    "b.json",
    "b.jsonl",
    "b.csv",
    "b.TSV",
    "b.yml",
    "b.toml",
    "b.ts",
    "b.mjs",
    "b.py",
    "b.sh",
  ])
    expect([path, (await judged(beside(`reports/${path}`, "99\n"))).ruling]).toEqual([path, "pass"]);
  const bytes = { newMode: "100644", binary: true };
  expect((await judged(beside("reports/b.png", null, bytes))).ruling).toBe("pass");
  expect((await judged(beside("board/note.txt", BARE))).ruling).toBe("pass");
  expect((await judged(beside("reports/b.html", null, bytes))).ruling).toBe("fail");
  expect((await judged(beside("reports/README", BARE))).ruling).toBe("fail");
});
