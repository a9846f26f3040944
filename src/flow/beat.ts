import { Fault, sentence } from "../domain/fault.ts";
import { instantOf, Sha, type AgentName } from "../domain/id.ts";
import type { PlannedBeat, Try } from "../domain/plan.ts";
import { prompt, quoted, type PromptInput } from "../domain/prompt.ts";
import type { Attempt, BeatRecord } from "../domain/record.ts";
import { peopleSaid, roundReasons } from "../domain/said.ts";
import type { Claim, Fleet, Snapshot } from "../domain/snapshot.ts";
import type { AgentFile } from "../domain/spec.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { Edits, Job } from "../port/engine.ts";
import { barredFrom, concluded, withStatus, type Bench, type Finished } from "./attempt.ts";
import { treeOf } from "./collect.ts";
import { discreetAttempt } from "./discreet.ts";
import type { FinishedBeat } from "./publish.ts";
import { judgeEdits, standOn } from "./stand.ts";
import { unworked } from "./unworked.ts";
import type { World } from "./world.ts";

/** One wake-up of one agent: its tries, one after another. Reads only what the snapshot's commits hold. */
export async function beat(
  world: World,
  snapshot: Snapshot,
  planned: PlannedBeat,
  claims: readonly Claim[],
): Promise<FinishedBeat> {
  const started = world.clock.now();
  const agent = snapshot.fleet.agents.get(planned.agent);
  const works: Finished[] = [];
  const attempts: Attempt[] = [];
  if (agent !== undefined)
    for (const t of planned.tries) {
      const now = withAttempts(snapshot, { planned, started, attempts });
      const done = await unbroken(now, t, () => attempt(world, now, { planned, agent, t }));
      attempts.push(...done.attempts);
      works.push(...done.works);
    }
  world.watch({ kind: "ends", agent: planned.agent });
  const record: BeatRecord = {
    ...recordOf(snapshot, planned, started),
    outcome: attempts.some((a) => a.outcome !== "failed") ? "worked" : "failed",
    reason: attempts.some((a) => a.outcome !== "failed")
      ? planned.reason
      : (attempts.at(-1)?.reason ?? "nothing could be tried"),
    ended: instantOf(world.clock.now()),
    attempts,
  };
  return { record, claims, works };
}

/** The snapshot with what this beat did before: its earlier questions count against what it may still ask. */
function withAttempts(
  snapshot: Snapshot,
  { planned, started, attempts }: { planned: PlannedBeat; started: Date; attempts: readonly Attempt[] },
): Snapshot {
  if (attempts.length === 0) return snapshot;
  const record: BeatRecord = {
    ...recordOf(snapshot, planned, started),
    outcome: "worked",
    attempts: [...attempts],
  };
  const { journal } = snapshot;
  return { ...snapshot, journal: { ...journal, records: [...journal.records, record] } };
}

/** What every record of this snapshot begins with. */
export function recordOf(
  snapshot: Snapshot,
  planned: Pick<PlannedBeat, "agent" | "slot" | "reason"> & Partial<Pick<PlannedBeat, "wake" | "turn">>,
  started: Date,
): Omit<BeatRecord, "outcome"> {
  const at = instantOf(started);
  return {
    version: 1,
    pullbeat: snapshot.pullbeat,
    agent: planned.agent,
    slot: planned.slot,
    reason: planned.reason,
    wake: planned.wake ?? "slot",
    base: snapshot.base,
    spec: specBlob(snapshot, planned.agent),
    now: instantOf(snapshot.now),
    started: at,
    ended: at,
    chain: snapshot.chain,
    turn: planned.turn ?? 1,
    attempts: [],
  };
}

/** The spec in force; where none can be read, the tip that lacks it. */
const specBlob = (snapshot: Snapshot, agent: AgentName): Sha =>
  Sha.catch(snapshot.base).parse(snapshot.fleet.agents.get(agent)?.blob);

/** A try that breaks ends as a failed attempt, in the journal like any other; it takes no other try down. */
async function unbroken(
  snapshot: Snapshot,
  t: Try,
  work: () => Promise<Finished | null>,
): Promise<{ attempts: readonly Attempt[]; works: readonly Finished[] }> {
  try {
    const done = await work();
    return done === null ? { attempts: [], works: [] } : { attempts: [done.attempt], works: [done] };
  } catch (error) {
    const code = error instanceof Fault ? error.code : "bug";
    const end = { failure: `engine/${code}`, reason: `broke: ${sentence(error)}` };
    return { attempts: await Promise.all(unworked(snapshot, t, end).map(discreetAttempt)), works: [] };
  }
}

interface Turn {
  planned: PlannedBeat;
  agent: AgentFile;
  t: Try;
}

async function attempt(
  world: World,
  snapshot: Snapshot,
  { planned, agent, t }: Turn,
): Promise<Finished | null> {
  const task = snapshot.fleet.tasks.get(t.task);
  if (task === undefined) return null;
  const tip = treeOf(world.repo, snapshot.fleet.entries);
  const stand = await standOn(world, t, { commit: snapshot.base, tree: tip });
  const bench: Bench = { world, snapshot, beat: planned, stand, task };
  world.watch({ kind: "attempt", agent: agent.spec.name, unit: t.unit, title: task.task.title });
  const engine = world.engine(agent, snapshot.fleet.config, tip);
  return concluded(bench, await engine.work(jobOf(bench, agent)));
}

/** Ids in use: on the board, and by the names of files in the archive. */
function takenIds({ tasks, entries }: Fleet): Set<string> {
  const archived = entries.flatMap(
    (e) => /^board\/archive\/.*\/(T-[a-z0-9]+)[^/]*\.md$/.exec(e.path)?.[1] ?? [],
  );
  return new Set([...tasks.keys(), ...archived]);
}

/** The gates' word on work that is not handed over yet. */
async function judgeNow(
  { world, snapshot, stand, task, beat: { agent } }: Bench,
  edits: Edits,
): Promise<Verdict> {
  const all = await withStatus(world, stand, edits, { task, result: null });
  const verdict = await judgeEdits(world, stand, all, { fleet: snapshot.fleet, agent, kind: "work" });
  world.watch({ kind: "judged", agent, unit: stand.planned.unit, verdict, edits: new Map(all) });
  return verdict;
}

/** Milliseconds, whole ones; a longer timer would fire at once. */
const LONGEST = 2 ** 31 - 1;

function jobOf(bench: Bench, agent: AgentFile): Job {
  const { world, snapshot, stand, task } = bench;
  const { planned } = stand;
  const { fleet } = snapshot;
  const asked = roundReasons(snapshot, planned);
  const said = peopleSaid(snapshot, agent.spec.name);
  const told: PromptInput = { agent, task, snapshot, planned, asked, said };
  return {
    unit: planned.unit,
    attempt: planned.attempt,
    round: planned.round,
    task,
    agent,
    config: fleet.config,
    colleagues: [...fleet.agents.values()].filter((a) => a.spec.status === "active").map((a) => a.spec.name),
    taken: takenIds(fleet),
    tree: stand.tree,
    base: stand.base,
    prompt: prompt(told),
    shown: quoted(told),
    asked,
    now: snapshot.now,
    chance: world.clock.chance,
    clock: () => world.clock.tick(),
    compose: (fields, body) => world.records.compose(fields, body),
    barred: (condition) => barredFrom(bench, condition)?.reason ?? null,
    judge: (edits) => judgeNow(bench, edits),
    watch: (step) => world.watch({ kind: "step", agent: agent.spec.name, unit: planned.unit, step }),
    signal: AbortSignal.any([
      AbortSignal.timeout(Math.min(LONGEST, Math.ceil(agent.spec.budget.attempt.minutes * 60_000))),
      ...(world.stop === undefined ? [] : [world.stop]),
    ]),
  };
}
