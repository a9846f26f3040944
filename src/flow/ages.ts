import { matches } from "../domain/glob.ts";
import { dateOf, Minute, type Sha } from "../domain/id.ts";
import type { Fleet, Journal } from "../domain/snapshot.ts";
import { ageMs } from "../domain/time/schedule.ts";
import { textOf } from "../domain/text/text.ts";
import type { Repo } from "../port/repo.ts";
import type { World } from "./world.ts";

type Reading = Pick<World, "repo" | "records">;

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

/** How old things are: one reading of the base branch's recent history answers both questions. */
export interface Ages {
  /** Since when the present schedule of each spec and duty stands; files that did not change it lately are left out. */
  since: Map<string, Date>;
  /** When the newest file under each glob with a `max_age` was committed; null where nothing matches. */
  newest: Map<string, Date | null>;
}

type History = Awaited<ReturnType<Repo["history"]>>;

/** Looks no further back than the oldest last slot that the journal knows, and the longest `max_age`. */
export async function agesOf(world: Reading, facts: Facts): Promise<Ages> {
  const files = timed(facts);
  const limits = limitsOf(facts);
  if (files.size + limits.size === 0) return { since: new Map(), newest: new Map() };
  const { now } = facts;
  const longest = new Date(now.getTime() - Math.max(0, ...limits.values()) - 1000);
  const oldest = [...files.values()].reduce((a, b) => (a < b ? a : b), longest);
  const history = await world.repo.history(facts.base, limits.size > 0 ? [] : pathspecs(files), oldest);
  return { since: await sinceOf(world, history, files), newest: newestOf(facts, history, limits) };
}

/** Commits of other files need not be compared. None, for any path, where there are too many to name or one is a pattern. */
function pathspecs(files: ReadonlyMap<string, Date>): string[] {
  const paths = [...files.keys()];
  return paths.length <= MOST_PATHS && paths.every((path) => /^[\w./-]+$/.test(path)) ? paths : [];
}

/** Keeps a command line short. */
const MOST_PATHS = 300;

async function sinceOf(
  world: Reading,
  history: History,
  files: ReadonlyMap<string, Date>,
): Promise<Ages["since"]> {
  const touched = history.flatMap(({ at, changes }) =>
    changes.filter((c) => files.has(c.path)).map((c) => ({ at, ...c })),
  );
  const blobs = await world.repo.blobs(
    new Set(touched.flatMap((c) => [c.oldBlob, c.newBlob].filter((b) => b !== null))),
  );
  const timing = (path: string, blob: Sha | null): string =>
    blob === null ? "" : world.records.timing(path, textOf(blobs.get(blob) ?? new Uint8Array()) ?? "", blob);
  const since = new Map<string, Date>();
  for (const { path, at, oldBlob, newBlob } of touched)
    if (!since.has(path) && timing(path, oldBlob) !== timing(path, newBlob)) since.set(path, at);
  return since;
}

/** Globs with a `max_age`, each with its longest one in milliseconds. */
function limitsOf({ fleet }: Facts): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { spec } of fleet.agents.values())
    for (const read of spec.reads)
      if (typeof read !== "string" && read.max_age !== undefined)
        limits.set(read.path, Math.max(ageMs(read.max_age), limits.get(read.path) ?? 0));
  return limits;
}

/** A file that was not committed within its limit counts as that old. */
function newestOf(
  { fleet, now }: Facts,
  history: History,
  limits: ReadonlyMap<string, number>,
): Ages["newest"] {
  const newest = new Map<string, Date | null>();
  for (const [glob, limit] of limits) {
    const hit = history.find(({ changes }) =>
      changes.some((c) => c.newBlob !== null && matches(glob, c.path)),
    );
    const exists = fleet.entries.some((e) => matches(glob, e.path));
    newest.set(glob, exists ? (hit?.at ?? new Date(now.getTime() - limit - 1000)) : null);
  }
  return newest;
}
