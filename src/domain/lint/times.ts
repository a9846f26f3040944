import { zoneOf } from "../plan/duty.ts";
import type { Finding } from "../finding.ts";
import { nextSlot, type Schedule, type Timezone } from "../time/schedule.ts";
import type { Fleet } from "../snapshot.ts";
import { openTasks, placeOf, serving } from "./rule.ts";

/** Any moment will do: a schedule that comes at all comes within the calendar's 28 years after it. */
const SOME_DAY = new Date("2000-01-01T00:00:00Z");

const neverComes = (schedule: Schedule, zone: Timezone): boolean =>
  nextSlot(schedule, zone, SOME_DAY) === null;

const never = (schedule: Schedule): string => `${schedule} is never due; expected days and times that exist`;

/** Specs and duties with a schedule that names no day there is. */
export function deadSchedules(fleet: Fleet): Finding[] {
  const { config } = fleet;
  return [
    ...serving(fleet).flatMap((agent): Finding[] => {
      const { schedule } = agent.spec;
      if (schedule === "on-demand" || !neverComes(schedule, zoneOf(agent.spec, config))) return [];
      return [
        { rule: "spec/never-due", level: "error", message: never(schedule), ...placeOf(agent, ["schedule"]) },
      ];
    }),
    ...openTasks(fleet).flatMap((file): Finding[] => {
      const { every, agent } = file.task;
      const spec = fleet.agents.get(agent)?.spec;
      if (every === undefined || !neverComes(every, spec ? zoneOf(spec, config) : config.timezone)) return [];
      return [{ rule: "task/never-due", level: "error", message: never(every), ...placeOf(file, ["every"]) }];
    }),
  ];
}

/** Agents that wait for something that cannot come. */
export const deafAgents = (fleet: Fleet): Finding[] =>
  serving(fleet).flatMap((agent): Finding[] => {
    const { wakes, schedule } = agent.spec;
    const only = wakes.length === 1 && wakes[0] === "slot" && schedule === "on-demand";
    if (wakes.length > 0 && !only) return [];
    const why = only
      ? "wakes only at its slots, and on-demand has none"
      : "wakes is empty, so nothing ever wakes it";
    const message = `${why}; leave wakes out, or say status: paused`;
    return [{ rule: "spec/never-wakes", level: "error", message, ...placeOf(agent, ["wakes"]) }];
  });

/** Work that waits for an agent who does not work. */
export const idleWork = (fleet: Fleet): Finding[] =>
  openTasks(fleet).flatMap((file): Finding[] => {
    const status = fleet.agents.get(file.task.agent)?.spec.status ?? "active";
    if (status === "active") return [];
    const message = `waits for ${file.task.agent}, who is ${status}`;
    return [{ rule: "task/idle-agent", level: "note", message, ...placeOf(file, ["agent"]) }];
  });
