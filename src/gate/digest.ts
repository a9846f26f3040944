import type { Change } from "../domain/change.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import { ruled } from "./gate.ts";

const TARGET = /^digest\/\d{4}-\d\d-\d\d\.md$/;

/** Holds that a digest's pull touches one plain file of `digest/`, and nothing else. */
export function judgeDigest(changes: readonly Change[]): GateVerdict {
  const problems = [
    ...changes.filter((c) => !TARGET.test(c.path)).map((c) => `${c.path}: outside digest/`),
    ...changes
      .filter((c) => c.newMode !== "100644" || (c.oldMode !== "000000" && c.oldMode !== "100644"))
      .map((c) => `${c.path}: not a plain file`),
    ...(changes.length === 1 ? [] : [`one file is a digest, and ${changes.length} change`]),
  ];
  return {
    ...ruled("digest", problems, {
      pass: "one file of digest/ changes",
      fail: "the change is more than a digest",
    }),
    mendable: false,
  };
}
