import { refusalAt, type Draft, type Field, type Source } from "../../domain/adopt/source.ts";
import type { Finding } from "../../domain/finding.ts";
import { frontOf } from "../../domain/text/front.ts";
import type { TaskId } from "../../domain/id.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import type { Given, Shelf } from "../../port/shelf.ts";

/** The repository that files move into, and what has moved in already. */
export interface Room {
  shelf: Shelf;
  fleet: Pick<Fleet, "agents" | "tasks" | "entries">;
  /** Files of the board's archive, with their names' stems. */
  archive: readonly { path: string; stem: string }[];
  isDry: boolean;
  /** Who moved in during this run, by name or id. */
  taken: Map<string, Resident>;
}

/** A file that has the place which another wants. */
interface Resident {
  path: string;
  text: string;
  /** The file that it came from in this run. */
  from?: string;
}

/** How a file ended. */
export type Placed =
  | { end: "created"; given: Given; to: string; draft: Draft }
  | { end: "unchanged"; given: Given; to: string }
  | { end: "refused"; refusal: Finding };

interface Arrival {
  given: Given;
  source: Source;
  draft: Draft;
}

/** Finds a draft its place and writes it there. Somebody who lives there already stays as he is. */
export async function placeIn(room: Room, { given, source, draft }: Arrival): Promise<Placed> {
  const { shelf, isDry, taken } = room;
  const refuse = (rule: string, message: string): Placed => ({
    end: "refused",
    refusal: refusalAt(source, [], [rule, message]),
  });
  const text = textOf(shelf, draft);
  const key = keyOf(draft);
  const resident = taken.get(key) ?? (await residentOf(room, draft));
  if (resident !== null) {
    if (resident.path === given.path) return refuse("in-place", inPlace(resident.path));
    if (isSame(resident.text, { text, body: draft.body }))
      return { end: "unchanged", given, to: resident.path };
    return refuse("exists", exists(resident));
  }
  const [fault] = shelf.inspect(inspected(draft.path) ?? draft.path, text);
  if (fault !== undefined) return refuse("broken", `its draft would not hold: ${fault.message}`);
  const why = isDry ? null : await shelf.put(draft.path, text);
  if (why !== null) return refuse("write", why);
  taken.set(key, { path: draft.path, text, from: given.file });
  return { end: "created", given, to: draft.path, draft };
}

/** What lies in the archive. */
export const archiveOf = ({ entries }: Room["fleet"]): Room["archive"] =>
  entries.flatMap(({ path }) => {
    const stem = /^board\/archive\/(?:.*\/)?([^/]+)\.md$/.exec(path)?.[1];
    return stem === undefined ? [] : [{ path, stem }];
  });

/** Under which path a file of ours is looked at: the archive's tasks as the board's. Null: no place of ours. */
export const inspected = (path: string): string | null => {
  const [, name] = /^board\/archive\/(?:.*\/)?([^/]+\.md)$/.exec(path) ?? [];
  if (name !== undefined) return `board/${name}`;
  return /^(?:agents|board|board\/directives)\/[^/]+\.md$/.test(path) ? path : null;
};

const keyOf = ({ is }: Draft): string => ("task" in is ? `task ${is.task}` : `agent ${is.agent}`);

/** A task is found by its id wherever it has gone since; a spec by its path. */
async function residentOf(room: Room, { is, path }: Draft): Promise<Resident | null> {
  const { shelf, fleet } = room;
  if ("agent" in is) return at(shelf, path);
  const known = fleet.tasks.get(is.task)?.path ?? path;
  return (await at(shelf, known)) ?? (await at(shelf, path)) ?? archived(room, is.task);
}

async function at(shelf: Shelf, path: string): Promise<Resident | null> {
  const text = await shelf.read(path);
  return text === null ? null : { path, text };
}

/** Names begin with the id, and so do those of its sub-tasks: what the file says decides. */
async function archived({ shelf, archive }: Room, id: TaskId): Promise<Resident | null> {
  for (const { path, stem } of archive) {
    const resident = stem === id || stem.startsWith(`${id}-`) ? await at(shelf, path) : null;
    if (resident !== null && hasId(shelf.open(path, resident.text), id)) return resident;
  }
  return null;
}

const hasId = (source: Source | Finding, id: TaskId): boolean =>
  "data" in source && source.data?.["id"] === id;

/**
 * True for what came from the same source. Its front matter may have been edited since, which is what guesses are
 * marked for; its body is what ties it to the source.
 */
const isSame = (there: string, { text, body }: { text: string; body: string }): boolean =>
  there === text || (body.trim() !== "" && there.slice(frontOf(there)?.length ?? 0) === body);

const inPlace = (path: string): string =>
  `this file lies at ${path}, where its adopted form would go; move it elsewhere and adopt it from there`;

const exists = ({ path, from }: Resident): string =>
  from === undefined
    ? `${path} is there already and is not made from this file; it was left alone. Rename one of them`
    : `${from} has become ${path} already; rename one of them`;

/** New front matter in the body's own line endings, each guess marked on its line; then the body as it was. */
function textOf(shelf: Shelf, { fields, body }: Draft): string {
  const lines = fields.flatMap((field) => linesOf(shelf, field));
  const newline = /\r?\n/.exec(body)?.[0] ?? "\n";
  return ["---", ...lines, "---", ""].join(newline) + body;
}

function linesOf(shelf: Shelf, { key, value, guess }: Field): string[] {
  if (value === undefined) return [];
  const [first = "", ...more] = shelf
    .compose({ [key]: value }, "")
    .split("\n")
    .slice(1, -2);
  return [guess === undefined ? first : `${first} # guessed: ${guess}`, ...more];
}
