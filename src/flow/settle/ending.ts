import { lastClose, parked } from "../../domain/control/control.ts";
import { instantOf, randomId, Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { controlPath, EndedPull, endedPath, type Control } from "../../domain/record.ts";
import { roundsOn } from "../../domain/plan/rounds.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { stanceOf } from "../../domain/pull/stance.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import type { FileDraft, RefUpdate } from "../../port/repo.ts";
import { recordText } from "../journal.ts";
import { land } from "../land.ts";
import type { World } from "../world.ts";

/** A pull as the journal keeps it once the forge lets go of it. */
export function endedFile(
  pull: Pull,
  how: Pick<EndedPull, "state" | "ended"> & { head: Sha | null },
): FileDraft {
  const ended = EndedPull.parse({ ...pull, ...how, version: 1 });
  return { path: endedPath(pull.number), content: recordText(ended) };
}

/** The ends of a pull's branch and of the pull itself: nobody may have pushed, and nobody said a word, since they were read. */
export function pullEnds({ fences }: Snapshot, { number, branch, head }: Pull): RefUpdate[] {
  const fence = fences.get(number);
  return [
    ...(head === null ? [] : [{ ref: `refs/heads/${branch}`, from: head, to: null }]),
    ...(fence === undefined ? [] : [{ ref: fence.ref, from: fence.id, to: null }]),
  ];
}

/** True when the journal has taken the pull over already: a crash came between its push and the forge's end. */
export async function isOver(
  world: World,
  { journal }: Snapshot,
  { branch, number }: Pull,
): Promise<boolean> {
  if (journal.merges.some((m) => m.branch === branch)) return true;
  if (journal.head === null || number > journal.lastPull) return false;
  return (await world.records.ended(journal.head, number)) !== null;
}

/** A person's Close parks the unit until somebody edits or unparks it. False: lost, read again. */
export async function takeClosed(world: World, snapshot: Snapshot, pull: Pull): Promise<boolean> {
  const ended = pull.ended ?? {
    by: world.forge.account,
    at: instantOf(world.clock.now()),
    why: "its branch was deleted",
  };
  const { by, why } = ended;
  const files = [
    endedFile(pull, { state: "closed", ended, head: pull.head }),
    ...parkFiles(world, snapshot, pull, { verb: "close", who: by, why }),
  ];
  const subject = `pull ${pull.number}: closed by ${by}`;
  if (!(await land(world, snapshot, { subject, files, updates: pullEnds(snapshot, pull) }))) return false;
  await world.forge.end(pull.number);
  return true;
}

function parkFiles(
  world: World,
  { fleet, journal }: Snapshot,
  pull: Pull,
  said: Pick<Control, "verb" | "who" | "why">,
): FileDraft[] {
  if (pull.unit === null) return [];
  // Whoever closed it with a verb has said so in the journal already, and how long it holds.
  if (said.verb === "close" && lastClose(journal.controls, pull.unit)?.pull === pull.number) return [];
  const blob = pull.task === null ? undefined : fleet.tasks.get(pull.task)?.blob;
  const control: Control = {
    version: 1,
    ...said,
    target: { kind: "unit", unit: pull.unit },
    at: instantOf(world.clock.now()),
    until: null,
    taskBlob: blob === undefined ? null : Sha.parse(blob),
    pull: pull.number,
  };
  return [{ path: controlPath(control, randomId(world.clock.chance, 6)), content: recordText(control) }];
}

/** Why a pull's unit is to be parked: its rounds are used up, and still something is asked for. Null when not. */
export function roundsUsed(snapshot: Snapshot, pull: Pull, verdict: Verdict): string | null {
  const { fleet, journal, now } = snapshot;
  const { unit, task } = pull;
  if (unit === null || task === null) return null;
  const asked = verdict.ruling === "fail" || stanceOf(pull, fleet.config).refusals.length > 0;
  const blob = fleet.tasks.get(task)?.blob ?? "";
  if (!asked || parked(journal.controls, { unit, blob }, now) !== null) return null;
  const rounds = roundsOn(journal, pull);
  if (rounds < fleet.config.limits.rounds) return null;
  return `${rounds} rounds of changes, and still something is asked for`;
}

/** Parks the unit of a pull in pullbeat's own name. False: lost, read again. */
export const parkPull = (world: World, snapshot: Snapshot, pull: Pull, why: string): Promise<boolean> =>
  land(world, snapshot, {
    subject: `pull ${pull.number}: parked, ${why}`,
    files: parkFiles(world, snapshot, pull, { verb: "park", who: "pullbeat", why }),
    updates: [],
  });
