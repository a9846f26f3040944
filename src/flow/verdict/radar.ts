import type { PullNumber, Sha } from "../../domain/id.ts";
import {
  besideOf,
  pairsOf,
  trafficOf,
  type Beside,
  type Compared,
  type Pair,
  type Traffic,
} from "../../domain/pull/radar.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { CommitDraft, Trial } from "../../port/repo.ts";
import { signature } from "../journal.ts";
import { join } from "../settle/join.ts";
import { known } from "./past.ts";
import { grown, growthOf, type Growth } from "./radar-append.ts";
import { isTaskFile } from "../settle/reconcile.ts";
import type { World } from "../world.ts";

/** Pairs that are compared at a time; of those beyond nobody can tell. */
const MOST_PAIRS = 1000;
/** Merges that conflict in task files alone, and are tried field by field: some dozen processes each. */
const MOST_FIELDWISE = 8;

/**
 * What each open pull, or only one, has beside it. Asked only by who wants to see it. However many pulls are open, git is
 * started at most five times for all pairs, and not at all where no two change one path; and some dozen times more for
 * each merge that conflicts in task files alone, of which at most sixteen are tried. A head that git cannot merge costs a few processes more.
 */
export async function besides(
  world: World,
  snapshot: Snapshot,
  only?: PullNumber,
): Promise<ReadonlyMap<PullNumber, Beside>> {
  const traffic = trafficOf(snapshot);
  const pairs = pairsOf(traffic).filter((pair) => only === undefined || pair.some((t) => t.number === only));
  const compared = [
    ...(await compare(world, snapshot, pairs.slice(0, MOST_PAIRS))),
    ...pairs.slice(MOST_PAIRS).map((pair) => ({ pair, conflicts: null })),
  ];
  const numbers = snapshot.pulls.map((p) => p.number).filter((n) => only === undefined || n === only);
  return new Map(numbers.map((n) => [n, besideOf(traffic, compared, n)]));
}

/** The same world with what a digest keeps of each pull's neighbours noted on it. */
export async function withNeighbours(world: World, snapshot: Snapshot): Promise<Snapshot> {
  const radar = await besides(world, snapshot);
  const pulls = snapshot.pulls.map((pull) => {
    const beside = radar.get(pull.number);
    const conflicts = beside?.conflicts.map((c) => c.pull) ?? [];
    const acts = beside?.acts.map((a) => a.pull) ?? [];
    return {
      ...pull,
      ...(conflicts.length === 0 ? {} : { conflicts }),
      ...(acts.length === 0 ? {} : { acts }),
    };
  });
  return { ...snapshot, pulls };
}

/** What a merge would be: a commit's tree and files, or paths in conflict; null where git cannot tell. */
type Tried = Pick<CommitDraft, "tree" | "files"> | { conflicts: readonly string[] } | null;

interface Question {
  ours: Sha;
  /** Whose merge `ours` is; null for the tip itself. */
  over: Traffic | null;
  theirs: Traffic;
}

/**
 * Merges one of each pair into the tip, and then the other into that. One that the tip alone does not take is only ever
 * the second, and what it conflicts in with the tip is not the other's doing.
 */
async function compare(world: World, snapshot: Snapshot, pairs: readonly Pair[]): Promise<Compared[]> {
  const { base: ours } = snapshot;
  const involved = [...new Set(pairs.flat())];
  const growth = await growthOf(world, snapshot, involved);
  const first = await tryMerges(
    world,
    growth,
    involved.map((theirs) => ({ ours, over: null, theirs })),
  );
  const alone = new Map(involved.map((one, i) => [one, first[i] ?? null]));
  const landed = await land(world, snapshot, alone);
  const asked = pairs.map((pair) => ({ pair, question: questionOf(pair, { alone, landed }) }));
  const questions = asked.flatMap((a) => a.question ?? []);
  const answers = (await tryMerges(world, growth, questions)).values();
  return asked.map(({ pair, question }) => {
    const answer = question === null ? null : (answers.next().value ?? null);
    if (question === null || answer === null) return { pair, conflicts: null };
    const before = new Set(conflictsIn(alone.get(question.theirs)));
    return { pair, conflicts: conflictsIn(answer).filter((path) => !before.has(path)) };
  });
}

const conflictsIn = (tried: Tried | undefined): readonly string[] =>
  tried !== null && tried !== undefined && "conflicts" in tried ? tried.conflicts : [];

interface Alone {
  alone: ReadonlyMap<Traffic, Tried>;
  landed: ReadonlyMap<Traffic, Sha>;
}

/** Null for two of which the tip takes neither, and for one that git could not even merge with the tip. */
function questionOf([a, b]: Pair, { alone, landed }: Alone): Question | null {
  const [one, other] = [landed.get(a), landed.get(b)];
  if (one !== undefined && alone.get(b) !== null) return { ours: one, over: a, theirs: b };
  if (other !== undefined && alone.get(a) !== null) return { ours: other, over: b, theirs: a };
  return null;
}

/** The tip as it would be after each merge that it takes: commits that are pushed nowhere. */
async function land(
  { repo, clock }: World,
  { base, fleet }: Snapshot,
  alone: ReadonlyMap<Traffic, Tried>,
): Promise<Map<Traffic, Sha>> {
  const taken = [...alone].flatMap(([one, tried]) =>
    tried === null || "conflicts" in tried ? [] : [{ one, tried }],
  );
  const drafts = taken.map(({ one, tried }) => ({
    ...tried,
    parents: [base, one.head],
    message: "what if",
    who: signature(fleet.config.fleet),
    at: clock.now(),
  }));
  const ids = await repo.write(drafts);
  return new Map(taken.flatMap(({ one }, i) => (ids[i] === undefined ? [] : [[one, ids[i]] as const])));
}

/** As settle would merge, in one question to git for all of them. */
async function tryMerges(world: World, growth: Growth, questions: readonly Question[]): Promise<Tried[]> {
  const trials = await trialsOf(world, questions);
  const tried: Tried[] = [];
  let fieldwise = 0;
  for (const [i, question] of questions.entries()) {
    const trial = trials[i] ?? null;
    const files = trial === null ? [] : grown(growth, question, trial.conflicts);
    const left = (trial?.conflicts ?? []).filter((path) => !files.some((f) => f.path === path));
    if (trial === null || left.length === 0 || !left.every(isTaskFile))
      tried.push(trial && plain({ ...trial, conflicts: left }, question.theirs, files));
    else tried.push(fieldwise++ < MOST_FIELDWISE ? await fieldByField(world, question) : null);
  }
  return tried;
}

/** A path that would change and that the pull does not show is a conflict, as it is to settle. */
function plain({ tree, conflicts, landed }: Trial, { changes }: Traffic, files: CommitDraft["files"]): Tried {
  if (conflicts.length > 0) return { conflicts };
  const shown = new Set(changes.map((c) => c.path));
  const strays = landed.filter((path) => !shown.has(path));
  return strays.length > 0 ? { conflicts: strays } : { tree, files };
}

/** A file that cannot be read hides only its own pair. */
async function fieldByField(world: World, { ours, theirs }: Question): Promise<Tried> {
  const merged = await known(() => join(world, { ...theirs, onto: ours }));
  if (merged === undefined) return null;
  return "conflicts" in merged ? { conflicts: merged.conflicts } : merged;
}

/** Two that git cannot merge at all (a history of its own, say) hide only themselves: the questions are halved. */
async function trialsOf(world: World, questions: readonly Question[]): Promise<(Trial | null)[]> {
  const pairs = questions.map(({ ours, theirs }) => ({ ours, theirs: theirs.head }));
  const trials = await known(() => world.repo.trials(pairs));
  if (trials !== undefined) return trials;
  if (questions.length < 2) return questions.map(() => null);
  const half = Math.ceil(questions.length / 2);
  const [front, back] = [questions.slice(0, half), questions.slice(half)];
  return [...(await trialsOf(world, front)), ...(await trialsOf(world, back))];
}
