import type { AgentName } from "../domain/id.ts";
import { lastEnded, peopleSaid, type Said } from "../domain/pull/said.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { World } from "./world.ts";

/** What people said on an agent's last pulls, those that ended included: their reviews lie in the journal. */
export async function saidTo(
  { records }: Pick<World, "records">,
  snapshot: Snapshot,
  agent: AgentName,
): Promise<Said[]> {
  const { head } = snapshot.journal;
  if (head === null) return peopleSaid(snapshot, agent);
  const numbers = lastEnded(snapshot, agent);
  const ended = await Promise.all(numbers.map((number) => records.ended(head, number)));
  return peopleSaid(
    snapshot,
    agent,
    ended.filter((p) => p !== null),
  );
}
