import { createHash } from "node:crypto";
import type { Said } from "../../domain/verdict/claims.ts";
import { cleanText } from "../../domain/text/clean.ts";
import { Sha } from "../../domain/id.ts";
import type { PlannedBeat } from "../../domain/plan/plan.ts";
import { barred, withQuestion, type Barred } from "../../domain/board/question.ts";
import type { Attempt, Question } from "../../domain/record.ts";
import { newestPull, type Snapshot } from "../../domain/snapshot.ts";
import { isDuty, type Result, type TaskFile } from "../../domain/board/task.ts";
import { textOf } from "../../domain/text/text.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import { finished as doneFields } from "../../gate/front.ts";
import type { Edits, Work } from "../../port/engine.ts";
import { collectEdits } from "../verdict/collect.ts";
import { discreetAttempt, discreetQuestion, holdsSecret } from "./discreet.ts";
import type { Ground } from "./publish.ts";
import { judgeEdits, type Stand } from "./stand.ts";
import type { World } from "../world.ts";

/** An attempt that was worked here and is published nowhere yet. */
export interface Finished {
  attempt: Attempt;
  agent: string;
  stand: Stand;
  /** What its commit changes in the tree below it, the task's own file included. */
  edits: Edits;
  transcript: string;
  /** What its agent said as it handed the work in. */
  said: Said | null;
  /** The highest number of a pull that it could know of. */
  pulls: number;
}

/** The attempt as a failure; what it proposed is dropped. */
export const refused = (attempt: Attempt, failure: string, reason: string): Attempt => ({
  ...attempt,
  outcome: "failed",
  failure,
  reason,
  proposal: null,
});

/** An attempt whose gates did not all pass, as a failure named after the first of them. */
function judged(attempt: Attempt, verdict: Verdict): Attempt {
  const first = verdict.gates.find((g) => g.ruling !== "pass");
  if (verdict.ruling === "pass") return { ...attempt, verdict };
  return refused({ ...attempt, verdict }, `gate/${first?.gate ?? "none"}`, first?.sentence ?? "no gate ran");
}

/** Judges a proposal again by what the tip says now; a refused one becomes a failed attempt. */
export async function rejudge(world: World, ground: Ground, work: Finished): Promise<Attempt> {
  const { attempt } = work;
  const kind = attempt.proposal?.kind;
  if (kind !== "work" && kind !== "question") return attempt;
  const verdict = await judgeEdits(world, work.stand, work.edits, {
    fleet: ground.fleet,
    agent: work.agent,
    kind,
    said: work.said,
    pulls: work.pulls,
  });
  const told = judged(attempt, verdict);
  // What a gate says of what it refuses may quote it.
  return told.proposal === null ? discreetAttempt(told) : told;
}

/** Everything that turns an engine's work into an attempt. */
export interface Bench {
  world: World;
  snapshot: Snapshot;
  beat: PlannedBeat;
  stand: Stand;
  task: TaskFile;
}

/**
 * What the record will say, and what a commit would change, of work that has come to its end. A transcript that holds
 * what looks like a credential is not kept.
 */
export async function concluded(bench: Bench, work: Work): Promise<Finished> {
  const { stand, beat } = bench;
  const { end } = work;
  const transcript = (await holdsSecret(work.transcript)) ? "" : work.transcript;
  const draft = draftOf(bench, { ...work, transcript });
  const said = end.kind === "finished" ? { summary: end.summary, claims: end.claims ?? {} } : null;
  const close = async (attempt: Attempt, edits: Edits): Promise<Finished> => ({
    attempt: await discreetAttempt(attempt),
    agent: beat.agent,
    stand,
    edits,
    transcript,
    said,
    pulls: newestPull(bench.snapshot),
  });
  switch (end.kind) {
    case "failed":
      return close(refused(draft, end.failure, end.reason), new Map());
    case "asked":
      return close(...(await asked(bench, draft, await discreetQuestion(end.question))));
    case "finished":
      return close(...(await proposed(bench, { ...draft, result: end.result }, { ...work, said })));
    default:
      return end satisfies never;
  }
}

async function asked(bench: Bench, draft: Attempt, question: Question): Promise<[Attempt, Edits]> {
  const { world, snapshot, stand, task, beat } = bench;
  const bar = barredFrom(bench, question.condition);
  if (bar !== null) return [refused(draft, bar.failure, bar.reason), new Map()];
  const edits = await withAsked(stand, task, question);
  const verdict = await judgeEdits(world, stand, edits, {
    fleet: snapshot.fleet,
    agent: beat.agent,
    kind: "question",
    pulls: newestPull(snapshot),
  });
  const attempt: Attempt = {
    ...draft,
    outcome: "asked",
    reason: `asks under "${question.condition}"`,
    question,
    proposal: proposalOf(bench, `Question: ${task.task.title}`, "question"),
    wrote: [task.path],
  };
  return [judged(attempt, verdict), edits];
}

/** Why nothing may be asked under a condition on this unit now. */
function barredFrom({ snapshot, stand, task, beat }: Omit<Bench, "world">, condition: string): Barred | null {
  const spec = snapshot.fleet.agents.get(beat.agent)?.spec;
  if (spec === undefined) return null;
  return barred({ spec, unit: stand.planned.unit, task: task.task.id, condition }, snapshot);
}

async function proposed(
  bench: Bench,
  draft: Attempt,
  { edits, said }: Pick<Finished, "edits" | "said">,
): Promise<[Attempt, Edits]> {
  const { world, snapshot, stand, task, beat } = bench;
  const own = await collectEdits(stand.tree, edits);
  if (own.length === 0 && stand.planned.round > 1)
    return [refused(draft, "no-change", "it was asked for changes, and changed nothing"), new Map()];
  if (own.length === 0 && isDuty(task.task))
    return [{ ...draft, outcome: "clean", reason: "nothing had to change" }, new Map()];
  const all = await withStatus(world, stand, edits, { task, result: draft.result });
  const verdict = await judgeEdits(world, stand, all, {
    fleet: snapshot.fleet,
    agent: beat.agent,
    kind: "work",
    said,
    pulls: newestPull(snapshot),
  });
  const attempt: Attempt = {
    ...draft,
    outcome: "proposed",
    reason: draft.summary.split("\n", 1)[0] || "finished",
    proposal: proposalOf(bench, task.task.title, "work"),
    wrote: (await collectEdits(stand.tree, all)).map((c) => c.path),
  };
  return [judged(attempt, verdict), all];
}

/** A question stands in its task's file. */
export async function withAsked(stand: Stand, task: TaskFile, question: Question): Promise<Edits> {
  const text = textOf((await stand.tree.read(task.path)) ?? new Uint8Array()) ?? "";
  return new Map([[task.path, withQuestion(text, question)]]);
}

/** The task's new state travels in the same commit as the work: merging is the state change. */
export async function withStatus(
  world: Pick<World, "records">,
  stand: Stand,
  edits: Edits,
  { task, result }: { task: TaskFile; result: Result | null },
): Promise<Edits> {
  if (isDuty(task.task)) return edits;
  const edited = edits.get(task.path) ?? (await stand.tree.read(task.path));
  const text = typeof edited === "string" || edited === null ? edited : textOf(edited);
  if (text === null) return edits;
  return new Map([...edits, [task.path, world.records.edit(text, doneFields(result))]]);
}

function proposalOf(
  { stand }: Bench,
  title: string,
  kind: "work" | "question",
): NonNullable<Attempt["proposal"]> {
  const { branch, base, parent, round } = stand.planned;
  // The head is known when the commit is written, at publishing.
  return { branch, base, parent, head: parent, title, kind, round };
}

function draftOf({ stand, task }: Bench, work: Work): Attempt {
  const { unit, attempt } = stand.planned;
  return {
    unit,
    task: task.task.id,
    attempt,
    outcome: "failed",
    reason: "",
    failure: null,
    taskBlob: Sha.parse(task.blob),
    proposal: null,
    question: null,
    result: null,
    summary: work.end.kind === "finished" ? cleanText(work.end.summary, 4000) : "",
    engine: work.engine,
    spent: work.spent,
    requests: work.requests,
    transcript: work.transcript === "" ? null : createHash("sha256").update(work.transcript).digest("hex"),
    saw: work.saw,
    wrote: [],
    notes: work.notes.map((n) => ({ ...n, text: cleanText(n.text, 2000) })),
    feedback: work.feedback,
    ...(work.shortened === 0 ? {} : { shortened: work.shortened }),
    verdict: null,
  };
}
