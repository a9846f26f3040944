import { identity, type Change } from "../../domain/change.ts";
import { Sha, taskOf, Unit, type PullNumber } from "../../domain/id.ts";
import { branchOf, readBranch, type Pull, type PullDraft } from "../../domain/pull/pull.ts";
import { archivePull } from "../../domain/pull/pull-text.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { isDuty, type TaskFile } from "../../domain/board/task.ts";
import { composeMessage } from "../../domain/text/trailer.ts";
import type { Commit, FileDraft } from "../../port/repo.ts";
import { signature } from "../journal.ts";
import { writeOne } from "../land.ts";
import { recordedOn } from "../beat/draft.ts";
import type { World } from "../world.ts";

/** After a person closed an archive pull, none is proposed for this long. */
const REST_DAYS = 30;

export const isArchive = (unit: string | null | undefined): boolean => /^archive-\d{8}$/.test(unit ?? "");

/**
 * Proposes to move finished tasks off the board when there are too many. One pull at a time, made of pure moves;
 * null when there is nothing to propose. Repeating it after a crash finds the branch and opens its pull.
 */
export async function archive(world: World, snapshot: Snapshot): Promise<PullNumber | null> {
  if (snapshot.pulls.some((p) => p.kind === "archive")) return null;
  const standing = snapshot.branches.find((b) => isOurs(snapshot, b.name));
  if (standing !== undefined) return world.forge.open(await draftOf(world, standing));
  const files = movable(snapshot);
  if (files.length <= snapshot.fleet.config.limits.archive || rests(snapshot)) return null;
  const name = nextBranch(snapshot);
  const head = await writeOne(world, {
    parents: [snapshot.base],
    files: files.flatMap((file) => move(file, snapshot.now)),
    message: composeMessage(`Archive ${files.length} finished tasks`, "", []),
    who: signature(snapshot.fleet.config.fleet),
    at: world.clock.now(),
  });
  const created = await world.repo.push([{ ref: `refs/heads/${name}`, from: null, to: head }]);
  return created ? world.forge.open(await draftOf(world, { name, head })) : null;
}

/** A task may be called as an archive is: but then an attempt is in the journal, or its pull is open. */
const isOurs = (snapshot: Snapshot, branch: string): boolean =>
  isArchive(readBranch(branch)?.unit) &&
  recordedOn(snapshot, { branch }).length === 0 &&
  !snapshot.pulls.some((p) => p.branch === branch);

/** Finished tasks that nothing holds on to. */
function movable({ fleet, claims, pulls }: Snapshot): TaskFile[] {
  const units = [...claims, ...pulls].map((c) => c.unit).filter((u) => u !== null);
  const held = new Set(units.map(taskOf));
  return [...fleet.tasks.values()].filter(
    ({ task }) => task.status !== "todo" && !held.has(task.id) && !isDuty(task),
  );
}

const targetOf = ({ path }: TaskFile, now: Date): string =>
  `board/archive/${now.toISOString().slice(0, 7)}/${path.split("/").at(-1)}`;

function move(file: TaskFile, now: Date): FileDraft[] {
  return [
    { path: file.path, content: null },
    { path: targetOf(file, now), content: null, blob: Sha.parse(file.blob) },
  ];
}

/**
 * True when an archive pull is what would come out if it were done again: one commit on its base, in which finished tasks
 * of the tip, that nothing holds on to, move byte for byte.
 */
export function isRegenerated(snapshot: Snapshot, pull: Pull, commits: readonly Commit[]): boolean {
  const [commit, ...more] = commits;
  const changes = snapshot.changes.get(pull.branch) ?? [];
  if (commit === undefined || more.length > 0 || commit.parents.join() !== pull.base) return false;
  const leaving = new Set(changes.filter((c) => c.newBlob === null).map((c) => c.path));
  const files = movable(snapshot).filter((f) => leaving.has(f.path));
  const again = files.flatMap((f) => moved(f, commit.committer.at));
  return again.length > 0 && identity(again) === identity(changes);
}

function moved(file: TaskFile, at: Date): Change[] {
  const [mode, none, blob] = ["100644", "000000", Sha.parse(file.blob)] as const;
  return [
    { path: file.path, oldMode: mode, oldBlob: blob, newMode: none, newBlob: null },
    { path: targetOf(file, at), oldMode: none, oldBlob: null, newMode: mode, newBlob: blob },
  ];
}

/** A closed archive pull is a person's word. */
function rests({ journal, now }: Snapshot): boolean {
  const since = now.getTime() - REST_DAYS * 86_400_000;
  return journal.controls.some(
    (c) =>
      c.verb === "close" && c.target.kind === "unit" && isArchive(c.target.unit) && Date.parse(c.at) > since,
  );
}

/** Never a name that was used before. */
function nextBranch({ now, journal }: Snapshot): string {
  const unit = Unit.parse(`archive-${now.toISOString().slice(0, 10).replaceAll("-", "")}`);
  const used = journal.merges.filter((m) => m.unit === unit).length;
  const closed = journal.controls.filter((c) => c.target.kind === "unit" && c.target.unit === unit).length;
  return branchOf(unit, 1 + used + closed);
}

async function draftOf(world: World, { name, head }: { name: string; head: Sha }): Promise<PullDraft> {
  const [commit] = (await world.repo.commits([head])).values();
  const base = commit?.parents[0] ?? head;
  const [changes = []] = await world.repo.diffs([{ from: base, to: head }]);
  const target = changes.find((c) => c.newBlob !== null)?.path ?? "board/archive/";
  const named = readBranch(name);
  return {
    ...archivePull(target.replace(/[^/]*$/, ""), changes),
    kind: "archive",
    unit: named?.unit ?? null,
    task: null,
    agent: null,
    attempt: named?.attempt ?? 1,
    branch: name,
    base,
  };
}
