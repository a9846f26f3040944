import { createHash } from "node:crypto";
import { z } from "zod";
import { AgentName, Sha } from "../../domain/id.ts";
import { PullKind, ReviewVerdict, type Note, type PullDraft, type Showing } from "../../domain/pull/pull.ts";

/** GitHub takes no more characters in a body. */
export const MOST = 65_536;

/** What the last line of a pull's body says in a comment that nobody sees. A hint: people can edit it. */
const PullMark = z.object({
  kind: PullKind,
  agent: AgentName.nullable(),
  base: Sha,
  /** What was shown beside the pull last. */
  shown: z.string(),
  /** What it had beside it when that was noted last; absent where nothing is noted. */
  beside: z.string().exactOptional(),
});
export type PullMark = z.infer<typeof PullMark>;

/** The same of a review in the fleet's own name: it is edited in place, and GitHub goes on to name its first commit. */
const ReviewMark = z.object({ head: Sha, verdict: ReviewVerdict });
export type ReviewMark = z.infer<typeof ReviewMark>;

const LINE = /\n\n<!-- pullbeat (\{[^\n]*\}) -->\s*$/;

const marked = (text: string, mark: unknown, room = MOST): string => {
  const line = `\n\n<!-- pullbeat ${JSON.stringify(mark)} -->`;
  return `${cut(text, room - line.length)}${line}`;
};

/** What people read, and the mark below it; text that GitHub changed the line ends of reads the same. */
function unmarked<T>(body: string | null, schema: z.ZodType<T>): { text: string; mark: T | null } {
  const text = (body ?? "").replaceAll("\r\n", "\n");
  const found = LINE.exec(text);
  if (found === null) return { text, mark: null };
  return { text: text.slice(0, found.index), mark: schema.safeParse(json(found[1] ?? "")).data ?? null };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Ends a text that GitHub would not take where there is room for saying so. */
export function cut(text: string, room: number, where = "the journal, branch pullbeat/journal"): string {
  if (text.length <= room) return text;
  const note = `\n\n… cut here: GitHub takes no more. The whole stands in ${where}.`;
  // Half of a surrogate pair would be no text.
  return text.slice(0, room - note.length).replace(/[\uD800-\uDBFF]$/, "") + note;
}

/** What a pull has beside it stands below its own text, and behind this line. */
const BESIDE = "\n\n<!-- pullbeat beside -->\n## Beside it\n\n";

/** What a body tells besides its text. */
interface Told {
  shown: string;
  web: string;
  note?: Note | null;
}

/** A pull's body; one that is too long leads to the record of its beat. */
export function pullBody(
  { body, kind, agent, base }: Pick<PullDraft, "body" | "kind" | "agent" | "base">,
  { shown, web, note = null }: Told,
): string {
  const isNoted = note !== null && note.key !== "";
  const mark: PullMark = { kind, agent, base, shown, ...(isNoted ? { beside: note.key } : {}) };
  const [, record] = [...body.matchAll(/^Record: `(beats\/[\w/.@-]+)`/gm)].at(-1) ?? [];
  const where =
    record === undefined ? "pullbeat/journal" : `[its record](${web}/blob/pullbeat/journal/${record})`;
  const below = isNoted ? cut(`${BESIDE}${note.lines.join("\n")}`, 8000) : "";
  return marked(`${cut(body, MOST - 1000 - below.length, where)}${below}`, mark);
}

/** A body's own text, its mark, and what is noted in it. */
export function readPullBody(body: string | null): {
  text: string;
  mark: PullMark | null;
  note: Note | null;
} {
  const { text, mark } = unmarked(body, PullMark);
  const at = mark?.beside === undefined ? -1 : text.lastIndexOf(BESIDE);
  if (mark?.beside === undefined || at < 0) return { text, mark, note: null };
  const lines = text.slice(at + BESIDE.length).split("\n");
  return { text: text.slice(0, at), mark, note: { key: mark.beside, lines } };
}

export const reviewBody = (text: string, mark: ReviewMark): string => marked(text, mark);

export const readReviewBody = (body: string | null): { text: string; mark: ReviewMark | null } =>
  unmarked(body, ReviewMark);

/** Tells one showing from another. */
export const digestOf = (showing: Showing | undefined): string =>
  showing === undefined
    ? ""
    : createHash("sha256").update(JSON.stringify(showing)).digest("hex").slice(0, 16);
