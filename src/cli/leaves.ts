import type { Leaf } from "./leaf.ts";
import { BEGIN } from "./leaves/begin.ts";
import { CASE } from "./leaves/case.ts";
import { CONTROL } from "./leaves/control.ts";
import { JOB } from "./leaves/job.ts";
import { LOOK } from "./leaves/look.ts";
import { POLICY } from "./leaves/policy.ts";
import { PULL } from "./leaves/pull.ts";
import { RUN } from "./leaves/run.ts";
import { WRITE } from "./leaves/write.ts";

/** Names of groups, with what their commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  agent: "write the fleet's roles",
  case: "keep what went wrong, and see whether it would go wrong again",
  directive: "give standing orders",
  job: "run a tick in jobs whose rights differ",
  pull: "look at the fleet's pulls, and decide",
  policy: "how much approval which change needs, and why",
  task: "write the board, and look at one task",
};

/** What a person wants to do, and the commands for it; in this order they stand in the help. */
export const SECTIONS: readonly (readonly [title: string, leaves: readonly Leaf[]])[] = [
  ["Begin", BEGIN],
  ["Run", RUN],
  ["Look", LOOK],
  ["Write", WRITE],
  ["Decide", [...PULL, ...POLICY]],
  ["Learn", CASE],
  ["Control", CONTROL],
  ["Actions", JOB],
];

/** Every command, in the order in which help and reference show them. */
export const LEAVES: readonly Leaf[] = SECTIONS.flatMap(([, leaves]) => leaves);
