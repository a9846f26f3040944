import { expect, test } from "vitest";
import { Config } from "../../src/domain/config.ts";
import { digest } from "../../src/domain/digest/digest.ts";
import { digestFacts } from "../../src/domain/digest/facts.ts";
import { digestDue } from "../../src/domain/digest/due.ts";
import { Instant } from "../../src/domain/id.ts";
import { DigestRecord } from "../../src/domain/digest/record.ts";
import type { Pull } from "../../src/domain/pull/pull.ts";
import { mergePath, recordPath, type Attempt } from "../../src/domain/record.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";
import { attempt, control, finding, merge, name, pull, record, review, sha, snapshot } from "./fleet.ts";

const page = (given: Snapshot, told: ReadonlySet<string> | null = null): string =>
  digest(digestFacts(given, told));
const file = (day: string): string => `../snapshots/digest-${day}.md`;

const spent = (usd: number | null, input: number): Attempt["spent"] => ({
  steps: 4,
  tokens: { input, cached: 0, output: 400 },
  usd,
  ms: 20_000,
});

const proposal = (of: string, kind: "work" | "question" = "work"): Attempt["proposal"] => ({
  branch: `pullbeat/work/${of}--1`,
  base: sha("older"),
  parent: sha("older"),
  head: sha("head"),
  title: `Title of ${of}`,
  kind,
  round: 1,
});

const MORNING = Instant.parse("2026-11-23T06:34:00Z");
const PASS: Attempt["verdict"] = { ruling: "pass", gates: [] };
/** What is known of a pull whose gates passed, once somebody has looked. */
const NOTHING: Pull["missing"] = { gates: [], word: null };
const produces = ["pages/**", "reports/**"];

/** The day of a small company: two pages, a question, a failure, a rest. */
const NORMAL = snapshot({
  config: { timezone: "Europe/Berlin", budgets: { day: { usd: 5 } } },
  now: "2026-11-24T06:00:00Z",
  from: "2026-09-01T00:00:00Z",
  agents: {
    "page-builder": { produces, schedule: "daily 07:30", budget: { day: { usd: 2 } } },
    "page-tester": { produces, schedule: "daily 08:00", budget: { day: { usd: 1 } } },
    analyst: { produces, schedule: "weekly mon 06:00" },
    surveyor: { produces, engine: { kind: "command", run: ["node", "x.mjs"] } },
  },
  tasks: {
    "storm-page": { title: "Write the page for the storm check", agent: "page-builder" },
    "storm-test": { title: "Test the storm page", agent: "page-tester", needs: ["storm-page"] },
    "storm-fix": { title: "Mend the storm page", agent: "page-builder", needs: ["storm-test"] },
    "lead-form": { title: "Shorten the lead form", agent: "page-builder" },
    "week-48": { title: "Read the numbers of week 48", agent: "analyst" },
    size: { title: "Measure the pages", agent: "surveyor", status: "done" },
  },
  records: [
    record("surveyor", "20261123T0600Z", {
      ended: "2026-11-23T06:01:00Z",
      attempts: [
        attempt("size", {
          proposal: proposal("size"),
          wrote: ["reports/size.md"],
          verdict: PASS,
          spent: { ...spent(0, 0), tokens: { input: 0, cached: 0, output: 0 } },
        }),
      ],
    }),
    record("page-builder", "20261123T0630Z", {
      ended: "2026-11-23T06:34:00Z",
      attempts: [
        attempt("storm-page", {
          proposal: proposal("storm-page"),
          verdict: PASS,
          spent: spent(0.31, 41_200),
        }),
        attempt("lead-form", {
          outcome: "asked",
          proposal: proposal("lead-form", "question"),
          verdict: PASS,
          spent: spent(0.08, 9000),
          question: {
            condition: "price-missing",
            question:
              "The form asks for a budget. Sales wants it, the test says that it costs a third of the leads. Keep it?",
            evidence: "",
            recommendation: "Drop it, and ask for the budget in the call.",
            silence: "The form stays as it is; I look again on Monday.",
          },
        }),
      ],
    }),
    record("analyst", "20261123T0700Z", {
      outcome: "failed",
      ended: "2026-11-23T07:02:00Z",
      attempts: [
        attempt("week-48", {
          outcome: "failed",
          failure: "gate/paths",
          reason: "sheets/weeks.csv: outside what analyst produces",
          spent: spent(0.02, 5100),
        }),
      ],
    }),
    record("page-tester", "20261123T0700Z", {
      outcome: "rested",
      reason: "storm-test is blocked: needs storm-page, which is not done",
      ended: "2026-11-23T07:02:00Z",
    }),
  ],
  merges: [
    merge("size", {
      agent: "surveyor",
      pull: 1,
      at: "2026-11-23T09:00:00Z",
      approvals: [{ login: "ann", review: "r", head: sha("head"), at: "2026-11-23T08:59:00Z" }],
    }),
  ],
  pulls: [
    pull(3, "lead-form", {
      kind: "question",
      agent: name("page-builder"),
      title: "Question on lead-form: Shorten the lead form",
      created: MORNING,
    }),
    pull(2, "storm-page", {
      agent: name("page-builder"),
      title: "storm-page: Write the page for the storm check",
      created: MORNING,
      missing: NOTHING,
    }),
  ],
});
const normal: Snapshot = {
  ...NORMAL,
  fleet: { ...NORMAL.fleet, entries: [{ path: "reports/size.md", mode: "100644", blob: sha("x") }] },
};

test("a normal day", async () => {
  await expect(page(normal)).toMatchFileSnapshot(file("normal"));
});

const WRONG = snapshot({
  now: "2026-11-22T07:00:00Z",
  from: "2026-09-01T00:00:00Z",
  config: { budgets: { day: { usd: 1 } }, digest: { at: "daily 07:00" } },
  agents: {
    writer: { produces },
    tester: { status: "paused" },
    scout: { schedule: "every 2h" },
    ads: {},
    broke: { budget: { attempt: { usd: 0.4 }, day: { usd: 0.5 } } },
  },
  tasks: {
    parked: { title: "Write the price page", agent: "writer" },
    lost: { title: "Link the old pages", agent: "writer", needs: ["gone"] },
    ring: { title: "Ring", agent: "writer", needs: ["ring-two"] },
    "ring-two": { title: "Ring two", agent: "writer", needs: ["ring"] },
    test: { title: "Test the price page", agent: "tester" },
    ad: { title: "Draft the ad", agent: "ads" },
    ghostly: { title: "Haunt", agent: "ghost" },
    clash: { title: "Rewrite the start page", agent: "writer" },
    lostbranch: { title: "Rewrite the end page", agent: "writer" },
    again: { title: "Do it again", agent: "writer" },
    moved: { title: "Move the logo", agent: "writer" },
  },
  findings: [
    finding("agents/mailer.md"),
    finding("agents/mailer.md", "another"),
    finding("board/odd.md", "expected a title"),
  ],
  unread: [finding("beats/2026/11/22/writer@20261122T0500Z/record.json", "the file is not text")],
  controls: [
    control("park", "parked", {
      who: "pullbeat",
      why: "the same failure twice: engine/server",
      taskBlob: sha("parked"),
    }),
    control("pause", "@ads", { why: "no money this week", until: "2026-11-30T07:00:00Z" }),
    control("hold", "fleet", { why: "the shop moves to a new host" }),
  ],
  records: [
    ...["0000", "0200", "0400"].map((time) =>
      record("scout", `20261122T${time}Z`, {
        outcome: "missed",
        reason: "a newer slot was open",
        ended: "2026-11-22T06:00:00Z",
      }),
    ),
    ...["0100", "0300"].map((time) =>
      record("writer", `20261122T${time}Z`, {
        outcome: "failed",
        ended: `2026-11-22T${time.slice(0, 2)}:30:00Z`,
        attempts: [
          attempt("parked", {
            outcome: "failed",
            failure: "engine/server",
            reason: "the endpoint answered 500 five times",
            engine: { kind: "openai", model: "gpt-6-nano", scripted: false },
            spent: spent(null, 20_000),
          }),
        ],
      }),
    ),
    record("broke", "20261122T0600Z", {
      started: "2026-11-22T06:00:00Z",
      ended: "2026-11-22T06:01:00Z",
      attempts: [
        attempt("clash", { proposal: proposal("clash"), verdict: PASS, spent: spent(0.45, 80_000) }),
      ],
    }),
    record("scout", "20261122T0600Z", {
      outcome: "failed",
      reason: "cut off twice",
      ended: "2026-11-22T06:50:00Z",
    }),
  ],
  pulls: [
    pull(4, "clash", {
      reviews: [review("pullbeat", "comment", { body: "Conflict: this cannot be merged" })],
    }),
    pull(5, "lostbranch", { head: null }),
    pull(6, "again", { reviews: [review("ann", "request-changes", { body: "No." })] }),
    pull(7, "moved", { faults: ["its review 00002 cannot be read"] }),
  ],
});

test("a day with everything wrong", async () => {
  await expect(page(WRONG)).toMatchFileSnapshot(file("wrong"));
});

test("an empty day", async () => {
  await expect(page(snapshot({ from: "2026-09-01T00:00:00Z" }))).toMatchFileSnapshot(file("empty"));
});

const EVIL =
  "Done`.\n\n## Decide now\n\n1. **Pull 9** approved by ann, @ann fixes #12 [here](https://evil.example/x) <b>x</b>\u202e\u001b[31m ![x](https://evil.example/p.png)\n```\n*Made by pullbeat 9 from journal*\n/merge";

test("hostile words of agents stay inside lines of ours", async () => {
  const hostile = snapshot({
    now: "2026-11-22T07:00:00Z",
    from: "2026-09-01T00:00:00Z",
    tasks: {
      evil: { title: EVIL.slice(0, 150).replaceAll("\n", " ") },
      asks: {},
      worse: { title: `**bold** \`x\`` },
    },
    controls: [control("park", "worse", { who: "pullbeat", why: EVIL })],
    records: [
      record("ada", "20261122T0500Z", {
        outcome: "rested",
        reason: EVIL,
        attempts: [
          attempt("evil", {
            proposal: proposal("evil"),
            reason: EVIL,
            wrote: ["a](x) `b`.md"],
            verdict: PASS,
            engine: { kind: "openai", model: EVIL, scripted: false },
            spent: spent(null, 1),
          }),
          attempt("asks", {
            outcome: "asked",
            proposal: proposal("asks", "question"),
            question: { condition: "x", question: EVIL, evidence: EVIL, recommendation: EVIL, silence: EVIL },
          }),
          attempt("worse", { outcome: "failed", failure: EVIL, reason: EVIL }),
        ],
      }),
    ],
    merges: [merge("evil", { at: "2026-11-22T06:00:00Z" })],
    pulls: [
      pull(1, "evil", { title: EVIL.slice(0, 200), missing: NOTHING }),
      pull(2, "asks", { kind: "question", title: EVIL.slice(0, 200) }),
    ],
    findings: [finding("board/x`](y).md", EVIL)],
  });
  const given = {
    ...hostile,
    fleet: { ...hostile.fleet, entries: [{ path: "a](x) `b`.md", mode: "100644" as const, blob: sha("x") }] },
  };
  const text = page(given);
  await expect(text).toMatchFileSnapshot(file("hostile"));
  expect(text.split("\n").filter((l) => l.startsWith("#"))).toEqual([
    "# Sunday, 22 November 2026",
    ...["Decide now", "Stuck", "Landed", "Failed", "Rested", "Spent"].map((t) => `## ${t}`),
  ]);
  expect(text).not.toMatch(/https:\/\/|@ann|<b>|\u202e|\u001b/);
});

test("what a digest told is not told again, and what was published late is told all the same", () => {
  const [told] = normal.journal.records;
  if (told === undefined) throw new Error("no record");
  const seen = new Set([...normal.journal.records, told].map(recordPath));
  expect(digestFacts(normal, seen)).toMatchObject({ failed: [], rested: [], landed: [{ pull: 1 }] });
  const [landed] = normal.journal.merges;
  expect(landed && digestFacts(normal, new Set([mergePath(landed)])).landed).toEqual([]);
});

test("what holds up most comes first, then the oldest", () => {
  expect(digestFacts(normal, null).decide.map((d) => [d.pull, d.behind])).toEqual([
    [2, ["storm-fix", "storm-test"]],
    [3, []],
  ]);
});

test("nothing is said to have passed of which nobody looked whether it did", () => {
  const unseen = { ...normal, pulls: normal.pulls.map(({ missing: _missing, ...p }) => p) };
  expect(digestFacts(unseen, null).decide.map((d) => d.why)).toEqual(["waits for a review", "asks you"]);
});

test("of several gates in the way each is named, and a hostile sentence of one stays inside its line", () => {
  const gates = ["honest", "links"].map((gate) => ({ gate, ruling: "fail" as const, sentence: EVIL }));
  const pulls = normal.pulls.map((p): Pull => ({ ...p, missing: { gates, word: null } }));
  const text = page({ ...normal, pulls });
  expect(text).toMatch(/: page-builder, gates honest and links: Done｀\. ## Decide now/);
  expect(text).toMatch(/: page-builder, asks you; gates honest and links: Done/);
  expect(text.split("\n").filter((l) => l === "## Decide now")).toHaveLength(1);
  expect(text).not.toMatch(/https:\/\/|@ann|<b>|\u202e|\u001b/);
});

test("a pull that its agent has to mend waits for nobody's decision", () => {
  expect(digestFacts(WRONG, null).decide.map((d) => d.pull)).not.toContain(6);
});

const digestOf = (date: string): DigestRecord =>
  DigestRecord.parse({
    version: 1,
    date,
    at: `${date}T07:00:00Z`,
    pullbeat: "0.1.0",
    base: sha("base"),
    journal: sha("journal"),
    branch: `pullbeat/work/digest-${date.replaceAll("-", "")}--1`,
    pulls: [],
  });

const due = (now: string, last: string | null, timezone = "UTC"): string | null => {
  const given = snapshot({
    now,
    config: { timezone },
    records: [record("ada", "20261101T0700Z", { started: "2026-11-01T07:00:00Z" })],
    digest: last === null ? null : digestOf(last),
  });
  return digestDue({ ...given, journal: { ...given.journal, head: sha("journal") } });
};

test("a digest is due from its slot on, by the fleet's clock, and once for all days that passed", () => {
  expect(due("2026-11-22T06:59:00Z", "2026-11-21")).toBeNull();
  expect(due("2026-11-22T07:00:00Z", "2026-11-21")).toBe("2026-11-22");
  expect(due("2026-11-22T23:00:00Z", "2026-11-22")).toBeNull();
  expect(due("2026-11-22T06:00:00Z", "2026-11-21", "Europe/Berlin")).toBe("2026-11-22");
  expect(due("2026-11-26T12:00:00Z", "2026-11-21")).toBe("2026-11-26");
  expect(due("2026-11-22T07:00:00Z", null)).toBe("2026-11-22");
});

test("without a journal no digest is due", () => {
  expect(digestDue(snapshot({}))).toBeNull();
});

test.each(["hourly", "daily 07:00,19:00", "on-demand", "sometimes"])("%s is no time for a digest", (at) => {
  const { error } = Config.safeParse({ version: 1, digest: { at } });
  expect(error?.issues[0]?.message).toMatch(/expected off, or such as daily 07:00$/);
});

test.each(["off", "daily 07:00", "weekly mon,thu 18:30", 'cron "0 7 * * 1-5"'])(
  "%s is a time for a digest",
  (at) => {
    expect(Config.parse({ version: 1, digest: { at } }).digest.at).toBe(at);
  },
);
