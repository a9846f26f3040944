import { cleanLine, cleanText } from "./clean.ts";
import { Fault } from "../fault.ts";

/** The facts that pullbeat, and nobody else, writes at the end of its commits' messages. */
export const TRAILER_KEYS = [
  // the beat that did the work; Agent is name@spec blob
  "Pullbeat-Beat",
  "Pullbeat-Agent",
  "Pullbeat-Task",
  "Pullbeat-Unit",
  "Pullbeat-Attempt",
  "Pullbeat-Model",
  // a merge: how it was decided, over what, by whom, at what cost
  "Pullbeat-Tier",
  "Pullbeat-Decision",
  "Pullbeat-Rules",
  "Pullbeat-Policy",
  "Pullbeat-Head",
  "Pullbeat-Base",
  "Pullbeat-Gates",
  "Pullbeat-Approved-By",
  "Pullbeat-Tokens",
  "Pullbeat-Cost-USD",
  "Pullbeat-Record",
  // a claim
  "Pullbeat-Claim",
  "Pullbeat-Slot",
  "Pullbeat-Lease-End",
  "Pullbeat-Turn",
  "Pullbeat-Reserved",
  "Pullbeat-Nonce",
] as const;
export type TrailerKey = (typeof TRAILER_KEYS)[number];

const REPEATABLE: ReadonlySet<string> = new Set<TrailerKey>(["Pullbeat-Approved-By"]);
const KNOWN: ReadonlySet<string> = new Set(TRAILER_KEYS);

/** Values by key, in the order in which they stand; only repeatable keys have more than one. */
export type Trailers = ReadonlyMap<string, readonly string[]>;

const SUBJECT = 120;
const BODY = 20_000;

/** `pullbeat-`, however it is indented, quoted, dressed up or spelt with letters of other alphabets. */
const OURS = /^[^\p{L}\p{N}]*[pрρƿ][uυսц][lӏі1|ǀ]{2}[bьвƅ][eеєҽ][aаαɑ][tтτ][\p{Pd}\u2212]/iu;

/** Lines on which git ends a message (`---`, scissors), and those that other programs read as somebody's word. */
const STEERING = [/^---(?:\s|$)/, /-{8,}\s*>8\s*-{8,}/, /^\s*[a-z-]+-by\s*:/i, /^\s*change-id\s*:/i];

const forged = (line: string): boolean =>
  OURS.test(line.normalize("NFKC")) || STEERING.some((pattern) => pattern.test(line));

/**
 * A commit's message: the agent's words first, then the trailers that pullbeat writes, in a block of their own at the
 * end. Whatever the words are, git reads exactly these trailers from it. A value that is not one line is a `Fault`.
 */
export function composeMessage(
  subject: string,
  body: string,
  trailers: readonly (readonly [TrailerKey, string])[],
): string {
  const title = cleanLine(subject, SUBJECT);
  const words = cleanText(body, BODY)
    .split("\n")
    .filter((line) => !forged(line))
    .join("\n")
    .trim();
  const block = trailers.map(([key, value]) => `${key}: ${oneLine(key, value)}`).join("\n");
  return `${[title === "" || forged(title) ? "(no title)" : title, words, block].filter((part) => part !== "").join("\n\n")}\n`;
}

function oneLine(key: TrailerKey, value: string): string {
  if (/^\S(?:.*\S)?$/u.test(value) && !/\p{Cc}/u.test(value)) return value;
  throw new Fault("broken", `${key} cannot hold ${JSON.stringify(value)}`, { expected: "one line of text" });
}

const LINE = /^(Pullbeat-[A-Za-z-]+): (\S.*)$/;

/** pullbeat's trailers of a message; none when they cannot be trusted (see `trailerFault`). */
export function readTrailers(message: string): Trailers {
  const trailers = new Map<string, string[]>();
  if (trailerFault(message) !== null) return trailers;
  for (const line of lastParagraph(message)) {
    const [, key = "", value = ""] = LINE.exec(line) ?? [];
    if (key !== "") trailers.set(key, [...(trailers.get(key) ?? []), value]);
  }
  return trailers;
}

/**
 * Why the message's trailers cannot be trusted; null when they can, or when there are none. pullbeat's lines stand in
 * the last paragraph, below a subject, with known keys, once each unless repeatable, and nowhere else.
 */
export function trailerFault(message: string): string | null {
  const lines = message.trimEnd().split("\n");
  const block = lastParagraph(message);
  const above = lines.slice(0, lines.length - block.length);
  if (above.some((line) => OURS.test(line.normalize("NFKC"))))
    return "a Pullbeat- line stands above the trailers";
  const ours = block.filter((line) => OURS.test(line.normalize("NFKC")));
  if (ours.length === 0) return null;
  if (above.length === 0) return "the trailers have no subject above them";
  if (above.some((line) => STEERING.slice(0, 2).some((end) => end.test(line))))
    return "git ends the message above the trailers";
  return block.map(lineFault).find((fault) => fault !== null) ?? repeatFault(ours);
}

function lineFault(line: string): string | null {
  if (!OURS.test(line.normalize("NFKC")))
    return /^[A-Za-z0-9-]+: \S/.test(line) ? null : "a line among the trailers is none";
  const key = LINE.exec(line)?.[1];
  if (key === undefined) return "a Pullbeat- line is not of the form Pullbeat-Key: value";
  return KNOWN.has(key) ? null : `${key} is no trailer of pullbeat's`;
}

function repeatFault(ours: readonly string[]): string | null {
  const keys = ours.map((line) => line.split(":", 1)[0] ?? "");
  const twice = keys.find((key, i) => keys.indexOf(key) !== i && !REPEATABLE.has(key));
  return twice === undefined ? null : `${twice} stands twice`;
}

function lastParagraph(message: string): string[] {
  const lines = message.trimEnd().split("\n");
  return lines.slice(lines.findLastIndex((line) => line.trim() === "") + 1);
}
