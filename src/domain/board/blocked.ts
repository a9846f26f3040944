import { isLiteral, overwrites } from "../product/declared.ts";
import { isOlder, slotOf } from "../plan/duty.ts";
import type { Facts } from "../plan/facts.ts";
import { matches } from "../glob.ts";
import { agentOf } from "../plan/halt.ts";
import { openNeeds } from "./needs.ts";
import type { Pull } from "../pull/pull.ts";
import { PERSON, stands, type Standing, type Work } from "./standing.ts";
import type { TaskFile } from "./task.ts";

// Rules for what keeps a unit from being worked although nobody has it in hand.

export function brokenFile({ file }: Work, { errors }: Facts): Standing | null {
  const error = errors.get(file.path);
  if (error === undefined) return null;
  return stands("blocked", `${error.file}:${error.line}:${error.column}: ${error.message}`, PERSON);
}

export function agentHalted({ file }: Work, facts: Facts): Standing | null {
  const agent = agentOf(file.task.agent, facts);
  return "halt" in agent ? stands("blocked", `${file.task.agent} ${agent.halt.reason}`, PERSON) : null;
}

/** `overlap: wait` rests while an older occurrence is open; `replace` only while somebody still holds it. */
export function olderOpen({ file, unit }: Work, { open, pulls }: Facts): Standing | null {
  const older = (open.get(file.task.id) ?? []).filter((u) => isOlder(u, unit));
  const first = older.find((u) => file.task.overlap === "wait" || !pulls.has(u));
  if (first === undefined) return null;
  const pull = pulls.get(first)?.at(-1) ?? null;
  const where = pull === null ? "is claimed" : `is open in #${pull.number}`;
  return stands("blocked", `waits for its occurrence of ${slotOf(first)}, which ${where}`, PERSON, { pull });
}

export function needsOpen({ file }: Work, facts: Facts): Standing | null {
  const open = openNeeds(file.task, facts);
  const first = open[0];
  if (first === undefined) return null;
  const needs = open.map((n) => n.task);
  const ring = facts.rings.get(file.task.id);
  if (ring !== undefined)
    return stands("blocked", `needs itself: ${ring.join(" needs ")}`, PERSON, { needs });
  const sentences = open.map((n) => n.sentence).join("; ");
  return stands("blocked", `needs ${sentences}`, first.acts, { needs });
}

/** Another unit's open pull changes what this one would overwrite blindly. Its own pull was seen by an earlier rule. */
export function pathTaken({ file }: Work, { changed, snapshot }: Facts): Standing | null {
  const spec = snapshot.fleet.agents.get(file.task.agent)?.spec;
  if (spec === undefined) return null;
  for (const glob of overwrites(file.task, spec))
    for (const path of isLiteral(glob) ? [glob] : changed.keys()) {
      const pull = changed.get(path)?.find((p) => !replaces(file, p));
      if (pull !== undefined && matches(glob, path))
        return stands("blocked", `${path} is changed by #${pull.number} already`, PERSON, { pull });
    }
  return null;
}

/** An older occurrence's pull is closed by the newer one, and so not in its way. */
const replaces = ({ task }: TaskFile, pull: Pull): boolean =>
  task.overlap === "replace" && pull.task === task.id;
