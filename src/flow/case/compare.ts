import { isFinding, type Outcome } from "../../domain/case/outcome.ts";
import { Fault } from "../../domain/fault.ts";
import type { AgentName } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Fleet, Snapshot } from "../../domain/snapshot.ts";
import type { World } from "../world.ts";
import { agentsWithCases, runCases, type Ran } from "./run.ts";

/** What becomes of an agent's cases when a pull is merged that changes what they are judged by. */
export interface Compared {
  agent: AgentName;
  /** How many were played with both. */
  cases: number;
  /** How many are as they should be: by the tip, and by the pull. */
  fine: { now: number; merged: number };
  /** Cases that come to something else. */
  moved: { case: string; now: Outcome["kind"]; merged: Outcome["kind"] }[];
  /** Cases that were left out. */
  left: number;
}

/** Whoever looks at a pull waits for it, so that not more are played for one agent. */
const MOST = 10;

const CONFIG = ".github/pullbeat.yml";

/** Plays the cases of agents whose spec, or of all whose gates, an open pull changes. Most pulls change neither, and cost nothing. */
export async function compareCases(
  world: World,
  { fleet, changes }: Snapshot,
  { branch, head }: Pick<Pull, "branch" | "head">,
): Promise<Compared[]> {
  const paths = new Set(changes.get(branch)?.map((c) => c.path));
  const touched = agentsWithCases(fleet).filter((a) => paths.has(CONFIG) || paths.has(`agents/${a}.md`));
  if (head === null || touched.length === 0) return [];
  const merged = await fleetAt(world, head);
  if (merged === null) return [];
  const compared: Compared[] = [];
  for (const agent of touched) {
    const asked = { agent, cases: fleet, most: MOST };
    const now = await runCases(world, { ...asked, against: fleet });
    const then = await runCases(world, { ...asked, against: merged });
    compared.push({ agent, left: now.left, ...besides(now.ran, then.ran) });
  }
  return compared;
}

/** A config that cannot be read judges nothing; gates say so themselves. */
async function fleetAt({ records }: World, head: NonNullable<Pull["head"]>): Promise<Fleet | null> {
  try {
    return await records.fleet(head);
  } catch (thrown) {
    if (thrown instanceof Fault) return null;
    throw thrown;
  }
}

const fineIn = (ran: readonly Ran[]): number => ran.filter((r) => !isFinding(r.outcome)).length;

function besides(now: readonly Ran[], then: readonly Ran[]): Omit<Compared, "agent" | "left"> {
  const pairs = now.flatMap((a, i) => {
    const b = then[i];
    return b === undefined
      ? []
      : [{ case: a.case?.case ?? a.path, now: a.outcome.kind, merged: b.outcome.kind }];
  });
  return {
    cases: now.length,
    fine: { now: fineIn(now), merged: fineIn(then) },
    moved: pairs.filter((p) => p.now !== p.merged),
  };
}
