import { stepsFor, type ActionSource } from "./pins.ts";
import type { Setting } from "./setting.ts";
import { tickJobs } from "./tick-jobs.ts";

/** What the tick's workflow depends on. */
export interface TickFacts extends Setting {
  crons: readonly string[];
  source: ActionSource;
}

export const TICK = ".github/workflows/pullbeat.yml";

/** One tick: plan, work in parallel, publish, settle. Only the jobs that push may write; only those that work get the key. */
export const tickWorkflow = ({ crons, source, ...setting }: TickFacts): string =>
  `# Written by \`pullbeat workflows\`. After a change of schedules or of the config, run it again.
name: pullbeat
on:
  schedule:
${crons.map((cron) => `    - cron: "${cron}"`).join("\n")}
  workflow_dispatch:
    inputs:
      chain:
        description: Ticks since a person or a slot
        type: string
        default: "0"

permissions: {}

# Ticks come one after another, and none that waits is given up.
concurrency:
  group: pullbeat
  cancel-in-progress: false
  queue: max

jobs:
${tickJobs(stepsFor(source), setting)}
`;
