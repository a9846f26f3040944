import { HEARD_FILE, JUDGE_MINUTES, type Docket, type Heard, type Listed } from "../domain/docket.ts";
import { sentence } from "../domain/fault.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { GateVerdict } from "../domain/verdict.ts";
import { inconclusive } from "../gate/gate.ts";
import type { Hatch } from "../port/airlock.ts";
import { judgedBy, nameOf, type Matter } from "./hall.ts";
import { publicVerdict, tryMatter } from "./hearing.ts";
import { recordText } from "./journal.ts";
import type { Workshop } from "./world.ts";

/** A gate's word on a pull, for people who watch. */
export interface SaidRow {
  pull: number;
  gate: string;
  ruling: GateVerdict["ruling"];
  sentence: string;
}

/**
 * Hears the matters of one judging job, and leaves what was said. Needs no remote and no right: everything is read from
 * the commits that the docket names, and whatever does not fit them could not be told.
 */
export async function judgeShard(
  world: Workshop,
  { docket, shard }: { docket: Docket; shard: number },
  { hatch }: { hatch: Pick<Hatch, "put"> },
): Promise<{ rows: SaidRow[]; text: string }> {
  const fleet = await world.records.fleet(docket.base);
  const tip = { fleet, base: docket.base, now: new Date(docket.now) };
  const heard: Heard["heard"] = [];
  for (const listed of docket.matters.filter((m) => m.shard === shard)) {
    const { pull, gate, head, judged, of } = listed;
    const verdict = await judgeListed(world, tip, listed).catch((error: unknown) =>
      publicVerdict(inconclusive(gate, `it broke: ${sentence(error)}`)),
    );
    heard.push({ pull, gate, head, judged, of, verdict });
  }
  const record: Heard = { version: 1, docket: docket.id, shard, heard };
  const text = recordText(record);
  await hatch.put(HEARD_FILE, text);
  const rows = heard.map(({ pull, gate, verdict }) => ({
    pull,
    gate,
    ruling: verdict.ruling,
    sentence: verdict.sentence,
  }));
  return { rows, text };
}

type Tip = Pick<Snapshot, "fleet" | "base" | "now">;

/** What is judged is made here once more from the docket's commits: it must be what the docket says. */
async function judgeListed(world: Workshop, tip: Tip, listed: Listed): Promise<GateVerdict> {
  const { pull, gate, head, from, agent } = listed;
  const { gates } = tip.fleet.config;
  const settings = Object.hasOwn(gates, gate) ? gates[gate] : undefined;
  if (settings?.kind !== "command") return inconclusive(gate, "the tip has no such gate");
  const judged = await judgedBy(world, tip, {
    settings,
    head,
    pull: { kind: "work", agent, base: from },
  });
  if (judged !== listed.judged || nameOf(tip, settings, listed.judged) !== listed.of)
    return inconclusive(gate, "what it was to judge is not what this job has");
  const minutes = Math.min(settings.minutes, JUDGE_MINUTES);
  const matter: Matter = { ...listed, kind: "command", settings: { ...settings, minutes } };
  const word = await tryMatter(world, tip, { number: pull, base: from, matter });
  return word?.verdict ?? inconclusive(gate, "it cannot be asked here");
}
