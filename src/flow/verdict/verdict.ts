import { Fault } from "../../domain/fault.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { gatesReview, isGates } from "../../domain/pull/review-text.ts";
import { newestPull, type Snapshot } from "../../domain/snapshot.ts";
import { combine, type GateVerdict, type Verdict } from "../../domain/verdict/verdict.ts";
import { judgeArchive } from "../../gate/archive.ts";
import { gatesFor } from "../../gate/asked.ts";
import { judgeDigest } from "../../gate/digest.ts";
import { inconclusive, type GateInput } from "../../gate/gate.ts";
import { judge } from "../../gate/index.ts";
import { askedFor } from "./asked.ts";
import { checksOn } from "./checks.ts";
import { sourcesOf, treeOf, withTexts } from "./collect.ts";
import type { World } from "../world.ts";

/** Gates to ask besides those that always judge, and what of them was judged elsewhere. */
export interface Bar {
  names: readonly string[];
  outside?: ReadonlyMap<string, GateVerdict>;
}

/** Judges what a pull would change, by the specs, tasks and config of the tip. */
export async function judgePull(
  world: World,
  snapshot: Snapshot,
  { pull, bar }: { pull: Pull; bar: Bar },
): Promise<Verdict> {
  const { fleet } = snapshot;
  const changes = snapshot.changes.get(pull.branch);
  if (changes === undefined) return unknown(`what it changes since ${pull.base} cannot be read`);
  if (pull.kind === "archive") return combine([judgeArchive(changes, fleet)]);
  if (pull.kind === "digest") return combine([judgeDigest(changes)]);
  const agent = pull.agent === null ? undefined : fleet.agents.get(pull.agent);
  const task = pull.task === null ? undefined : fleet.tasks.get(pull.task);
  if (agent === undefined)
    return unknown(`there is no agent ${pull.agent} at the tip that could answer for it`);
  if (task === undefined) return unknown(`there is no task ${pull.task} on the board`);
  const entries = await world.repo.entries(pull.base);
  const base = treeOf(world.repo, entries);
  const input: GateInput = {
    kind: pull.kind,
    agent,
    task,
    config: fleet.config,
    changes: await withTexts(world.repo, changes),
    entries,
    inspect: (path, text) => world.records.inspect(path, text),
    edit: (text, fields) => world.records.edit(text, fields),
    sources: sourcesOf(world, { base, tip: treeOf(world.repo, fleet.entries) }),
    said: null,
    pulls: newestPull(snapshot),
  };
  const { names, outside = [] } = bar;
  const ci = await checksOn(world, fleet, { head: pull.head, names });
  const elsewhere = new Map([...outside, ...ci]);
  return judge(input, gatesFor(await askedFor(world, fleet, { names, outside: elsewhere })));
}

const unknown = (sentence: string): Verdict => combine([inconclusive("record", sentence)]);

/** Says on the pull what the gates say now, when that is news on this head. True when something was said. */
export async function tellVerdict(
  world: World,
  snapshot: Snapshot,
  { pull, verdict }: { pull: Pull; verdict: Verdict },
): Promise<boolean> {
  const body = await landedReview(world, snapshot, pull, gatesReview(verdict));
  const said = pull.reviews.findLast((r) => r.by === pull.author && r.head === pull.head && isGates(r));
  const known = said?.body ?? (await landedReview(world, snapshot, pull, bodySays(snapshot, pull)));
  if (body === known) return false;
  return say(world, pull, { verdict: verdict.ruling === "fail" ? "request-changes" : "comment", body });
}

/** A review whose links land on what the gates looked at. */
async function landedReview(
  world: World,
  { changes }: Snapshot,
  { base, head, branch }: Pull,
  text: string,
): Promise<string> {
  if (head === null) return text;
  const { landed } = await import("./links.ts");
  return landed(world, text, { base, head, changes: changes.get(branch) ?? [] });
}

/** What the gates said when this head was published: the pull's own text shows it. Where nothing is known, a pass is no news. */
function bodySays({ journal }: Snapshot, pull: Pull): string {
  const attempts = journal.records.flatMap((r) => r.attempts);
  const verdict = attempts.findLast((a) => a.proposal?.head === pull.head)?.verdict;
  return gatesReview(verdict ?? { ruling: "pass", gates: [] });
}

/** Says something in the fleet's own name; true when it was news. A pull that ended since it was read needs no word any more. */
export async function say(
  world: World,
  { number }: Pull,
  said: { verdict: "request-changes" | "comment"; body: string },
): Promise<boolean> {
  try {
    return await world.forge.review(number, world.forge.account, { ...said, at: world.clock.now() });
  } catch (error) {
    if (!(error instanceof Fault) || !["refused", "not-found"].includes(error.code)) throw error;
    world.watch({ kind: "note", text: `pull ${number} ended meanwhile` });
    return false;
  }
}
