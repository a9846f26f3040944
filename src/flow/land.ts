import { Fault } from "../domain/fault.ts";
import type { Sha } from "../domain/id.ts";
import { JOURNAL } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { CommitDraft, FileDraft, RefUpdate } from "../port/repo.ts";
import { journalDraft } from "./journal.ts";
import type { World } from "./world.ts";

/** What enters the journal, and the refs that move with it. */
export interface Landing {
  subject: string;
  files: readonly FileDraft[];
  updates: readonly RefUpdate[];
}

/**
 * One atomic push: the journal and what it tells of move together, or not at all. False: somebody moved one of them
 * since the snapshot; read again and decide again.
 */
export async function land(
  world: World,
  snapshot: { journal: Pick<Snapshot["journal"], "head">; fleet: Pick<Snapshot["fleet"], "config"> },
  landing: Landing,
): Promise<boolean> {
  const { journal, fleet } = snapshot;
  const by = { fleet: fleet.config.fleet, now: world.clock.now() };
  const to = await writeOne(world, journalDraft(journal.head, landing.files, landing.subject, by));
  const updates = [...landing.updates, { ref: JOURNAL, from: journal.head, to }];
  return (await world.repo.push(updates)) || holds(world, to);
}

/** True when the journal has a commit: then its push won, and was overtaken before it could be read back. */
async function holds({ repo }: World, id: Sha): Promise<boolean> {
  const head = (await repo.fetch()).get(JOURNAL);
  return head !== undefined && (await repo.between(head, id)).length === 0;
}

/** Writes one commit; it is unreachable until it is pushed. */
export async function writeOne(world: Pick<World, "repo">, draft: CommitDraft): Promise<Sha> {
  const [id] = await world.repo.write([draft]);
  if (id === undefined) throw new Fault("broken", "a commit was written and has no id");
  return id;
}
