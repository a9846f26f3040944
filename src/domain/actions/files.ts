import type { Fleet } from "../snapshot.ts";
import { cronsFor } from "./cron.ts";
import { voicesOf } from "./identity.ts";
import { PEOPLE, peopleWorkflow, REVIEW, reviewWorkflow } from "./people-workflow.ts";
import type { ActionSource } from "./pins.ts";
import { TASK_FORM, taskForm } from "./task-form.ts";
import { TICK, tickWorkflow } from "./tick-workflow.ts";

/** What the workflows follow from. */
export type Workload = Pick<Fleet, "agents" | "tasks" | "config">;

/** Where GitHub looks for what pullbeat writes. */
export const WORKFLOWS: readonly string[] = [TICK, PEOPLE, REVIEW, TASK_FORM];

/** Every file that a fleet needs on GitHub, by its path, and when ticks are scheduled. `now`: the week to look at. */
export function workflowFiles(
  fleet: Workload,
  source: ActionSource,
  now: Date,
): { crons: string[]; files: ReadonlyMap<string, string> } {
  const crons = cronsFor(fleet, now);
  const { key, base_url } = fleet.config.engines.openai;
  const voices = voicesOf(fleet.config);
  const programs = programSecrets(fleet.agents);
  const tick = tickWorkflow({ crons, source, key, endpoint: base_url === undefined, programs, voices });
  return {
    crons,
    files: new Map([
      [TICK, tick],
      [PEOPLE, peopleWorkflow(source, voices)],
      [REVIEW, reviewWorkflow()],
      ...(fleet.config.forge.kind === "github" ? [[TASK_FORM, taskForm(fleet)] as const] : []),
    ]),
  };
}

/** Names of the variables that programs of the fleet ask for. */
function programSecrets(agents: Fleet["agents"]): string[] {
  const names = [...agents.values()].flatMap(({ spec }) =>
    spec.engine.kind === "command" ? spec.engine.env : [],
  );
  return [...new Set(names)].toSorted();
}

/** Where two texts part: the line, counted from 1, and what stands there in each; null where a text has ended. */
export interface Parting {
  line: number;
  there: string | null;
  wanted: string | null;
}

/** The first line that differs; null for the same text. */
export function partingOf(there: string, wanted: string): Parting | null {
  const [a, b] = [there.split("\n"), wanted.split("\n")];
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => a[i] !== b[i]);
  return at === undefined ? null : { line: at + 1, there: a[at] ?? null, wanted: b[at] ?? null };
}

/** What the files of ours begin with; any other text was written by somebody else. */
export const isOurs = (text: string): boolean => text.startsWith("# Written by `pullbeat workflows`.");
