import { createHash } from "node:crypto";
import { z } from "zod";
import { AgentName, Sha } from "../../domain/id.ts";
import { PullKind, ReviewVerdict, type PullDraft, type Showing } from "../../domain/pull.ts";

/** GitHub takes no more characters in a body. */
export const MOST = 65_536;

/** What the last line of a pull's body says in a comment that nobody sees. A hint: people can edit it. */
const PullMark = z.object({
  kind: PullKind,
  agent: AgentName.nullable(),
  base: Sha,
  /** What was shown beside the pull last. */
  shown: z.string(),
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

/** A pull's body; one that is too long leads to the record of its beat. */
export function pullBody(
  { body, kind, agent, base }: Pick<PullDraft, "body" | "kind" | "agent" | "base">,
  { shown, web }: { shown: string; web: string },
): string {
  const mark: PullMark = { kind, agent, base, shown };
  const [, record] = [...body.matchAll(/^Record: `(beats\/[\w/.@-]+)`/gm)].at(-1) ?? [];
  const where =
    record === undefined ? "pullbeat/journal" : `[its record](${web}/blob/pullbeat/journal/${record})`;
  return marked(cut(body, MOST - 1000, where), mark);
}

export const readPullBody = (body: string | null): { text: string; mark: PullMark | null } =>
  unmarked(body, PullMark);

export const reviewBody = (text: string, mark: ReviewMark): string => marked(text, mark);

export const readReviewBody = (body: string | null): { text: string; mark: ReviewMark | null } =>
  unmarked(body, ReviewMark);

/** Tells one showing from another. */
export const digestOf = (showing: Showing | undefined): string =>
  showing === undefined
    ? ""
    : createHash("sha256").update(JSON.stringify(showing)).digest("hex").slice(0, 16);
