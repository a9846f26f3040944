import { matches } from "../domain/glob.ts";
import { dateOf, Minute, type Sha } from "../domain/id.ts";
import type { Fleet, Journal } from "../domain/snapshot.ts";
import { ageMs } from "../domain/schedule.ts";
import { textOf } from "../domain/text.ts";
import type { World } from "./world.ts";

interface Facts {
  base: Sha;
  fleet: Fleet;
  journal: Journal;
  now: Date;
}

/** Files whose owners are due by the clock, each with the last slot that the journal knows. */
function timed({ fleet, journal }: Facts): Map<string, Date> {
  const known = new Map<string, Date>();
  for (const record of journal.records) {
    const slot = Minute.safeParse(record.slot);
    if (slot.success) known.set(record.agent, dateOf(slot.data));
    for (const { unit } of record.attempts) {
      const [task = "", at] = unit.split("@");
      const minute = Minute.safeParse(at);
      if (minute.success) known.set(task, dateOf(minute.data));
    }
  }
  const from = (owner: string): Date => known.get(owner) ?? journal.from;
  const files = new Map<string, Date>();
  for (const { spec, path } of fleet.agents.values())
    if (spec.schedule !== "on-demand") files.set(path, from(spec.name));
  for (const { task, path } of fleet.tasks.values())
    if (task.every !== undefined && task.status === "todo") files.set(path, from(task.id));
  return files;
}

/**
 * Since when the present schedule of each spec and duty stands; files that did not change it since their last
 * known slot are left out. Looks no further back than the oldest of those slots.
 */
export async function sinceOf(world: World, facts: Facts): Promise<Map<string, Date>> {
  const files = timed(facts);
  const since = new Map<string, Date>();
  if (files.size === 0) return since;
  const oldest = new Date(Math.min(...[...files.values()].map((d) => d.getTime())));
  const history = await world.repo.history(facts.base, ["agents", "board"], oldest);
  const touched = history.flatMap(({ at, changes }) =>
    changes.filter((c) => files.has(c.path)).map((c) => ({ at, ...c })),
  );
  const blobs = await world.repo.blobs(
    new Set(touched.flatMap((c) => [c.oldBlob, c.newBlob].filter((b) => b !== null))),
  );
  const timing = (path: string, blob: Sha | null): string =>
    blob === null ? "" : world.records.timing(path, textOf(blobs.get(blob) ?? new Uint8Array()) ?? "");
  for (const { path, at, oldBlob, newBlob } of touched)
    if (!since.has(path) && timing(path, oldBlob) !== timing(path, newBlob)) since.set(path, at);
  return since;
}

/** When the newest file under each glob with a `max_age` was committed; files older than every limit count as the limit. */
export async function newestOf(world: World, facts: Facts): Promise<Map<string, Date | null>> {
  const limits = new Map<string, number>();
  for (const { spec } of facts.fleet.agents.values())
    for (const read of spec.reads)
      if (typeof read !== "string" && read.max_age !== undefined)
        limits.set(read.path, Math.max(ageMs(read.max_age), limits.get(read.path) ?? 0));
  const newest = new Map<string, Date | null>();
  if (limits.size === 0) return newest;
  const oldest = new Date(facts.now.getTime() - Math.max(...limits.values()) - 1000);
  const history = await world.repo.history(facts.base, [], oldest);
  for (const glob of limits.keys()) {
    const hit = history.find(({ changes }) =>
      changes.some((c) => c.newBlob !== null && matches(glob, c.path)),
    );
    const exists = facts.fleet.entries.some((e) => matches(glob, e.path));
    newest.set(glob, exists ? (hit?.at ?? oldest) : null);
  }
  return newest;
}
