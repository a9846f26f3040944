import type { Config } from "../config.ts";
import { COURTS, type Court, type Listed } from "./docket.ts";
import { shardsFor } from "../plan/shard.ts";

/** Of what is listed, everything but the job. */
type Without<T> = T extends unknown ? Omit<T, "shard"> : never;
export type Waiting = Without<Listed>;

/**
 * Which job hears what. Graders share few jobs, the longest first, each into the job that has least. A program has a job to
 * itself: what it runs of one pull is beside no other pull's verdict. What fits into no job is left for the next tick.
 */
export function courtsOf(
  waiting: readonly (Waiting & { minutes: number })[],
  actions: Pick<Config["actions"], "jobs" | "minutes">,
): { courts: Court[]; matters: Listed[] } {
  const graders = waiting.filter((w) => w.kind === "grader").toSorted((a, b) => b.minutes - a.minutes);
  const total = graders.reduce((sum, w) => sum + w.minutes, 0);
  const jobs = Math.min(COURTS / 2, shardsFor(graders.length, total, actions));
  const filled = Array.from({ length: jobs }, () => 0);
  const heard = graders.map(({ minutes, ...matter }): Listed => {
    const least = filled.indexOf(Math.min(...filled));
    filled[least] = (filled[least] ?? 0) + minutes;
    return { ...matter, shard: least + 1 };
  });
  const alone = waiting
    .filter((w) => w.kind === "command")
    .slice(0, COURTS - jobs)
    .map(({ minutes: _minutes, ...matter }, i): Listed => ({ ...matter, shard: jobs + i + 1 }));
  const courts = [
    ...filled.map((_, i): Court => ({ shard: i + 1, kind: "model" })),
    ...alone.map(({ shard }): Court => ({ shard, kind: "program" })),
  ];
  return { courts, matters: [...heard, ...alone] };
}
