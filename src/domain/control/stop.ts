import {
  about,
  byTarget,
  byWhom,
  held,
  parked,
  paused,
  pausedUnit,
  reassigned,
  type Subject,
} from "./control.ts";
import { taskOf, unitOf, type AgentName, type Unit } from "../id.ts";
import type { Verb } from "../record.ts";
import type { Fleet, Journal } from "../snapshot.ts";

/** A person's word that keeps an agent from working on a unit. */
export interface Stop {
  verb: Verb;
  /** To be put behind the unit's name. */
  reason: string;
}

/** What is known of people's words at one moment. */
export interface Floor {
  /** With tasks given to whom people gave them. */
  fleet: Pick<Fleet, "tasks">;
  journal: Pick<Journal, "controls">;
  now: Date;
}

type Work = { agent: AgentName; unit: Unit };

/**
 * The word that stands against an agent's work on a unit being handed over, whenever it was said: a pause, a park, a
 * close, or that somebody else is to do it. A hold does not: work goes on, and waits in its pull.
 */
export function stopOn({ fleet, journal, now }: Floor, { agent, unit }: Work): Stop | null {
  const controls = about(byTarget(journal.controls), { agent, unit });
  const file = fleet.tasks.get(taskOf(unit));
  const pause = pausedUnit(controls, unit, now) ?? paused(controls, agent, now);
  if (pause !== null) return { verb: "pause", reason: `is paused${byWhom(pause)}` };
  const park = parked(controls, { unit, blob: file?.blob ?? "" }, now);
  if (park !== null)
    return { verb: park.verb, reason: `is ${park.verb === "close" ? "closed" : "parked"}${byWhom(park)}` };
  const owner = file?.task.agent;
  return owner === undefined || owner === agent || file?.writtenFor === undefined
    ? null
    : { verb: "reassign", reason: `is ${owner}'s now: a person gave it to them` };
}

/** The same for work that is only about to begin: a hold of the unit or of its agent counts as well. */
export function stopBefore(floor: Floor, work: Work): Stop | null {
  const hold = held(floor.journal.controls, work satisfies Subject, floor.now);
  const narrow = hold === null || hold.target.kind === "fleet" ? null : hold;
  return stopOn(floor, work) ?? (narrow && { verb: "hold", reason: `is on hold${byWhom(narrow)}` });
}

/** A fleet in which each task is whose people say that it is. */
export function withReassigned<F extends Pick<Fleet, "tasks">>(
  fleet: F,
  { controls }: Pick<Journal, "controls">,
  now: Date,
): F {
  const given = new Set(
    controls.flatMap((c) => (c.reassign && c.target.kind === "unit" ? [c.target.unit] : [])),
  );
  if (given.size === 0) return fleet;
  const tasks = new Map(
    [...fleet.tasks].map(([id, file]) => {
      const { agent } = file.task;
      const to = given.has(unitOf(id)) ? reassigned(controls, { task: id, agent }, now) : null;
      return [id, to === null ? file : { ...file, task: { ...file.task, agent: to }, writtenFor: agent }];
    }),
  );
  return { ...fleet, tasks };
}
