import { z } from "zod";
import { Unit } from "../id.ts";
import { readObject } from "../text/json.ts";
import { bytesOf } from "../text/text.ts";

const Call = z.strictObject({
  name: z.string().max(100),
  /** An object; or the text itself, where it was none. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]),
});

/** One reply of a model, as a script plays it. */
const Recorded = z.strictObject({
  content: z.string().exactOptional(),
  calls: z.array(Call).max(1000).default([]),
});
export type RecordedReply = z.infer<typeof Recorded>;

const Heading = z.strictObject({ attempt: Unit });

/** What a model said, round by round. */
export type Replies = readonly (readonly RecordedReply[])[];

/** The most that a case keeps of what was said. */
export const MOST_BYTES = 1024 * 1024;
const MOST_LINES = 1000;

/** Characters that nobody sees, or that turn the text around them: written by their numbers, which changes nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}]/gu;

const numbered = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");

/** A line of JSON in which everything can be seen. It reads as the same value. */
const lineOf = (value: unknown): string => `${JSON.stringify(value).replaceAll(UNSEEN, numbered)}\n`;

/** Replies as JSON Lines; each round begins with a heading that names the unit. */
export const writeReplies = (replies: Replies, unit: Unit): string =>
  replies.map((round) => [{ attempt: unit }, ...round].map(lineOf).join("")).join("");

/** A script that plays one round at its `place`, from 0: rounds before it are empty. */
export const scriptOf = (round: readonly RecordedReply[], place: number): string =>
  [...Array.from({ length: place + 1 }, () => ({ attempt: "*" })), ...round].map(lineOf).join("");

/** Reads what `writeReplies` wrote; `fault` names the line, from 1, and what is wrong with it. */
export function readReplies(text: string): { replies: Replies } | { fault: string; line: number } {
  if (text.length > MOST_BYTES || bytesOf(text) > MOST_BYTES)
    return { line: 1, fault: `it is larger than ${MOST_BYTES / 1024} KB` };
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines.length > MOST_LINES) return { line: MOST_LINES + 1, fault: `more lines than ${MOST_LINES}` };
  const rounds: RecordedReply[][] = [];
  for (const [index, line] of lines.entries()) {
    const read = readLine(line);
    if ("fault" in read) return { line: index + 1, fault: read.fault };
    if ("attempt" in read) rounds.push([]);
    else if (rounds.length === 0)
      return { line: 1, fault: 'expected a heading such as {"attempt": "T-8k2f"}' };
    else rounds.at(-1)?.push(read);
  }
  const empty = rounds.findIndex((round) => round.length === 0);
  return empty < 0 ? { replies: rounds } : { line: lines.length, fault: `round ${empty + 1} has no reply` };
}

function readLine(line: string): RecordedReply | z.infer<typeof Heading> | { fault: string } {
  const object = readObject(line);
  if ("fault" in object) return object;
  const read = ("attempt" in object.value ? Heading : Recorded).safeParse(object.value);
  return read.success ? read.data : { fault: z.prettifyError(read.error) };
}
