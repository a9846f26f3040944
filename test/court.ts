import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Docket, HEARD_FILE, type Heard } from "../src/domain/verdict/docket.ts";
import { PullNumber, Sha } from "../src/domain/id.ts";
import type { GateVerdict } from "../src/domain/verdict/verdict.ts";
import { docketOf } from "../src/flow/job/docket.ts";
import { judgeShard } from "../src/flow/job/judge.ts";
import { settleJob, type JobSettled } from "../src/flow/job/settle.ts";
import { read } from "../src/flow/read.ts";
import { openBench } from "../src/store/bench.ts";
import { hatchIn } from "../src/store/hatch.ts";
import { recordsOf } from "../src/store/records.ts";
import type { Bench } from "./flow/settle-bench.ts";

/** What the judging jobs of a tick have left, in folders of the test's world. */
export interface Left {
  docket: Docket;
  /** Where the job of a shard left its words. */
  box(shard: number): string;
  digests: Map<number, string>;
}

/** The judging of a tick, cut into jobs by hand. */
export interface Session extends Left {
  settle(): Promise<JobSettled>;
}

/** Trees that were judged, as their paths. */
export type Says = (asked: { gate: string; paths: string[]; changed: readonly string[] }) => GateVerdict;

export const passes: Says = ({ gate }) => ({
  gate,
  ruling: "pass",
  sentence: `${gate} finds nothing`,
  details: [],
  mendable: true,
});

let sessions = 0;

/** Lets a docket be judged in repositories that have no remote, each gate as `says` plays it. */
export async function session({ world, flow }: Bench, says: Says = passes): Promise<Session> {
  const hearings = await docketOf(flow, await read(flow));
  if (hearings === null) throw new Error("nothing was to be judged");
  const { docket, courts } = hearings;
  const place = join(world.dir, `session${sessions++}`);
  const clone = join(place, "clone");
  await world.far("clone", "--quiet", "--bare", world.origin, clone);
  const repo = await openBench(clone, world.env);
  onTestFinished(() => repo.close());
  const bench = {
    ...flow,
    repo,
    records: recordsOf(repo),
    judge: async (trial: Parameters<NonNullable<typeof flow.judge>>[0]) => {
      if (trial.kind !== "command") return null;
      const { gate, judged, changed } = trial;
      return { verdict: says({ gate, paths: judged.entries.map((e) => e.path), changed }) };
    },
  };
  const box = (shard: number): string => join(place, `verdicts-${shard}`);
  const digests = new Map<number, string>();
  for (const { shard } of courts) {
    const { text } = await judgeShard(bench, { docket, shard }, { hatch: hatchIn(box(shard)) });
    digests.set(shard, digestOf(text));
  }
  const returned = { docket, digests, hatch: (shard: number) => hatchIn(box(shard)) };
  return { docket, box, digests, settle: () => settleJob(flow, 0, returned) };
}

/** Two jobs that each let one gate pass one pull, without any repository. */
export function left(dir: string): Left {
  const listed = (n: number): Docket["matters"][number] => ({
    pull: PullNumber.parse(n),
    kind: "command",
    agent: null,
    branch: `pullbeat/work/${n}--1`,
    gate: "links",
    from: Sha.parse("a".repeat(40)),
    head: Sha.parse(`${n + 6}`.repeat(40)),
    judged: Sha.parse("b".repeat(40)),
    of: `${n + 6}`.repeat(64),
    shard: n,
  });
  const docket = Docket.parse({
    version: 1,
    id: "k7w2m9qx4tzp3vhd",
    pullbeat: "test",
    now: "2026-11-22T07:00:00Z",
    base: "a".repeat(40),
    matters: [listed(1), listed(2)],
  });
  const made: Left = { docket, box: (shard) => join(dir, `verdicts-${shard}`), digests: new Map() };
  for (const { shard, pull, gate, head, judged, of } of docket.matters) {
    mkdirSync(made.box(shard));
    const verdict = passes({ gate, paths: [], changed: [] });
    speak(
      made,
      JSON.stringify({
        version: 1,
        docket: docket.id,
        shard,
        heard: [{ pull, gate, head, judged, of, verdict }],
      }),
      shard,
    );
  }
  return made;
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

export const wordsAt = (s: Left, shard = 1): string => join(s.box(shard), HEARD_FILE);

/** Puts other words in a job's place, and their digest too: as the job itself could, and no other. */
export function speak(s: Left, text: string, shard = 1): void {
  writeFileSync(wordsAt(s, shard), text);
  s.digests.set(shard, digestOf(text));
}

/** Changes what a job said, in its own name. */
export function twist(
  s: Left,
  change: (heard: Heard, first: Heard["heard"][number]) => unknown,
  shard = 1,
): void {
  const heard: Heard = JSON.parse(readFileSync(wordsAt(s, shard), "utf8"));
  const [first] = heard.heard;
  if (first === undefined) throw new Error("nothing was said");
  speak(s, JSON.stringify(change(heard, first)), shard);
}
