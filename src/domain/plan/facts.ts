import { byTarget, wantedAgain, type Controls } from "../control/control.ts";
import { cycles } from "../board/cycle.ts";
import { isOccurrence, newestOccurrence } from "./duty.ts";
import type { Finding } from "../finding.ts";
import { Minute, minuteOf, taskOf, unitOf, type AgentName, type TaskId, type Unit } from "../id.ts";
import { readBranch, type Pull } from "../pull/pull.ts";
import type { Attempt, BeatRecord } from "../record.ts";
import type { Claim, Journal, Snapshot } from "../snapshot.ts";
import { isDuty, needsOf, type Result, type TaskFile } from "../board/task.ts";

/** A snapshot, indexed once by what the rules ask for. */
export interface Facts {
  snapshot: Snapshot;
  /** The first error of each file that has one. */
  errors: ReadonlyMap<string, Finding>;
  controls: Controls;
  /** Pulls that nobody has settled yet, oldest first. */
  pulls: ReadonlyMap<Unit, readonly Pull[]>;
  /** Claims whose lease runs, by unit. */
  live: ReadonlyMap<Unit, Claim>;
  /** Units whose work was merged, or whose occurrence needed no change; with what the doer said of it. */
  finished: ReadonlyMap<Unit, Result | null>;
  /** The highest attempt number of a unit in journal, claims and branches. */
  attempts: ReadonlyMap<Unit, number>;
  /** How many attempts each branch has seen. */
  rounds: ReadonlyMap<string, number>;
  /** An agent's tasks, by path. */
  tasks: ReadonlyMap<AgentName, readonly TaskFile[]>;
  /** The occurrence of each duty that counts now. */
  newest: ReadonlyMap<TaskId, Unit | null>;
  /** Units of a task that have a pull or a claim, even one whose lease is over. */
  open: ReadonlyMap<TaskId, readonly Unit[]>;
  /** Which open pulls change a path. */
  changed: ReadonlyMap<string, readonly Pull[]>;
  /** Rings of tasks that need each other. */
  rings: ReadonlyMap<TaskId, readonly TaskId[]>;
  /** `agent@slot` of every record. */
  recorded: ReadonlySet<string>;
  /** The newest minute up to now that each agent has a record of. Beats by hand have none. */
  lastSlot: ReadonlyMap<AgentName, Minute>;
}

export const recordKey = ({ agent, slot }: Pick<BeatRecord, "agent" | "slot">): string => `${agent}@${slot}`;

export const isLive = (claim: Claim, now: Date): boolean => Date.parse(claim.leaseEnd) > now.getTime();

/** The units in which a task is worked: itself; or of a duty, older occurrences that are still open, then the newest. */
export function unitsOf({ task }: TaskFile, { newest, open }: Pick<Facts, "newest" | "open">): Unit[] {
  if (!isDuty(task) || task.status !== "todo") return [unitOf(task.id)];
  const now = newest.get(task.id) ?? null;
  const older = (open.get(task.id) ?? []).filter((u) => isOccurrence(u) && u !== now);
  return now === null ? older : [...older, now];
}

export function factsOf(snapshot: Snapshot): Facts {
  const { fleet, journal, claims, now } = snapshot;
  const attempts = journal.records.flatMap((r) => r.attempts);
  const files = [...fleet.tasks.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const byNumber = snapshot.pulls.toSorted((a, b) => a.number - b.number);
  const pulls = byNumber.flatMap((p) => (p.unit === null ? [] : [[p.unit, p] as const]));
  const claimed = claims.flatMap((c) => (c.unit === null ? [] : [[c.unit, c] as const]));
  const finished = finishedUnits(snapshot, attempts);
  return {
    snapshot,
    errors: new Map(
      fleet.findings.flatMap((f) => (f.level === "error" ? [[f.file, f] as const] : [])).toReversed(),
    ),
    controls: byTarget(journal.controls),
    pulls: grouped(pulls),
    live: new Map(claimed.filter(([, claim]) => isLive(claim, now))),
    finished,
    attempts: highestAttempts(snapshot, attempts),
    rounds: roundsOf(attempts),
    tasks: Map.groupBy(files, (f) => f.task.agent),
    newest: new Map(
      files.filter((f) => isDuty(f.task)).map((f) => [f.task.id, newestOccurrence(f, snapshot)]),
    ),
    open: grouped([...new Set([...pulls, ...claimed].map(([unit]) => unit))].map((u) => [taskOf(u), u])),
    changed: grouped(changedPaths(snapshot)),
    rings: cycles(unfinishedNeeds(files, finished)),
    recorded: new Set([...journal.records.map(recordKey), ...unreadable(journal)]),
    lastSlot: lastSlots(journal.records, minuteOf(now)),
  };
}

/** A slot whose record cannot be read is taken all the same: its path is the lock. */
const unreadable = ({ findings }: Journal): string[] =>
  findings.flatMap((f) => /^beats\/.*\/([^/]+)\/record\.json$/.exec(f.file)?.[1] ?? []);

const grouped = <K, V>(pairs: readonly (readonly [K, V])[]): Map<K, V[]> =>
  new Map([...Map.groupBy(pairs, ([key]) => key)].map(([key, of]) => [key, of.map(([, value]) => value)]));

/**
 * Finished by a merge of work, or, for an occurrence of a duty only, by an attempt that found nothing to change. A merge
 * counts although the file says `todo` (servers may show the journal before the tip), unless a person unparked it since.
 */
function finishedUnits({ journal }: Snapshot, attempts: readonly Attempt[]): Map<Unit, Result | null> {
  const clean = attempts.filter((a) => a.outcome === "clean" && isOccurrence(a.unit));
  const merged = journal.merges.flatMap((m) =>
    m.kind === "work" && m.unit !== null && !wantedAgain(journal.controls, m.unit, m.at)
      ? [[m.unit, m.result] as const]
      : [],
  );
  return new Map([...clean.map((a) => [a.unit, a.result] as const), ...merged]);
}

function highestAttempts({ claims, branches }: Snapshot, attempts: readonly Attempt[]): Map<Unit, number> {
  const highest = new Map<Unit, number>();
  const seen = (unit: Unit, attempt: number): void => {
    highest.set(unit, Math.max(attempt, highest.get(unit) ?? 0));
  };
  for (const { unit, attempt } of attempts) seen(unit, attempt);
  for (const { unit, attempt } of claims) if (unit !== null) seen(unit, attempt ?? 0);
  for (const { name } of branches) {
    const named = readBranch(name);
    if (named !== null) seen(named.unit, named.attempt);
  }
  return highest;
}

function roundsOf(attempts: readonly Attempt[]): Map<string, number> {
  const pairs = attempts.flatMap((a) =>
    a.proposal === null ? [] : [[a.proposal.branch, a.attempt] as const],
  );
  return new Map([...grouped(pairs)].map(([branch, of]) => [branch, new Set(of).size]));
}

/** A clock that was wrong may have left records of times to come: they close nothing before them. */
function lastSlots(records: readonly BeatRecord[], now: Minute): Map<AgentName, Minute> {
  const last = new Map<AgentName, Minute>();
  for (const { agent, slot } of records) {
    if (slot.startsWith("manual-")) continue;
    const minute = Minute.parse(slot);
    if (minute <= now && minute > (last.get(agent) ?? "")) last.set(agent, minute);
  }
  return last;
}

const changedPaths = ({ pulls, changes }: Snapshot): [string, Pull][] =>
  pulls
    .filter((pull) => pull.state === "open")
    .flatMap((pull) => (changes.get(pull.branch) ?? []).map(({ path }): [string, Pull] => [path, pull]));

/** Who needs whom among tasks that are still to be done; a need that is done closes no ring. */
function unfinishedNeeds(
  files: readonly TaskFile[],
  finished: ReadonlyMap<Unit, Result | null>,
): Map<TaskId, TaskId[]> {
  const todo = files.filter(({ task }) => task.status === "todo" && !finished.has(unitOf(task.id)));
  return new Map(todo.map(({ task }) => [task.id, needsOf(task).map((n) => n.task)]));
}
