import { createHash } from "node:crypto";
import type { CommandGate } from "../domain/gates.ts";
import { matchesAny } from "../domain/glob.ts";
import { Hearing, heardOf, hearingPath } from "../domain/hearing.ts";
import { instantOf, randomId, type Sha } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import { first } from "../domain/review-text.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { combine, type GateVerdict } from "../domain/verdict.ts";
import { inconclusive } from "../gate/gate.ts";
import type { FileDraft } from "../port/repo.ts";
import { treeOf } from "./collect.ts";
import { discreetVerdict } from "./discreet.ts";
import { recordText } from "./journal.ts";
import { land } from "./land.ts";
import type { World } from "./world.ts";

/** A program that is to judge a pull: what it is given, and how that is called in the journal. */
export interface Matter {
  gate: string;
  settings: CommandGate;
  head: Sha;
  /** The tree that it judges: the head's, or what the base branch would become. */
  judged: Sha;
  of: string;
}

/** Where programs of gates stand on a pull. */
export interface Hall {
  /** What each of them says now, by name: its word on exactly this, or why there is none. */
  verdicts: Map<string, GateVerdict>;
  /** Those that let this head pass on an older base branch: worth asking when all else is there. */
  moved: Matter[];
  /** Those that have to be asked. */
  unheard: Matter[];
}

/** Looks up what the journal holds of the programs among these gates. Runs nothing. */
export async function hallOf(
  world: World,
  snapshot: Snapshot,
  { pull, names }: { pull: Pull; names: readonly string[] },
): Promise<Hall> {
  const hall: Hall = { verdicts: new Map(), moved: [], unheard: [] };
  const { head, branch } = pull;
  const gates = snapshot.fleet.config.gates;
  for (const gate of names) {
    const settings = Object.hasOwn(gates, gate) ? gates[gate] : undefined;
    if (settings?.kind !== "command" || head === null) continue;
    const judged = await judgedBy(world, snapshot, { settings, head });
    if (typeof judged !== "string") {
      hall.verdicts.set(
        gate,
        inconclusive(
          gate,
          NOTHING,
          first(judged.conflicts, 20, (path) => path),
        ),
      );
      continue;
    }
    const matter = { gate, settings, head, judged, of: nameOf(snapshot, settings, judged) };
    const heard = heardOf(snapshot.journal.hearings, { ...matter, branch }, snapshot.now);
    if (heard.kind === "said") hall.verdicts.set(gate, heard.verdict);
    else {
      hall[heard.kind].push(matter);
      hall.verdicts.set(gate, inconclusive(gate, heard.kind === "moved" ? MOVED : SILENT));
    }
  }
  return hall;
}

const NOTHING = "it cannot be merged mechanically, so there is nothing to judge";
const MOVED = "it passed, and the base branch moved since: it judges again before a merge";
const SILENT = "it has not judged yet";

/** The tree that a gate judges; or the paths in which it cannot be made. */
async function judgedBy(
  { repo }: World,
  { base }: Snapshot,
  { settings, head }: { settings: CommandGate; head: Sha },
): Promise<Sha | { conflicts: string[] }> {
  if (settings.judges === "diff") return head;
  const merged = await repo.merge(base, head);
  return "tree" in merged ? merged.tree : merged;
}

/** The same for the same tree, judged by the same program with the same settings. */
function nameOf({ fleet }: Snapshot, settings: CommandGate, judged: Sha): string {
  const program = fleet.entries
    .filter((e) => matchesAny(settings.files, e.path))
    .map((e) => [e.path, e.mode, e.blob]);
  return createHash("sha256")
    .update(JSON.stringify([settings, program, judged]))
    .digest("hex");
}

/** Has programs judge, and puts what they say into the journal. False: lost, read again; null: none can be run here. */
export async function hear(
  world: World,
  snapshot: Snapshot,
  { pull, matters }: { pull: Pull; matters: readonly Matter[] },
): Promise<boolean | null> {
  if (world.judge === undefined || matters.length === 0) return null;
  const files: FileDraft[] = [];
  for (const matter of matters) files.push(await hearOne(world, snapshot, { pull, matter }));
  const subject = `pull ${pull.number}: judged by ${matters.map((m) => m.gate).join(", ")}`;
  return land(world, snapshot, { subject, files, updates: [] });
}

async function hearOne(
  world: World,
  { fleet, changes, now }: Snapshot,
  { pull, matter }: { pull: Pull; matter: Matter },
): Promise<FileDraft> {
  const { gate, settings, head, judged, of } = matter;
  world.watch({ kind: "note", text: `pull ${pull.number}: ${gate} judges` });
  const said = await world.judge?.({
    gate,
    settings,
    judged: treeOf(world.repo, await world.repo.entries(judged)),
    tip: treeOf(world.repo, fleet.entries),
    changed: (changes.get(pull.branch) ?? []).map((c) => c.path),
    now,
  });
  const told = await discreetVerdict(combine([said ?? inconclusive(gate, SILENT)]));
  const hearing = Hearing.parse({
    version: 1,
    pull: pull.number,
    branch: pull.branch,
    gate,
    head,
    of,
    at: instantOf(world.clock.now()),
    verdict: told.gates[0],
  });
  return { path: hearingPath(hearing, randomId(world.clock.chance, 6)), content: recordText(hearing) };
}
