import { expect, test } from "vitest";
import { openLibrary } from "../../src/domain/evidence/library.ts";
import { verify } from "../../src/domain/evidence/verify.ts";
import { query } from "../../src/tool/query.ts";
import { deskOf, FILES } from "../job.ts";

const FUNNEL = '{"signups":41,"visits":123,"campaigns":[{"id":"a","spend":3},{"id":"b","spend":4}]}';
const LEADS = 'id,name,leads\na,"x | y",412\nb,z,31\n';
const files = {
  ...FILES,
  "data/funnel.json": FUNNEL,
  "data/a (1)#%.csv": LEADS,
  "data/leads.csv": LEADS,
  "secret/pay.json": '{"ceo":7}',
};
const desk = () => deskOf({ files, spec: { reads: ["data/**"], evidence: { mode: "strict" } } });

const ask = async (path: string, formula: string, at = desk()): Promise<string> =>
  query.run({ path, formula }, at);

test("it returns the value and its finished link, and whose it is", async () => {
  expect(await ask("data/funnel.json", "$sum(campaigns.spend)")).toBe(
    "7\nLink: [7](/data/funnel.json '= $sum(campaigns.spend)')",
  );
  expect(await ask("data/funnel.json", "campaigns[id='b'].spend")).toBe(
    `4\nLink: [4](/data/funnel.json "= campaigns[id='b'].spend")\nName what it belongs to in the same sentence, table row or heading: "b"`,
  );
  expect(await ask("data/leads.csv", "rows[id='a'].leads")).toContain("412\n");
});

test.each([
  ["data/funnel.json", "signups / visits"],
  ["data/funnel.json", `campaigns[id='b' and id!="c"].spend`],
  ["data/leads.csv", "rows[name='x | y'].leads"],
  ["data/a (1)#%.csv", "$cell(2,3) - $cell(3,3)"],
  ["data/leads.csv", "rows[leads=31].name"],
])("the link for %s and %s holds as it is written, also in a table", async (path, formula) => {
  const [, link = ""] = /Link: (.*)/.exec(await ask(path, formula)) ?? [];
  const read = (file: string): Promise<string | null> =>
    Promise.resolve(new Map<string, unknown>(Object.entries(files)).get(file)?.toString() ?? null);
  for (const text of [`a, b: ${link}`, `| a and b |\n| - |\n| ${link} |`]) {
    const rules = { strict: true, identity: false, percent: [], closed: () => null };
    const done = await verify({ path: "r.md", text }, openLibrary({ read, front: () => null }), rules);
    expect(done).toMatchObject({ links: [{ ok: true, path }], unproved: [] });
  }
});

test("what it read is lineage", async () => {
  const at = desk();
  await ask("data/funnel.json", "signups", at);
  expect(at.saw.map((s) => s.path)).toEqual(["data/funnel.json"]);
});

test.each([
  ["secret/pay.json", "ceo", "There is no file"],
  ["data/gone.json", "ceo", "There is no file"],
  ["data/funnel.json", "gone", "Nothing was computed. the formula over data/funnel.json: it gives nothing"],
  ["data/funnel.json", "campaigns", "gives a list of 2"],
  ["data/funnel.json", "$eval('1')", "there is no such function; there are $sum"],
  ["data/funnel.json", "signups +", "the formula over data/funnel.json"],
])("%s: %s is refused with what to do", async (path, formula, message) => {
  await expect(ask(path, formula)).rejects.toThrow(message);
});
