import type { Change } from "../change.ts";
import { appendedBy } from "../product/declared.ts";
import type { PullNumber, Sha } from "../id.ts";
import type { Pull } from "./pull.ts";
import type { Snapshot } from "../snapshot.ts";

/** An open pull, as far as it could be in another's way. */
export interface Traffic {
  number: PullNumber;
  head: Sha;
  /** Where it starts from. */
  from: Sha;
  changes: readonly Change[];
  /** What its agent only adds to. */
  appends: readonly string[];
  /** Its own task's file, in which every pull notes how it ended. */
  task: string | null;
  /** What the effects that it proposes act on. */
  targets: readonly string[];
  /** What its agent was shown, path to blob; of several versions the one that it was shown last. */
  read: ReadonlyMap<string, string>;
}

/** Two pulls, the lower number first. */
export type Pair = readonly [Traffic, Traffic];

/** Another pull, and the paths that this is about. */
export interface Meeting {
  pull: PullNumber;
  paths: string[];
}

/** Another pull, and the targets that both act on. */
interface Acting {
  pull: PullNumber;
  targets: string[];
}

/** What one pull has to do with the others that are open, by their numbers. */
export interface Beside {
  /** The base branch takes either of the two, and then not the other. */
  conflicts: Meeting[];
  /** The other changes what this one was made from. */
  reads: Meeting[];
  /** This one changes what the other was made from. */
  readBy: Meeting[];
  /** Both propose an effect on one target. */
  acts: Acting[];
  /** Pulls that change the same paths, and of which nobody could tell whether the two merge. */
  unknown: PullNumber[];
}

/** Whether a pair merges one after the other: the paths that keep it from doing so, or null where nobody can tell. */
export interface Compared {
  pair: Pair;
  conflicts: readonly string[] | null;
}

/** Pulls that are open, stand on a branch and change something that can be read. */
export function trafficOf({
  pulls,
  changes,
  effects,
  journal,
  fleet,
}: Pick<Snapshot, "pulls" | "changes" | "effects" | "journal" | "fleet">): Traffic[] {
  const read = new Map<string, Map<string, string>>();
  for (const { proposal, saw } of journal.records.flatMap((r) => r.attempts)) {
    if (proposal === null) continue;
    const shown = read.get(proposal.branch) ?? new Map<string, string>();
    for (const { path, blob } of saw) shown.set(path, blob);
    read.set(proposal.branch, shown);
  }
  return pulls
    .filter(isOpen)
    .flatMap(({ number, head, base: from, branch, agent, kind, task: id }) => {
      const own = changes.get(branch);
      if (own === undefined) return [];
      const task = id === null ? null : (fleet.tasks.get(id)?.path ?? null);
      const spec = kind !== "work" || agent === null ? undefined : fleet.agents.get(agent)?.spec;
      const appends = spec === undefined ? [] : appendedBy(spec);
      const seen = read.get(branch) ?? new Map<string, string>();
      const targets = (effects.get(branch) ?? []).map((e) => e.effect.target);
      return [{ number, head, from, task, appends, targets, changes: own, read: seen }];
    })
    .toSorted((a, b) => a.number - b.number);
}

const isOpen = (pull: Pull): pull is Pull & { head: Sha } => pull.state === "open" && pull.head !== null;

/**
 * Pairs that could conflict: both change one path, or one changes a path below what is a file to the other. git's merge
 * follows a rename from its old path, which the renaming pull changes too, so no other pair can.
 */
export function pairsOf(traffic: readonly Traffic[]): Pair[] {
  const users = new Map<string, Set<Traffic>>();
  for (const one of traffic)
    for (const { path } of one.changes) users.set(path, (users.get(path) ?? new Set()).add(one));
  const found = new Map<string, Pair>();
  for (const [path, ours] of users)
    for (const place of [path, ...foldersOf(path)])
      for (const other of users.get(place) ?? [])
        for (const one of ours) {
          if (one.number === other.number) continue;
          const pair: Pair = one.number < other.number ? [one, other] : [other, one];
          found.set(`${pair[0].number} ${pair[1].number}`, pair);
        }
  return [...found.values()].toSorted(([a, b], [c, d]) => a.number - c.number || b.number - d.number);
}

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** What one pull has beside it, once its pairs were compared. */
export function besideOf(
  traffic: readonly Traffic[],
  compared: readonly Compared[],
  number: PullNumber,
): Beside {
  const met = compared.flatMap(({ pair: [a, b], conflicts }) =>
    a.number === number
      ? [{ pull: b.number, conflicts }]
      : b.number === number
        ? [{ pull: a.number, conflicts }]
        : [],
  );
  const conflicts = met.flatMap(({ pull, conflicts: paths }) =>
    paths === null || paths.length === 0 ? [] : [{ pull, paths: paths.toSorted() }],
  );
  const one = traffic.find((t) => t.number === number);
  const others = one === undefined ? [] : traffic.filter((t) => t.number !== number);
  /** A path that the two conflict in is told once. */
  const apart = ({ pull, paths }: Meeting): Meeting[] => {
    const told = conflicts.find((c) => c.pull === pull)?.paths ?? [];
    const left = paths.filter((path) => !told.includes(path));
    return left.length === 0 ? [] : [{ pull, paths: left }];
  };
  return {
    conflicts,
    reads: one === undefined ? [] : others.flatMap((t) => apart({ pull: t.number, paths: outdated(one, t) })),
    readBy:
      one === undefined ? [] : others.flatMap((t) => apart({ pull: t.number, paths: outdated(t, one) })),
    acts: one === undefined ? [] : others.flatMap((t) => acting(one, t)),
    unknown: met.filter((m) => m.conflicts === null).map((m) => m.pull),
  };
}

/** Paths that `reader` was made from, and that will say something else once `writer` has merged. */
const outdated = (reader: Traffic, writer: Traffic): string[] =>
  writer.changes
    .filter(({ path, newBlob }) => {
      const seen = reader.read.get(path);
      return seen !== undefined && seen !== newBlob && path !== writer.task;
    })
    .map((c) => c.path)
    .toSorted();

/** What is done to one target by two can undo itself, whatever the two effects are called. Case is not told apart. */
function acting(one: Traffic, other: Traffic): Acting[] {
  const theirs = new Set(other.targets.map((t) => t.toLowerCase()));
  const targets = [...new Set(one.targets)].filter((t) => theirs.has(t.toLowerCase())).toSorted();
  return targets.length === 0 ? [] : [{ pull: other.number, targets }];
}

/**
 * What everything that a pull has beside it follows from, as one comparable text; empty where nothing is. As long as it stays
 * the same, nobody need ask git again.
 */
export function groundOf(
  traffic: readonly Traffic[],
  pairs: readonly Pair[],
  { number, tip }: { number: PullNumber; tip: ReadonlyMap<string, string> },
): string {
  const one = traffic.find((t) => t.number === number);
  const { reads, readBy, acts } = besideOf(traffic, [], number);
  const others = pairs.filter((pair) => pair.some((t) => t.number === number)).flat();
  if (one === undefined || (others.length === 0 && reads.length + readBy.length + acts.length === 0))
    return "";
  const heads = others.map((t) => [t.number, t.head, t.appends]);
  const stands = others.length === 0 ? [] : one.changes.map((c) => [c.path, tip.get(c.path) ?? null]);
  return JSON.stringify([one.head, heads, stands, reads, readBy, ...(acts.length === 0 ? [] : [acts])]);
}
