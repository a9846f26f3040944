import { approvalsIn, decide, latest, type Decision } from "../domain/approval.ts";
import { identity } from "../domain/change.ts";
import { byWhom, held, unreadableControl } from "../domain/control.ts";
import { Fault } from "../domain/fault.ts";
import type { Login, Sha } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import type { Approval } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { World } from "./world.ts";

/** Gathers what deciding about a pull may know, and decides. */
export async function decidePull(
  world: World,
  snapshot: Snapshot,
  { pull, verdict }: { pull: Pull; verdict: Verdict },
): Promise<Decision> {
  return decide({ ...(await whoOf(world, snapshot, pull)), verdict, holds: holdsOn(snapshot, pull) });
}

/** Whose approvals a change has, though it may be merged already. */
export const approvalsOf = async (world: World, snapshot: Snapshot, pull: Pull): Promise<Approval[]> =>
  approvalsIn(await whoOf(world, snapshot, pull));

/** Who said what of which change, and who may. */
const whoOf = async (world: World, snapshot: Snapshot, pull: Pull) => ({
  pull,
  config: snapshot.fleet.config,
  account: world.forge.account,
  coauthors: await coauthorsOf(world, snapshot, pull),
  identities: await identitiesOf(world, snapshot, pull),
});

/**
 * People of the roster who put commits on the branch, by their e-mail addresses. A commit by nobody we know may be
 * from anybody whose addresses we do not know.
 */
async function coauthorsOf(
  world: World,
  { fleet, changes }: Snapshot,
  { base, head, branch }: Pull,
): Promise<Login[]> {
  if (head === null || !changes.has(branch)) return [];
  const { roster, fleet: own } = fleet.config;
  const commits = await world.repo.between(base, head);
  const emails = new Set(commits.flatMap((c) => [c.author.email, c.committer.email]).map(fold));
  emails.delete(fold(own.email));
  const known = new Set(roster.flatMap((p) => p.emails).map(fold));
  const stranger = [...emails].some((e) => !known.has(e));
  return roster
    .filter((p) => p.emails.some((e) => emails.has(fold(e))) || (stranger && p.emails.length === 0))
    .map((p) => p.login);
}

/** Nobody tells people apart by the case of their addresses. */
const fold = (email: string): string => email.toLowerCase();

/** What each head that somebody decided about would change, as one comparable text. */
async function identitiesOf(
  world: World,
  { changes }: Snapshot,
  pull: Pull,
): Promise<Map<Sha, string | null>> {
  const identities = new Map<Sha, string | null>();
  if (pull.head === null) return identities;
  identities.set(pull.head, identity(changes.get(pull.branch) ?? []));
  for (const { head } of latest(pull.reviews))
    if (!identities.has(head)) identities.set(head, await identityAt(world, pull.base, head));
  return identities;
}

/** Null when the commit is not to be had any more: somebody rewrote the branch, and git forgot what it was. */
async function identityAt({ repo }: World, from: Sha, to: Sha): Promise<string | null> {
  try {
    const [changes] = await repo.diffs([{ from, to }]);
    return changes === undefined ? null : identity(changes);
  } catch (error) {
    if (error instanceof Fault && error.code === "git") return null;
    throw error;
  }
}

/** What stands against a merge besides gates and reviews. */
export function holdsOn({ journal, fleet, now }: Snapshot, pull: Pull): string[] {
  const hold = held(journal.controls, pull, now);
  const status = pull.task === null ? undefined : fleet.tasks.get(pull.task)?.task.status;
  const other = journal.merges.find((m) => m.kind === "work" && m.unit !== null && m.unit === pull.unit);
  const control = unreadableControl(journal);
  return [
    ...(control === null ? [] : [`${control} on pullbeat/journal cannot be read, and may be a hold`]),
    ...(hold === null ? [] : [`on hold${byWhom(hold)}`]),
    ...(pull.faults ?? []),
    ...(status === undefined || status === "todo" ? [] : [`${pull.task} is ${status} at the tip already`]),
    ...(other === undefined ? [] : [`pull ${other.pull} did the same work, and was merged`]),
  ];
}
