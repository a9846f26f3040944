import type { Leaf } from "./leaf.ts";
import { BEGIN } from "./leaves/begin.ts";
import { CONTROL } from "./leaves/control.ts";
import { LOOK } from "./leaves/look.ts";
import { POLICY } from "./leaves/policy.ts";
import { PULL } from "./leaves/pull.ts";
import { RUN } from "./leaves/run.ts";

/** Names of groups, with what their commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  pull: "look at the fleet's pulls, and decide",
  policy: "how much approval which change needs, and why",
};

/** Every command, in the order in which help and reference show them. */
export const LEAVES: readonly Leaf[] = [...BEGIN, ...RUN, ...LOOK, ...PULL, ...POLICY, ...CONTROL];
