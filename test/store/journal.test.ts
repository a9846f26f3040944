import { expect, test } from "vitest";
import {
  BeatRecord,
  Control,
  controlPath,
  endedPath,
  Merge,
  mergePath,
  recordPath,
} from "../../src/domain/record.ts";
import type { Journal } from "../../src/domain/snapshot.ts";
import { recordsOf } from "../../src/store/records.ts";
import { makeWorld } from "../world.ts";
import { write } from "./draft.ts";

const sha = "a".repeat(40);
const NOW = new Date("2026-11-22T07:00:00Z");

const record = (agent: string, slot: string, ended: string): BeatRecord =>
  BeatRecord.parse({
    version: 1,
    pullbeat: "0.1.0",
    agent,
    slot,
    outcome: "rested",
    reason: "nothing is ready",
    wake: "slot",
    base: sha,
    spec: sha,
    now: ended,
    started: ended,
    ended,
    chain: 0,
    turn: 1,
    attempts: [],
  });

const control = (at: string, verb: string): Control =>
  Control.parse({
    version: 1,
    verb,
    target: { kind: "fleet" },
    who: "ann",
    why: "",
    at,
    until: null,
    taskBlob: null,
    pull: null,
  });

const merge = (at: string, branch: string): Merge =>
  Merge.parse({
    version: 1,
    unit: "T-8k2f",
    task: "T-8k2f",
    agent: "tester",
    kind: "work",
    pull: 7,
    branch,
    head: sha,
    base: sha,
    merge: sha,
    at,
    approvals: [],
    result: null,
    verdict: { ruling: "pass", gates: [] },
  });

const json = (value: unknown): string => JSON.stringify(value);

async function journalOf(files: Record<string, string>, now = NOW): Promise<Journal> {
  const { repo } = await makeWorld();
  const head = await write(repo, {
    files: Object.entries(files).map(([path, content]) => ({ path, content })),
  });
  return recordsOf(repo).journal(head, now);
}

test("without a journal there is nothing, and the window begins two months ago", async () => {
  const { repo } = await makeWorld();
  expect(await recordsOf(repo).journal(null, NOW)).toEqual({
    head: null,
    records: [],
    controls: [],
    merges: [],
    digest: null,
    hearings: [],
    calibrations: [],
    lastPull: 0,
    from: new Date("2026-09-01T00:00:00Z"),
    findings: [],
  });
});

test("records and merges of the window come oldest first, all controls with them", async () => {
  const records = [
    record("b", "20261122T0700Z", "2026-11-22T07:03:00Z"),
    record("a", "20261122T0700Z", "2026-11-22T07:09:00Z"),
    record("a", "manual-x7k2", "2026-10-01T10:00:00Z"),
    record("a", "20260831T2359Z", "2026-09-01T00:01:00Z"),
  ];
  const merges = [
    merge("2026-11-02T10:00:00Z", "pullbeat/work/T-8k2f--2"),
    merge("2026-08-02T10:00:00Z", "pullbeat/work/T-8k2f--1"),
  ];
  const controls = [control("2026-11-01T00:00:00Z", "resume"), control("2020-01-01T00:00:00Z", "pause")];
  const journal = await journalOf({
    ...Object.fromEntries(records.map((r) => [recordPath(r), json({ ...r, later: "ignored" })])),
    ...Object.fromEntries(merges.map((m) => [mergePath(m), json(m)])),
    ...Object.fromEntries(controls.map((c, i) => [controlPath(c, `id${i}`), json(c)])),
    [endedPath(7)]: "not even looked at",
    [endedPath(1234)]: "{}",
    "README.md": "for people",
  });
  expect(journal.records.map((r) => `${r.agent}@${r.slot}`)).toEqual([
    "a@manual-x7k2",
    "b@20261122T0700Z",
    "a@20261122T0700Z",
  ]);
  expect(journal.merges.map((m) => m.branch)).toEqual(["pullbeat/work/T-8k2f--2"]);
  expect(journal.controls.map((c) => c.verb)).toEqual(["pause", "resume"]);
  expect(journal.lastPull).toBe(1234);
  expect(journal.findings).toEqual([]);
});

test("a record of another machine whose clock is ahead over the month's end is seen", async () => {
  const ahead = record("a", "20261201T0000Z", "2026-12-01T00:00:10Z");
  const journal = await journalOf({ [recordPath(ahead)]: json(ahead) }, new Date("2026-11-30T23:59:00Z"));
  expect(journal.records).toHaveLength(1);
});

test("a bad file is a finding and hides only itself", async () => {
  const good = record("a", "20261122T0700Z", "2026-11-22T07:03:00Z");
  const other = record("b", "20261122T0700Z", "2026-11-22T07:03:00Z");
  const journal = await journalOf({
    [recordPath(good)]: json(good),
    [recordPath({ ...good, agent: other.agent })]: json(good),
    "beats/2026/11/22/c@20261122T0700Z/record.json": '{ "version": 1, "version": 1 }',
    "control/20261122T070000Z-x.json": json({ ...control("2026-11-22T07:00:00Z", "hold"), verb: "hug" }),
    "merges/2026/11/T-8k2f--1.json": "[]",
  });
  expect(journal.records).toHaveLength(1);
  expect(journal.findings.map((f) => `${f.file}: ${f.message}`).join("\n")).toMatchInlineSnapshot(`
    "beats/2026/11/22/b@20261122T0700Z/record.json: what it says belongs at beats/2026/11/22/a@20261122T0700Z/record.json
    beats/2026/11/22/c@20261122T0700Z/record.json: the key "version" stands twice
    control/20261122T070000Z-x.json: verb: expected one of pause, resume, hold, park, unpark, release, close, reassign, found "hug"
    merges/2026/11/T-8k2f--1.json: expected a JSON object, got an array"
  `);
});

test("a pull that ended is read by its number, also from before the window", async () => {
  const ended = {
    version: 1,
    number: 7,
    title: "A pull",
    body: "",
    kind: "work",
    unit: "T-8k2f",
    task: "T-8k2f",
    agent: "tester",
    attempt: 1,
    branch: "pullbeat/work/T-8k2f--1",
    base: sha,
    head: null,
    author: "pullbeat",
    created: "2020-01-01T00:00:00Z",
    state: "closed",
    reviews: [],
    ended: { by: "ann", at: "2020-01-02T00:00:00Z", why: "" },
  };
  const { repo } = await makeWorld();
  const files = [
    { path: endedPath(7), content: json(ended) },
    { path: endedPath(8), content: "{}" },
  ];
  const head = await write(repo, { files });
  const records = recordsOf(repo);
  expect((await records.ended(head, 7))?.title).toBe("A pull");
  expect(await records.ended(head, 9)).toBe(null);
  await expect(records.ended(head, 8)).rejects.toMatchObject({
    code: "broken",
    message: expect.stringContaining(endedPath(8)),
  });
});
