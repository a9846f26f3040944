import { backoff, TRIES } from "../../domain/plan/backoff.ts";
import { Hearing, hearingPath, type Judgement } from "../../domain/verdict/hearing.ts";
import { instantOf, randomId, type PullNumber, type Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { JOURNAL } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { combine, type GateVerdict } from "../../domain/verdict/verdict.ts";
import { inconclusive } from "../../gate/gate.ts";
import type { FileDraft } from "../../port/repo.ts";
import type { Trial } from "../../port/program.ts";
import { treeOf, withTexts } from "../verdict/collect.ts";
import { discreetVerdict } from "../beat/discreet.ts";
import type { Matter } from "./matter.ts";
import { recordText } from "../journal.ts";
import { land } from "../land.ts";
import type { Workshop, World } from "../world.ts";

/** Has gates judge, and puts what they say into the journal. False: lost, read again; null: none can be asked here. */
export async function hear(
  world: World,
  snapshot: Snapshot,
  { pull, matters }: { pull: Pull; matters: readonly Matter[] },
): Promise<boolean | null> {
  const files: FileDraft[] = [];
  const { number, branch, base } = pull;
  for (const matter of matters) {
    const word = await tryMatter(world, snapshot, { number, base, matter });
    if (word !== null) files.push(hearingDraft(world, { ...matter, ...word, pull: number, branch }));
  }
  if (files.length === 0) return null;
  const gates = matters.map((m) => m.gate).join(", ");
  return keepWords(world, snapshot, { subject: `pull ${number}: judged by ${gates}`, files, updates: [] });
}

/**
 * Words say what they are about, so they hold on whatever the journal has become meanwhile. A lost race must not throw away
 * what a model was paid for.
 */
export async function keepWords(
  world: World,
  { fleet, journal }: Pick<Snapshot, "fleet" | "journal">,
  landing: Parameters<typeof land>[2],
): Promise<boolean> {
  let { head } = journal;
  for (let n = 1; n <= TRIES; n++) {
    if (await land(world, { fleet, journal: { head } }, landing)) return true;
    await world.clock.sleep(backoff(world.clock.chance, n));
    head = (await world.repo.fetch()).get(JOURNAL) ?? null;
  }
  return false;
}

/** A gate that is to judge one pull. */
interface Call {
  number: PullNumber;
  /** The commit that the pull's own changes start from. */
  base: Sha;
  matter: Matter;
}

/** Has one gate judge. Its words are as everybody may read them. Null: it cannot be asked here. */
export async function tryMatter(
  world: Workshop,
  tip: Pick<Snapshot, "fleet" | "now">,
  call: Call,
): Promise<Judgement | null> {
  if (world.judge === undefined) return null;
  const { gate } = call.matter;
  const trial = await trialOf(world, tip, call);
  if ("ruling" in trial) return { verdict: trial };
  world.watch({ kind: "note", text: `pull ${call.number}: ${gate} judges` });
  const word = await world.judge(trial);
  if (word === null) return null;
  const verdict = await publicVerdict({ ...word.verdict, gate });
  world.watch({ kind: "heard", pull: call.number, verdict });
  return { ...word, verdict };
}

/** What a gate is given, read from the pull's commits and the tip; or why it cannot be given it. */
async function trialOf(
  { repo, stop }: Workshop,
  { fleet, now }: Pick<Snapshot, "fleet" | "now">,
  { base, matter }: Call,
): Promise<Trial | GateVerdict> {
  const { gate, head, judged } = matter;
  const [changes = []] = await repo.diffs([{ from: base, to: head }]);
  const given = {
    gate,
    judged: treeOf(repo, await repo.entries(judged)),
    tip: treeOf(repo, fleet.entries),
    now,
  };
  switch (matter.kind) {
    case "command":
      return {
        ...given,
        kind: "command",
        settings: matter.settings,
        changed: changes.map((c) => c.path),
      };
    case "grader": {
      const { settings, work } = matter;
      const grader = fleet.agents.get(settings.grader);
      const task = fleet.tasks.get(work.task);
      if (grader === undefined || task === undefined)
        return inconclusive(
          gate,
          `the tip has no ${grader === undefined ? settings.grader : work.task} any more`,
        );
      const texts = await withTexts(repo, changes);
      return {
        ...given,
        kind: "grader",
        settings,
        config: fleet.config,
        grader,
        task,
        work,
        author: fleet.agents.get(work.agent),
        changes: texts,
        directives: fleet.directives,
        ...(stop === undefined ? {} : { stop }),
      };
    }
    default:
      return matter satisfies never;
  }
}

/** One gate's verdict without what is alive, hidden or a credential. */
export async function publicVerdict(verdict: GateVerdict): Promise<GateVerdict> {
  const { gates } = await discreetVerdict(combine([verdict]));
  return gates[0] ?? verdict;
}

/** What a gate said, as the journal keeps it. */
export function hearingDraft(world: Pick<World, "clock">, said: Omit<Hearing, "version" | "at">): FileDraft {
  const at = instantOf(world.clock.now());
  const hearing = Hearing.parse({ ...said, version: 1, at });
  return { path: hearingPath(hearing, randomId(world.clock.chance, 6)), content: recordText(hearing) };
}
