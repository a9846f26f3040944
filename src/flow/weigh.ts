import { askedGates, type Decision } from "../domain/clearance.ts";
import type { Pull } from "../domain/pull.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { tierOf } from "../domain/tier.ts";
import type { Verdict } from "../domain/verdict.ts";
import { caseOf, decideCase, type Case } from "./decide.ts";
import { judgePull } from "./verdict.ts";
import type { World } from "./world.ts";

/** A pull with what is known of it, what its gates say, and what follows. */
export interface Weighed {
  known: Case;
  verdict: Verdict;
  decision: Decision;
}

/** Judges a pull and decides about it, by what the tip says now. Writes nothing. */
export async function weigh(world: World, snapshot: Snapshot, pull: Pull): Promise<Weighed> {
  const known = await caseOf(world, snapshot, pull);
  const { policy } = snapshot.fleet.config;
  const names = askedGates(policy, known.facts, tierOf(policy, known.facts));
  const verdict = await judgePull(world, snapshot, { pull, bar: { names } });
  return { known, verdict, decision: decideCase(snapshot, known, verdict) };
}

/** Paths in which a pull cannot be merged mechanically; none for one whose branch is gone. */
export async function conflictsOf({ repo }: World, { base }: Snapshot, { head }: Pull): Promise<string[]> {
  if (head === null) return [];
  const merged = await repo.merge(base, head);
  return "conflicts" in merged ? merged.conflicts : [];
}
