import { createHash } from "node:crypto";
import type { CommandGate, GraderGate } from "../domain/gates.ts";
import { matchesAny } from "../domain/glob.ts";
import { heardOf, type GradedWork } from "../domain/hearing.ts";
import type { Sha } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import { first } from "../domain/review-text.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { GateVerdict } from "../domain/verdict.ts";
import { inconclusive } from "../gate/gate.ts";
import type { Conflict } from "../port/repo.ts";
import { joinedTree, jointOf } from "./join.ts";
import type { Workshop, World } from "./world.ts";

/** What is to be judged, and how that is called in the journal. */
interface Asked {
  gate: string;
  head: Sha;
  /** The tree that is judged: the head's, or what the base branch would become. */
  judged: Sha;
  of: string;
}

/** A program that is to judge a pull. */
interface CommandMatter extends Asked {
  kind: "command";
  settings: CommandGate;
}

/** A grader that is to judge a pull. */
interface GraderMatter extends Asked {
  kind: "grader";
  settings: GraderGate;
  work: GradedWork;
}

/** A gate that is to judge a pull elsewhere: plain data, which can cross to a job. */
export type Matter = CommandMatter | GraderMatter;

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
  for (const gate of names) {
    const matter = await matterOf(world, snapshot, { pull, gate });
    if (matter === null) continue;
    if ("ruling" in matter) {
      hall.verdicts.set(gate, matter);
      continue;
    }
    const heard = heardOf(snapshot.journal.hearings, { ...matter, branch: pull.branch }, snapshot.now);
    if (heard.kind === "said") hall.verdicts.set(gate, heard.verdict);
    else {
      hall[heard.kind].push(matter);
      hall.verdicts.set(gate, inconclusive(gate, heard.kind === "moved" ? MOVED : SILENT));
    }
  }
  return hall;
}

/** What a gate is to judge, or why it cannot; null for one that judges here. */
async function matterOf(
  world: World,
  snapshot: Snapshot,
  { pull, gate }: { pull: Pull; gate: string },
): Promise<Matter | GateVerdict | null> {
  const { gates } = snapshot.fleet.config;
  const settings = Object.hasOwn(gates, gate) ? gates[gate] : undefined;
  const { head } = pull;
  if (settings?.kind !== "command" || head === null) return null;
  const judged = await judgedBy(world, snapshot, { settings, pull, head });
  if (typeof judged === "string")
    return { kind: "command", gate, settings, head, judged, of: nameOf(snapshot, settings, judged) };
  const paths = first(judged.conflicts, 20, (path) => path);
  return inconclusive(gate, NOTHING, paths);
}

const NOTHING = "it cannot be merged mechanically, so there is nothing to judge";
const MOVED = "it passed, and the base branch moved since: it judges again before a merge";
const SILENT = "it has not judged yet";

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
