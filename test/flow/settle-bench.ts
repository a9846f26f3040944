import { Attempt, BeatRecord, JOURNAL, recordPath } from "../../src/domain/record.ts";
import { AgentName, Login, PullNumber, TaskId, Unit, type Sha } from "../../src/domain/id.ts";
import { branchOf, type Pull, type ReviewVerdict } from "../../src/domain/pull/pull.ts";
import { draftFor } from "../../src/flow/beat/draft.ts";
import { journalDraft, recordText } from "../../src/flow/journal.ts";
import { read } from "../../src/flow/read.ts";
import type { Settled } from "../../src/flow/settle/settle.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import { localForge } from "../../src/forge/local.ts";
import type { Clock } from "../../src/port/clock.ts";
import type { Repo } from "../../src/port/repo.ts";
import { recordsOf } from "../../src/store/records.ts";
import { testClock } from "../clock.ts";
import { makeWorld, type Files, type World } from "../world.ts";

export const CONFIG = `version: 1
roster:
  - login: ann
    emails: [ann@example.com]
  - login: bob
    emails: [bob@example.com]
fleet:
  accounts: [fleet-bot]
limits:
  archive: 3
`;
export const SPEC = `---
name: writer
description: Writes reports
engine: { kind: scripted, script: replies.jsonl }
produces: ["reports/*.md"]
---
Write well.
`;
export const taskText = (id: string, more = ""): string =>
  `---\nid: ${id}\ntitle: Write ${id}\nstatus: todo\nagent: writer\nproduces: [reports/${id}.md]\n${more}---\n## Brief\nWrite it.\n`;
export const doneText = (id: string): string => taskText(id).replace("status: todo", "status: done");
export const taskPath = (id: string): string => `board/${id}-write.md`;

/** What a settle says that had nothing to do. */
export const nothing: Settled = {
  merged: [],
  closed: [],
  parked: [],
  conflicts: [],
  judged: [],
  reopened: [],
  released: [],
  archive: null,
  words: [],
  madeReady: false,
};

/** Every ref of the remote, with its object. */
export const refs = (world: World): Promise<string> =>
  world.far("for-each-ref", "--format=%(refname) %(objectname)");

const ALL = { verdict: { ruling: "pass" as const, gates: [] } };

/** What an attempt proposes; by default exactly what its task asks for. */
interface Proposal {
  id?: string;
  agent?: string;
  files?: Files;
  kind?: "work" | "question";
  round?: number;
  /** What its agent was shown. */
  saw?: Attempt["saw"];
  /** Whether its pull is opened as well; without it a crash came before. */
  open?: boolean;
}

export interface Bench {
  world: World;
  /** What the flows see. */
  flow: FlowWorld;
  /** The same as another machine sees it, whose clock is a second later. */
  another: () => Promise<FlowWorld>;
  /** Publishes an attempt as publish does: branch and record in one push, then the pull. */
  propose: (proposal?: Proposal) => Promise<PullNumber>;
  /** The same of many first attempts at once, from one tip. */
  proposeAll: (proposals: readonly Proposal[]) => Promise<PullNumber[]>;
  review: (number: PullNumber, by: string, verdict: ReviewVerdict, ...body: string[]) => Promise<unknown>;
  pulls: () => Promise<Pull[]>;
  /** A file of the journal that matches, parsed. */
  journal: (pattern: RegExp) => Promise<unknown[]>;
}

const flowOf = (clock: Clock, repo: Repo): FlowWorld => ({
  repo,
  records: recordsOf(repo),
  forge: localForge({
    repo,
    account: Login.parse("fleet-bot"),
    clock,
    who: { name: "pullbeat", email: "pullbeat@users.noreply.github.com" },
    warn: () => {},
  }),
  engine() {
    throw new Error("settle works nothing");
  },
  clock,
  version: "test",
  watch: () => {},
});

/** A fleet with one writer and two tasks, over real git. */
export async function settleBench(files: Files = {}): Promise<Bench> {
  const world = await makeWorld({
    files: {
      ".github/pullbeat.yml": CONFIG,
      "agents/writer.md": SPEC,
      [taskPath("T-aaaa")]: taskText("T-aaaa"),
      [taskPath("T-bbbb")]: taskText("T-bbbb"),
      ...files,
    },
  });
  const flow = flowOf(world.clock, world.repo);
  let machines = 0;
  const later = (): Clock => {
    const at = new Date(world.clock.now().getTime() + ++machines * 1000);
    return testClock(at.toISOString(), machines + 1);
  };
  return {
    world,
    flow,
    another: async () => flowOf(later(), await world.another()),
    propose: async (proposal = {}) => {
      const [number] = await propose(world, flow, [proposal]);
      if (number === undefined) throw new Error("no pull");
      return number;
    },
    proposeAll: (proposals) => propose(world, flow, proposals),
    review: (number, by, verdict, body = "") =>
      flow.forge.review(number, Login.parse(by), { verdict, body, at: world.clock.now() }),
    pulls: () => flow.forge.pulls(),
    journal: (pattern) => journalFiles(world, pattern),
  };
}

async function journalFiles(world: World, pattern: RegExp): Promise<unknown[]> {
  const listed = await world.far("ls-tree", "-r", "--name-only", JOURNAL).catch(() => "");
  const paths = listed.split("\n").filter((p) => pattern.test(p));
  return Promise.all(paths.map(async (p) => JSON.parse((await world.file(p, JOURNAL)) ?? "null") as unknown));
}

async function propose(world: World, flow: FlowWorld, proposals: readonly Proposal[]): Promise<PullNumber[]> {
  world.clock.pass(1);
  const { base: tip, journal, branches, pulls, fleet, now } = await read(flow);
  const asked = proposals.map(
    ({ id = "T-aaaa", agent = "writer", kind = "work", round = 1, saw = [], ...rest }) => {
      const branch = branchOf(Unit.parse(id), 1);
      const parent = branches.find((b) => b.name === branch)?.head ?? tip;
      const base = pulls.find((p) => p.branch === branch)?.base ?? tip;
      return { id, agent, kind, round, saw, branch, parent, base, now, ...rest };
    },
  );
  const who = { name: "writer (pullbeat)", email: fleet.config.fleet.email };
  const heads = await flow.repo.write(
    asked.map(({ id, round, parent, files = asAsked(id) }) => ({
      parents: [parent],
      files: Object.entries(files).map(([path, content]) => ({ path, content })),
      message: `${id} ${round}`,
      who,
      at: now,
    })),
  );
  const made = asked.map((facts, i) => {
    const head = heads[i];
    if (head === undefined) throw new Error("no head");
    return { ...facts, head, record: recordFor({ ...facts, head }) };
  });
  const files = made.map(({ record }) => ({ path: recordPath(record), content: recordText(record) }));
  const entry = journalDraft(journal.head, files, "a beat", { fleet: fleet.config.fleet, now });
  const [to] = await flow.repo.write([entry]);
  if (to === undefined) throw new Error("no journal");
  const works = made.map(({ branch, round, parent, head }) => ({
    ref: `refs/heads/${branch}`,
    from: round === 1 ? null : parent,
    to: head,
  }));
  if (!(await flow.repo.push([...works, { ref: JOURNAL, from: journal.head, to }])))
    throw new Error("the attempts were not pushed");
  const numbers: PullNumber[] = [];
  for (const { record, open = true } of made) {
    const [attempt] = record.attempts;
    const draft = attempt === undefined ? null : await draftFor(flow, fleet, { attempt, record });
    if (draft === null) throw new Error("no pull");
    numbers.push(open ? await flow.forge.open(draft) : PullNumber.parse(1));
  }
  return numbers;
}

const asAsked = (id: string): Files => ({
  [taskPath(id)]: doneText(id),
  [`reports/${id}.md`]: "All is well.\n",
});

interface RecordFacts {
  id: string;
  agent: string;
  kind: "work" | "question";
  round: number;
  saw: Attempt["saw"];
  branch: string;
  base: Sha;
  parent: Sha;
  head: Sha;
  now: Date;
}

function recordFor({
  id,
  agent,
  kind,
  round,
  saw,
  branch,
  base,
  parent,
  head,
  now,
}: RecordFacts): BeatRecord {
  const at = `${now.toISOString().slice(0, 19)}Z`;
  const attempt = Attempt.parse({
    unit: id,
    task: TaskId.parse(id),
    attempt: round,
    outcome: kind === "work" ? "proposed" : "asked",
    reason: "finished",
    failure: null,
    taskBlob: base,
    proposal: { branch, base, parent, head, title: `Write ${id}`, kind, round },
    question: null,
    result: kind === "work" ? "pass" : null,
    summary: "Wrote it.",
    engine: { kind: "scripted", model: "demo", scripted: true },
    spent: { steps: 2, tokens: { input: 100, cached: 0, output: 10 }, usd: 0.5, ms: 1000 },
    requests: [],
    transcript: null,
    saw,
    wrote: [],
    notes: [],
    feedback: [],
    ...ALL,
  });
  return BeatRecord.parse({
    version: 1,
    pullbeat: "test",
    agent: AgentName.parse(agent),
    slot: `${at.slice(0, 16).replaceAll(/[-:]/g, "")}Z`,
    outcome: "worked",
    reason: "ready",
    wake: "ready",
    base,
    spec: base,
    now: at,
    started: at,
    ended: at,
    chain: 0,
    turn: 1,
    attempts: [attempt],
  });
}
