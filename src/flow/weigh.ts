import { askedGates, type Decision } from "../domain/clearance.ts";
import type { Pull } from "../domain/pull.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { tierOf } from "../domain/tier.ts";
import { combine, type Verdict } from "../domain/verdict.ts";
import { caseOf, decideCase, type Case } from "./decide.ts";
import { hallOf, type Hall, type Matter } from "./hall.ts";
import { join, jointOf } from "./join.ts";
import { judgePull } from "./verdict.ts";
import type { World } from "./world.ts";

/** A pull with what is known of it, what its gates say, and what follows. */
export interface Weighed {
  known: Case;
  verdict: Verdict;
  decision: Decision;
  /** The same as one tells it: a gate that let this head pass counts as passed until it is asked again. */
  told: Verdict;
  /** Gates' programs that should judge it now: nothing else is in their way. */
  due: Matter[];
}

/** Judges a pull and decides about it, by what the tip says now. Writes nothing, and runs no program. */
export async function weigh(world: World, snapshot: Snapshot, pull: Pull): Promise<Weighed> {
  const known = await caseOf(world, snapshot, pull);
  const { policy } = snapshot.fleet.config;
  const names = askedGates(policy, known.facts, tierOf(policy, known.facts));
  const hall = await hallOf(world, snapshot, { pull, names });
  const verdict = await judgePull(world, snapshot, { pull, bar: { names, outside: hall.verdicts } });
  const decision = decideCase(snapshot, known, verdict);
  const told = hoped(hall, verdict);
  return { known, verdict, told, decision, due: dueIn(hall, { verdict, snapshot, known, told }) };
}

/**
 * A program is asked when the gates that need none have passed. One that let this head pass before the base branch moved
 * is asked again only when the pull would merge then: or else each merge would run it for every open pull.
 */
function dueIn(
  hall: Hall,
  { verdict, snapshot, known, told }: Pick<Weighed, "verdict" | "known" | "told"> & { snapshot: Snapshot },
): Matter[] {
  const others = verdict.gates.filter((g) => !hall.verdicts.has(g.gate));
  if (others.some((g) => g.ruling !== "pass")) return [];
  if (hall.moved.length === 0) return hall.unheard;
  const wouldMerge = decideCase(snapshot, known, told).kind === "merge";
  return wouldMerge ? [...hall.unheard, ...hall.moved] : hall.unheard;
}

function hoped({ moved }: Hall, { gates }: Verdict): Verdict {
  const asked = new Set(moved.map((m) => m.gate));
  return combine(gates.map((g) => (asked.has(g.gate) ? { ...g, ruling: "pass" as const } : g)));
}

/** Paths in which a pull cannot be merged mechanically; none for one whose branch is gone. */
export async function conflictsOf(world: World, snapshot: Snapshot, pull: Pull): Promise<string[]> {
  if (pull.head === null) return [];
  const merged = await join(world, jointOf(snapshot, pull, pull.head));
  return "conflicts" in merged ? merged.conflicts : [];
}
