import { createHash } from "node:crypto";
import type { CommandGate } from "../../domain/verdict/gates.ts";
import { matchesAny } from "../../domain/glob.ts";
import { heardOf } from "../../domain/verdict/hearing.ts";
import type { Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { first } from "../../domain/pull/review-text.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { GateVerdict } from "../../domain/verdict/verdict.ts";
import { inconclusive } from "../../gate/gate.ts";
import type { Conflict } from "../../port/repo.ts";
import { graderSeat } from "./grader-seat.ts";
import { joinedTree, jointOf } from "../settle/join.ts";
import type { Matter, Seat } from "./matter.ts";
import type { Workshop, World } from "../world.ts";

/** Where gates that judge elsewhere stand on a pull. */
export interface Hall {
  /** What each of them says now, by name: its word on exactly this, or why there is none. */
  verdicts: Map<string, GateVerdict>;
  /** Those that let this head pass on an older base branch: worth asking when all else is there. */
  moved: Matter[];
  /** Those that have to be asked. */
  unheard: Matter[];
}

/** Looks up what the journal holds of these gates. Asks nobody. */
export async function hallOf(
  world: World,
  snapshot: Snapshot,
  { pull, names }: { pull: Pull; names: readonly string[] },
): Promise<Hall> {
  const hall: Hall = { verdicts: new Map(), moved: [], unheard: [] };
  const { gates } = snapshot.fleet.config;
  for (const gate of names) {
    const settings = Object.hasOwn(gates, gate) ? gates[gate] : undefined;
    const { head } = pull;
    if (head === null) continue;
    if (settings?.kind === "command")
      enter(hall, gate, await commandSeat(world, snapshot, { pull, gate, settings, head }));
    if (settings?.kind === "grader") enter(hall, gate, graderSeat(snapshot, { pull, gate, settings, head }));
  }
  return hall;
}

function enter(hall: Hall, gate: string, seat: Seat): void {
  hall.verdicts.set(gate, seat.verdict);
  if (seat.ask !== undefined) hall[seat.ask.as].push(seat.ask.matter);
}

/** Where a program stands: the trial merge is its matter, so a moved base branch is another one. */
async function commandSeat(
  world: World,
  snapshot: Snapshot,
  { pull, gate, settings, head }: { pull: Pull; gate: string; settings: CommandGate; head: Sha },
): Promise<Seat> {
  const judged = await judgedBy(world, snapshot, { settings, pull, head });
  if (typeof judged !== "string") {
    const paths = first(judged.conflicts, 20, (path) => path);
    return { verdict: inconclusive(gate, NOTHING, paths) };
  }
  const of = nameOf(snapshot, settings, judged);
  const matter: Matter = { kind: "command", gate, settings, head, judged, of };
  const heard = heardOf(snapshot.journal.hearings, { ...matter, branch: pull.branch }, snapshot.now);
  return heard.kind === "said"
    ? { verdict: heard.verdict }
    : { verdict: inconclusive(gate, NOT_YET[heard.kind]), ask: { as: heard.kind, matter } };
}

const NOTHING = "it cannot be merged mechanically, so there is nothing to judge";
const NOT_YET = {
  moved: "it passed, and the base branch moved since: it judges again before a merge",
  unheard: "it has not judged yet",
};

/** The tree that a program judges: the head's, or what the base branch would become; or the paths in which it cannot be made. */
export async function judgedBy(
  world: Workshop,
  tip: Pick<Snapshot, "base" | "fleet">,
  { settings, pull, head }: { settings: CommandGate; pull: Parameters<typeof jointOf>[1]; head: Sha },
): Promise<Sha | Conflict> {
  return settings.judges === "diff" ? head : joinedTree(world, jointOf(tip, pull, head));
}

/** The same for the same tree, judged by the same program with the same settings. */
export function nameOf({ fleet }: Pick<Snapshot, "fleet">, settings: CommandGate, judged: Sha): string {
  const program = fleet.entries
    .filter((e) => matchesAny(settings.files, e.path))
    .map((e) => [e.path, e.mode, e.blob]);
  return createHash("sha256")
    .update(JSON.stringify([settings, program, judged]))
    .digest("hex");
}
