import { taskOf, unitOf, type AgentName, type TaskId, type Unit } from "../id.ts";
import type { Control, Verb } from "../record.ts";
import type { Journal } from "../snapshot.ts";

/** Whom verbs may be about. Null where a pull has no unit or no agent. */
export interface Subject {
  agent: AgentName | null;
  unit: Unit | null;
}

type Scope = (control: Control) => boolean;

const onFleet: Scope = ({ target }) => target.kind === "fleet";

const onAgent =
  (agent: AgentName | null): Scope =>
  ({ target }) =>
    target.kind === "agent" && target.agent === agent;

/** A verb about a duty's task is about each of its occurrences too. */
function onUnit(unit: Unit | null): Scope {
  const units: readonly string[] = unit === null ? [] : [unit, taskOf(unit)];
  return ({ target }) => target.kind === "unit" && units.includes(target.unit);
}

/** True when a verb is about this subject: the fleet, its agent, its task or its very unit. */
export const concerns = (control: Control, { agent, unit }: Subject): boolean =>
  [onFleet, onAgent(agent), onUnit(unit)].some((scope) => scope(control));

/**
 * The verb with the last word: the newest of its kind on that target (controls come oldest first), unless its
 * `until` is over. When it is, no older verb comes back into force.
 */
function lastWord(
  controls: readonly Control[],
  { scope, verbs, at }: { scope: Scope; verbs: readonly Verb[]; at: Date },
): Control | null {
  const last = controls.findLast((c) => verbs.includes(c.verb) && scope(c));
  if (last === undefined) return null;
  return last.until !== null && Date.parse(last.until) <= at.getTime() ? null : last;
}

/** The first scope on which `verb` has the last word against `resume`. */
function stopped(
  controls: readonly Control[],
  verb: "pause" | "hold",
  { scopes, at }: { scopes: readonly Scope[]; at: Date },
): Control | null {
  for (const scope of scopes) {
    const word = lastWord(controls, { scope, verbs: [verb, "resume"], at });
    if (word?.verb === verb) return word;
  }
  return null;
}

/** The pause that keeps an agent from working: its own, or the fleet's. Resuming one does not resume the other. */
export const paused = (controls: readonly Control[], agent: AgentName, now: Date): Control | null =>
  stopped(controls, "pause", { scopes: [onAgent(agent), onFleet], at: now });

/** The pause that keeps this very unit, or its task, from being worked; its agent may work on others. */
export const pausedUnit = (controls: readonly Control[], unit: Unit, now: Date): Control | null =>
  stopped(controls, "pause", { scopes: [onUnit(unit)], at: now });

/** True when a pause or a hold of anything is in force: only a person's word, or its end, changes that. */
export const isStopped = (controls: readonly Control[], now: Date): boolean =>
  [...byTarget(controls).values()].some((of) =>
    (["pause", "hold"] as const).some(
      (verb) => stopped(of, verb, { scopes: [() => true], at: now }) !== null,
    ),
  );

/** True when an agent was paused at a moment of the past. Slots of such moments are not due. */
export const pausedDuring = (controls: readonly Control[], agent: AgentName, at: Date): boolean =>
  paused(
    controls.filter((c) => Date.parse(c.at) <= at.getTime()),
    agent,
    at,
  ) !== null;

/** The hold under which nothing merges: the unit's (or its task's), its agent's, or the fleet's; the narrowest first. */
export const held = (controls: readonly Control[], { agent, unit }: Subject, now: Date): Control | null =>
  stopped(controls, "hold", { scopes: [onUnit(unit), onAgent(agent), onFleet], at: now });

/**
 * The `park` or `close` that keeps a unit from being tried. A person's edit of the task's file, or answer in it, ends it,
 * unless it names no version of the file: then only `unpark` does. What an agent does never changes the file of a task
 * that is worked again.
 */
export function parked(
  controls: readonly Control[],
  { unit, blob }: { unit: Unit; blob: string },
  now: Date,
): Control | null {
  const word = lastWord(controls, { scope: onUnit(unit), verbs: ["park", "close", "unpark"], at: now });
  if (word === null || word.verb === "unpark") return null;
  return word.taskBlob === null || word.taskBlob === blob ? word : null;
}

/** The `reassign` that gives a task to another agent than its file names; over when the file names somebody else. */
export function reassigned(
  controls: readonly Control[],
  { task, agent }: { task: TaskId; agent: AgentName },
  now: Date,
): AgentName | null {
  const word = lastWord(controls, { scope: onUnit(unitOf(task)), verbs: ["reassign"], at: now });
  const { from, to } = word?.reassign ?? {};
  return to !== undefined && from === agent && to !== agent ? to : null;
}

/** The `close` or `unpark` with the last word on a unit, whatever became of its task's file since; null for none. */
export const lastClose = (controls: readonly Control[], unit: Unit): Control | null => {
  const word = controls.findLast((c) => (c.verb === "close" || c.verb === "unpark") && onUnit(unit)(c));
  return word?.verb === "close" ? word : null;
};

/** True when a person asked for this very unit to be tried again after that moment. */
export const wantedAgain = (controls: readonly Control[], unit: Unit, after: string): boolean =>
  controls.some(
    ({ verb, target, at }) =>
      verb === "unpark" &&
      target.kind === "unit" &&
      target.unit === unit &&
      Date.parse(at) > Date.parse(after),
  );

/**
 * What stops everything: a control that cannot be read may be a pause, a hold or a park of anything. A person who has
 * looked at it says so with a later `resume fleet`. Null when nothing stands unread.
 */
export function unreadableControl({
  findings,
  controls,
}: Pick<Journal, "findings" | "controls">): string | null {
  const resumed = controls.findLast((c) => c.verb === "resume" && onFleet(c))?.at ?? "";
  const seen = resumed.replaceAll(/[-:]/g, "");
  const unread = findings.find(
    (f) => f.file.startsWith("control/") && f.file.slice("control/".length) > seen,
  );
  return unread?.file ?? null;
}

/** Controls by what they are about, so that a board of thousands is not a scan of them all each time. */
export type Controls = ReadonlyMap<string, readonly Control[]>;

export function byTarget(controls: readonly Control[]): Controls {
  return Map.groupBy(controls, ({ target }) => {
    switch (target.kind) {
      case "fleet":
        return "fleet";
      case "agent":
        return `agent ${target.agent}`;
      case "unit":
        return `unit ${target.unit}`;
      default:
        return target satisfies never;
    }
  });
}

/** Every control that can matter to a subject, oldest first. */
export function about(controls: Controls, { agent, unit }: Subject): Control[] {
  const task = unit === null ? null : taskOf(unit);
  const keys = new Set(["fleet", `agent ${agent}`, `unit ${task}`, `unit ${unit}`]);
  const found = [...keys].flatMap((key) => controls.get(key) ?? []);
  return found.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** ` by anna until 2026-11-23T07:00:00Z: on holiday`, to be put behind "paused", "on hold" or "parked". */
export const byWhom = ({ who, why, until }: Control): string =>
  ` by ${who}${until === null ? "" : ` until ${until}`}${why === "" ? "" : `: ${why}`}`;
