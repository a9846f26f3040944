import type { Leaf } from "./leaf.ts";
import { BEGIN } from "./leaves/begin.ts";
import { CONTROL } from "./leaves/control.ts";
import { JOB } from "./leaves/job.ts";
import { LOOK } from "./leaves/look.ts";
import { PULL } from "./leaves/pull.ts";
import { RUN } from "./leaves/run.ts";
import { WRITE } from "./leaves/write.ts";

/** Names of groups, with what their commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  agent: "write the fleet's roles",
  directive: "give standing orders",
  job: "run a tick in jobs whose rights differ",
  pull: "look at the fleet's pulls, and decide",
  task: "write the board, and look at one task",
};

/** Every command, in the order in which help and reference show them. */
export const LEAVES: readonly Leaf[] = [...BEGIN, ...RUN, ...LOOK, ...WRITE, ...PULL, ...CONTROL, ...JOB];
