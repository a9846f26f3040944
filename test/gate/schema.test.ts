import { expect, test } from "vitest";
import { GateSettings, type SchemaGate } from "../../src/domain/verdict/gates.ts";
import type { GateVerdict } from "../../src/domain/verdict/verdict.ts";
import { gatesFor, type Asked } from "../../src/gate/asked.ts";
import { judge } from "../../src/gate/index.ts";
import { schemaGate } from "../../src/gate/schema.ts";
import { readMatter } from "../../src/store/matter.ts";
import { attempt as input, change, DONE, own, report } from "./bench.ts";

const SCHEMA = JSON.stringify({
  type: "object",
  required: ["ctr"],
  additionalProperties: false,
  properties: { ctr: { type: "number", maximum: 1 }, note: { type: "string" } },
});

const front = (text: string): Record<string, unknown> | null => {
  const matter = readMatter("", text);
  return "rule" in matter ? null : matter.data;
};
const settings = (more: Partial<SchemaGate> = {}): SchemaGate => {
  const gate = GateSettings.parse({ kind: "schema", files: ["data/*"], schema: "schemas/ads.json", ...more });
  if (gate.kind !== "schema") throw new Error("another kind");
  return gate;
};

async function ruling(
  path: string,
  after: string | null,
  more: Partial<SchemaGate> = {},
  text: string | null = SCHEMA,
) {
  const gate = schemaGate("ads", { settings: settings(more), text, front });
  const {
    ruling: is,
    details,
    sentence,
  } = await gate.judge(input({ changes: [change(path, after === null ? "{}" : null, after)] }));
  return { is, details, sentence };
}

test("a file that is as its schema says passes, and one that is not fails with the place", async () => {
  expect(await ruling("data/ads.json", '{"ctr":0.5}')).toMatchObject({ is: "pass", details: [] });
  expect(await ruling("data/ads.json", '{"ctr":"high","cost":1}')).toEqual({
    is: "fail",
    sentence: "a file is not as schemas/ads.json says",
    details: [
      "data/ads.json: the whole: must NOT have additional properties (cost)",
      "data/ads.json: ctr: must be number",
    ],
  });
});

test("text that is no JSON, or JSON in which a key stands twice, fails", async () => {
  expect(await ruling("data/ads.json", "ctr: 1")).toMatchObject({ is: "fail" });
  expect(await ruling("data/ads.json", '{"ctr":9,"ctr":0.5}')).toMatchObject({ is: "fail" });
});

test("front matter is held to its schema, and a file without any fails", async () => {
  const of = { of: "front", files: ["pages/*.md"] } satisfies Partial<SchemaGate>;
  expect(await ruling("pages/a.md", "---\nctr: 0.5\n---\nText\n", of)).toMatchObject({ is: "pass" });
  expect(await ruling("pages/a.md", "---\nctr: 2\n---\nText\n", of)).toMatchObject({
    is: "fail",
    details: ["pages/a.md: ctr: must be <= 1"],
  });
  expect(await ruling("pages/a.md", "Text\n", of)).toMatchObject({
    is: "fail",
    details: ["pages/a.md: it has no front matter that can be read"],
  });
  expect(await ruling("pages/a.md", "---\na: [\n---\nText\n", of)).toMatchObject({ is: "fail" });
});

test("a file that is not text fails, and says so", async () => {
  const gate = schemaGate("ads", { settings: settings(), text: SCHEMA, front });
  const odd = change("data/ads.json", null, null, { newMode: "100644", binary: true });
  expect((await gate.judge(input({ changes: [odd] }))).details).toEqual(["data/ads.json: it is not text"]);
});

test("other files, and files that are deleted, are not its business", async () => {
  expect(await ruling("pages/a.json", "nonsense")).toMatchObject({
    is: "pass",
    sentence: "it changes no file that this schema is for",
  });
  expect(await ruling("data/ads.json", null)).toMatchObject({ is: "pass" });
});

test("a schema that is missing, no JSON, or no schema is inconclusive, and that is no pass", async () => {
  for (const text of [
    null,
    "{",
    "[]",
    '{"type":"nonsense"}',
    '{"tpye":"object"}',
    '{"$ref":"https://example.com/x"}',
  ])
    expect(await ruling("data/ads.json", '{"ctr":0.5}', {}, text)).toMatchObject({ is: "inconclusive" });
  const { sentence } = await ruling("data/ads.json", '{"ctr":0.5}', {}, "{");
  expect(sentence).toMatch(/^schemas\/ads\.json is no schema: .*JSON/);
});

const asked = (names: readonly string[], more: Partial<Asked> = {}): Asked => ({
  names,
  declared: {
    ads: settings(),
    links: GateSettings.parse({ kind: "command", run: ["node", "check.mjs"] }),
  },
  schemas: new Map([["schemas/ads.json", SCHEMA]]),
  front,
  outside: new Map(),
  ...more,
});
const told = async (what: Asked) => {
  const { ruling: is, gates } = await judge(input({ changes: [own(DONE), report] }), gatesFor(what));
  return { is, gates: gates.map((g) => `${g.gate} ${g.ruling}`), last: gates.at(-1)?.sentence };
};
const verdict: GateVerdict = {
  gate: "other",
  ruling: "pass",
  sentence: "fine",
  details: [],
  mendable: false,
};

test("a gate that is asked for judges besides those that always do", async () => {
  expect(await told(asked(["ads", "size"]))).toMatchObject({
    is: "pass",
    gates: ["paths pass", "size pass", "secrets pass", "record pass", "references pass", "ads pass"],
  });
});

test("pullbeat's own gate for evidence is asked for by its name", async () => {
  expect((await told(asked(["evidence"]))).gates).toContain("evidence pass");
});

test("a gate that nobody knows is no pass, and the one that was meant is named", async () => {
  expect(await told(asked(["adds"]))).toMatchObject({
    is: "inconclusive",
    last: "there is no gate adds; did you mean ads?",
  });
  expect(await told(asked(["constructor"]))).toMatchObject({ is: "inconclusive" });
});

test("a gate that judges elsewhere is no pass before it has, and never speaks under another's name", async () => {
  expect(await told(asked(["links"]))).toMatchObject({ is: "inconclusive", last: "it has not judged yet" });
  const outside = new Map([["links", verdict]]);
  expect(await told(asked(["links"], { outside }))).toMatchObject({
    is: "pass",
    gates: expect.arrayContaining(["links pass"]),
  });
  expect(
    await told(asked(["ads"], { outside: new Map([["ads", { ...verdict, ruling: "fail" }]]) })),
  ).toMatchObject({
    is: "pass",
  });
});
