import { Heard, HEARD_FILE, JUDGE_MINUTES, type Docket, type Listed } from "../../domain/verdict/docket.ts";
import type { Config } from "../../domain/config.ts";
import { sentence } from "../../domain/fault.ts";
import type { GateSettings, GraderGate } from "../../domain/verdict/gates.ts";
import type { Judgement } from "../../domain/verdict/hearing.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { GateVerdict } from "../../domain/verdict/verdict.ts";
import { inconclusive } from "../../gate/gate.ts";
import type { Hatch } from "../../port/airlock.ts";
import { judgedBy, nameOf } from "../hearing/hall.ts";
import { publicVerdict, tryMatter } from "../hearing/hearing.ts";
import { recordText } from "../journal.ts";
import type { Matter } from "../hearing/matter.ts";
import type { Workshop } from "../world.ts";

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
  const heard: (Pick<Listed, "pull" | "gate" | "head" | "judged" | "of"> & Judgement)[] = [];
  for (const listed of docket.matters.filter((m) => m.shard === shard)) {
    const { pull, gate, head, judged, of } = listed;
    const word = await judgeListed(world, tip, listed).catch(async (error: unknown) => ({
      verdict: await publicVerdict(inconclusive(gate, `it broke: ${sentence(error)}`)),
    }));
    heard.push({ pull, gate, head, judged, of, ...word });
  }
  const text = recordText(Heard.parse({ version: 1, docket: docket.id, shard, heard }));
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

/** What is judged is found here once more from the docket's commits: it must be what the docket says. */
async function judgeListed(world: Workshop, tip: Tip, listed: Listed): Promise<Judgement> {
  const { pull, gate, from } = listed;
  const matter = await matterIn(world, tip, listed);
  if (matter === null)
    return { verdict: inconclusive(gate, "what it was to judge is not what this job has") };
  const word = await tryMatter(world, tip, { number: pull, base: from, matter });
  return word ?? { verdict: inconclusive(gate, "its job cannot ask it: is the model's key set there?") };
}

async function matterIn(world: Workshop, tip: Tip, listed: Listed): Promise<Matter | null> {
  const { head, from, agent } = listed;
  const settings = gateIn(tip.fleet.config, listed.gate);
  if (settings?.kind === "grader" && listed.kind === "grader")
    return settings.grader === listed.grader && isAt(tip, listed) ? { ...listed, settings } : null;
  if (settings?.kind !== "command" || listed.kind !== "command") return null;
  const pull = { kind: "work", agent, base: from } as const;
  const judged = await judgedBy(world, tip, { settings, head, pull });
  if (judged !== listed.judged || nameOf(tip, settings, listed.judged) !== listed.of) return null;
  return { ...listed, settings: { ...settings, minutes: Math.min(settings.minutes, JUDGE_MINUTES) } };
}

/** The grader's spec is the one that the docket means, and it judges the head. */
const isAt = ({ fleet }: Tip, { grader, spec, judged, head }: Extract<Listed, { kind: "grader" }>): boolean =>
  fleet.agents.get(grader)?.blob === spec && judged === head;

const gateIn = ({ gates }: Config, name: string): GateSettings | GraderGate | undefined =>
  Object.hasOwn(gates, name) ? gates[name] : undefined;
