import { expect, test } from "vitest";
import { wrongs } from "./cases.ts";

const FILES = {
  "ads.json": JSON.stringify({
    total: 9,
    campaigns: [
      { id: "roofing-us", name: "Roofing US", ctr: 0.023, ads: [{ id: "a1", clicks: 4 }] },
      { id: "roofing-us-2", name: "Roofing US 2", ctr: 0.031, ads: [{ id: "a2", clicks: 7 }] },
      { id: "siding-de", name: "Siding", ctr: 0.041, ads: [] },
      { id: "gutters", name: "Gutters", ctr: 0.05, ads: [] },
      { id: "doors", name: "Doors", ctr: 0.06, ads: [] },
    ],
    days: [
      { date: "2026-11-01", visits: 10 },
      { date: "2026-11-02", visits: 20 },
    ],
    series: [1, 2, 3],
    people: [
      { id: 7, name: "Ann", age: 40 },
      { id: 8, name: "Bob", age: 50 },
    ],
    twins: [
      { id: "x1", name: "Twin", n: 1 },
      { id: "x2", name: "Twin", n: 2 },
    ],
  }),
  "leads.csv": "campaign,month,leads\nroofing,jan,412\nsiding,jan,31\n",
};
const ON = { identity: true };
const CTR = (i: number, text: string): string => `[${text}](/ads.json#/campaigns/${i}/ctr)`;

test.each([
  ["in the same sentence, by its id", `The CTR of roofing-us was ${CTR(0, "2.3%")}.`],
  ["in the same sentence, by its name", `Roofing US had a CTR of ${CTR(0, "2.3%")}.`],
  ["in a heading above", `## roofing-us\n\nThe CTR was ${CTR(0, "2.3%")}.`],
  ["in a heading further up", `# Roofing US\n\n## CTR\n\nIt was ${CTR(0, "2.3%")}.`],
  ["in the same table row", `| campaign | ctr |\n| - | - |\n| roofing-us | ${CTR(0, "2.3%")} |`],
  [
    "in its table column's header",
    `| | roofing-us | Siding |\n| - | - | - |\n| ctr | ${CTR(0, "2.3%")} | ${CTR(2, "4.1%")} |`,
  ],
  ["by a link that is its own id", `[roofing-us](/ads.json#/campaigns/0/id) had ${CTR(0, "2.3%")}.`],
  ["by its row's key column", "In January roofing had [412](/leads.csv#cell=2,3) leads."],
  ["at every level of nesting", "Ad a1 of roofing-us had [4](/ads.json#/campaigns/0/ads/0/clicks) clicks."],
  ["when the place lies in no record", "In all there were [9](/ads.json#/total)."],
  ["when an array holds bare values", "The second was [2](/ads.json#/series/1)."],
  ["when the value is the identity itself", "The best one is [Siding](/ads.json#/campaigns/2/name)."],
  ["when the header of a table is quoted", "The column is called [leads](/leads.csv#cell=1,3)."],
])("a number holds when its record is named %s", async (_, text) => {
  expect(await wrongs(text, FILES, ON)).toEqual([]);
});

test.each([
  ["nowhere", `The CTR was ${CTR(0, "2.3%")}.`, "that is the number of roofing-us / Roofing US: name it"],
  ["only in another sentence", `We looked at roofing-us. The CTR was ${CTR(0, "2.3%")}.`, "name it"],
  [
    "not, and another is",
    `Siding had ${CTR(0, "2.3%")}.`,
    "that is the number of roofing-us / Roofing US, and the words around it name siding-de",
  ],
  [
    "only as the beginning of another's name",
    `Roofing US 2 had ${CTR(0, "2.3%")}.`,
    "and the words around it name roofing-us-2",
  ],
  [
    "in the heading, but the sentence names another",
    `## roofing-us\n\nSiding had ${CTR(0, "2.3%")}.`,
    "name siding-de",
  ],
  [
    "far up, but a nearer heading names another",
    `# roofing-us\n\n## siding-de\n\nIt had ${CTR(0, "2.3%")}.`,
    "name siding-de",
  ],
  [
    "in another table row",
    `| c | ctr |\n| - | - |\n| roofing-us | ${CTR(2, "4.1%")} |\n| siding-de | ${CTR(2, "4.1%")} |`,
    "name roofing-us",
  ],
  [
    "in another table column",
    `| | roofing-us | Siding |\n| - | - | - |\n| ctr | ${CTR(2, "4.1%")} | |`,
    "name roofing-us",
  ],
  [
    "by another row's key",
    "In January siding had [412](/leads.csv#cell=2,3) leads.",
    "that is the number of roofing, and the words around it name siding",
  ],
  [
    "only its outer record",
    "roofing-us had [4](/ads.json#/campaigns/0/ads/0/clicks) clicks.",
    "that is the number of a1",
  ],
  ["only by a name that it shares", "Twin had [1](/ads.json#/twins/0/n).", "that is the number of x1"],
  [
    "only by a bare number that may mean anything",
    "After 7 days the age was [40](/ads.json#/people/0/age).",
    "that is the number of Ann",
  ],
  [
    "not, for it has no identity",
    "On 2026-11-01 we had [10](/ads.json#/days/0/visits) visits.",
    "its record has no id, name or slug",
  ],
  ["only by the words of the link", `The CTR was [2.3% roofing-us](/ads.json#/campaigns/0/ctr).`, "name it"],
])("a number fails when its record is named %s", async (_, text, reason) => {
  expect(await wrongs(text, FILES, ON)).toEqual([expect.stringContaining(reason)]);
  expect(await wrongs(text, FILES)).toEqual([]);
});

test("a spec may name the field that tells records apart", async () => {
  const text = "On 2026-11-01 we had [10](/ads.json#/days/0/visits) visits.";
  expect(await wrongs(text, FILES, { ...ON, keys: ["date"] })).toEqual([]);
  const other = text.replace("2026-11-01", "2026-11-02");
  expect(await wrongs(other, FILES, { ...ON, keys: ["date"] })).toEqual([
    expect.stringContaining("name 2026-11-02"),
  ]);
});

const formula = (said: string, what: string): string => `[${said}](/ads.json "= ${what}")`;

test.each([
  ["that picks a named record", `Siding had ${formula("4.1%", "campaigns[id='siding-de'].ctr")}.`],
  ["over the whole list", `The mean was ${formula("4.1%", "$average(campaigns.ctr)")}.`],
  [
    "over the whole list, of one that is picked by its value",
    `The best had ${formula("6%", "$max(campaigns.ctr)")}.`,
  ],
  [
    "that compares two that are both named",
    `Siding over Gutters is ${formula("0.82", "campaigns[id='siding-de'].ctr / campaigns[id='gutters'].ctr")}.`,
  ],
])("a formula %s holds", async (_, text) => {
  expect(await wrongs(text, FILES, ON)).toEqual([]);
});

test.each([
  ["by its id", `Roofing US had ${formula("4.1%", "campaigns[id='siding-de'].ctr")}.`],
  ["by its place", `Roofing US had ${formula("4.1%", "campaigns[2].ctr")}.`],
  ["by its value", `Roofing US had ${formula("4.1%", "campaigns[ctr = 0.041].ctr")}.`],
  ["below a pointer", `Roofing US had [4.1%](/ads.json#/campaigns/2 '= ctr').`],
  ["of a table", "Siding had [412](/leads.csv '= $cell(2,3)')."],
  ["of a table by its row", `Siding had [412](/leads.csv "= rows[campaign='roofing'].leads").`],
])("a formula that picks another record %s fails", async (_, text) => {
  expect(await wrongs(text, FILES, ON)).toEqual([expect.stringContaining("that is the number of")]);
  expect(await wrongs(text, FILES)).toEqual([]);
});
