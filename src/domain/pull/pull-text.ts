import { cleanLine, quote } from "../text/clean.ts";
import type { Change, TextChange } from "../change.ts";
import type { AgentName } from "../id.ts";
import type { Proof } from "./links.ts";
import { caught, code, proved, sections } from "./pull-section.ts";
import { countLines } from "../text/lines.ts";
import type { Attempt, BeatRecord, Question } from "../record.ts";
import type { TaskFile } from "../board/task.ts";
import { composeMessage } from "../text/trailer.ts";
import { first, verdictLines } from "./review-text.ts";

/** What a forge shows of a pull: at most 256 and 65,536 characters. */
export interface PullText {
  title: string;
  body: string;
}

/** The facts of an attempt that a reviewer needs to decide within a minute. */
export interface PullFacts {
  agent: AgentName;
  task: TaskFile;
  attempt: Attempt;
  changes: readonly TextChange[];
  /** Where the beat's record lies in the journal. */
  record: string;
  /** Its statements that hold. */
  proofs?: readonly Proof[];
  /** Where people decide about it; without it, on the command line. */
  forge?: ForgeKind;
}

type ForgeKind = "local" | "github";

const TITLE = 200;

/** The pull of a proposal. Agents' text stands quoted, so that no line of theirs looks like one of ours. */
export function workPull(facts: PullFacts): PullText {
  const { agent, task, attempt, changes, record, proofs = [], forge = "local" } = facts;
  return {
    title: cleanLine(`${attempt.unit}: ${task.task.title}`, TITLE),
    body: sections([
      ["Intent", [`${agent} worked on ${attempt.unit}, ${code(task.path)}:`, ...quote(briefOf(task), 1500)]],
      ["What changed", changedLines(changes)],
      ["Why", whyLines(attempt)],
      ...caught(attempt),
      ...proved(proofs),
      ["Gates", verdictLines(attempt.verdict)],
      ["Cost", costLines(attempt, record)],
      ["How to decide", HOW_WORK[forge]],
    ]),
  };
}

/** The pull of an escalation: merging it writes the person's answer into the task's file. */
export function questionPull(facts: PullFacts): PullText {
  const { agent, task, attempt, record, proofs = [], forge = "local" } = facts;
  const { question } = attempt;
  return {
    title: cleanLine(`Question on ${attempt.unit}: ${task.task.title}`, TITLE),
    body: sections([
      ["Question", [`${agent} asks before it goes on with ${code(task.path)}:`, ...questionLines(question)]],
      ["Intent", quote(briefOf(task), 1500)],
      ...caught(attempt),
      ...proved(proofs),
      ["Gates", verdictLines(attempt.verdict)],
      ["Cost", costLines(attempt, record)],
      ["How to decide", HOW_QUESTION[forge]],
    ]),
  };
}

/** The pull of pullbeat's own housekeeping. */
export function archivePull(folder: string, changes: readonly Change[]): PullText {
  const moved = changes.filter((c) => c.newBlob !== null);
  return {
    title: `Archive ${moved.length} finished tasks`,
    body: sections([
      [
        "Intent",
        [
          `The board is easier to read without what is finished. These files move to ${code(folder)}, unchanged:`,
        ],
      ],
      ["What changed", first(moved, 100, (c) => `- ${code(c.path)}`)],
      [
        "How to decide",
        [
          "It needs nobody: the next settle merges it, if the same bytes come out when it is done again. Close it, and pullbeat does not propose it again for 30 days.",
        ],
      ],
    ]),
  };
}

/** The pull of a digest is the digest. */
export const digestPull = (date: string, text: string): PullText => ({
  title: `Digest of ${date}`,
  body: `${text}\n${sections([
    [
      "How to decide",
      ["pullbeat merges it by itself when it makes the same again. When it does not, approve or close it."],
    ],
  ])}`,
});

/** The message of a work commit; pullbeat alone writes its trailers. */
export function workMessage(attempt: Attempt, record: Pick<BeatRecord, "agent" | "slot" | "spec">): string {
  const subject = `${attempt.unit}: ${attempt.proposal?.title ?? attempt.reason}`;
  return composeMessage(subject, attempt.summary, [
    ["Pullbeat-Beat", `${record.agent}@${record.slot}`],
    ["Pullbeat-Agent", `${record.agent}@${record.spec}`],
    ["Pullbeat-Task", attempt.task],
    ["Pullbeat-Unit", attempt.unit],
    ["Pullbeat-Attempt", String(attempt.attempt)],
    ["Pullbeat-Model", cleanLine(attempt.engine.model, 100)],
  ]);
}

const HOW_WORK: Readonly<Record<ForgeKind, readonly string[]>> = {
  local: [
    "- `pullbeat pull approve <number>`: it merges at the next settle, when its gates still pass",
    '- `pullbeat pull request-changes <number> -m "…"`: its agent goes on with it, on this branch',
    "- `pullbeat pull close <number>`: the task is parked until somebody edits or unparks it",
  ],
  github: [
    "- Approve it in a review: it merges at the next settle, when its gates still pass",
    "- Request changes in a review: its agent goes on with it, on this branch",
    "- Close it: the task is parked until somebody edits or unparks it",
    "- The merge button merges it at once, as a decision of yours that no gate repeats",
  ],
};

const HOW_QUESTION: Readonly<Record<ForgeKind, readonly string[]>> = {
  local: [
    '- `pullbeat pull answer <number> "…"`: your answer goes into the task\'s file, and the task is ready again',
    "- `pullbeat pull close <number>`: the task is parked until somebody edits or unparks it",
  ],
  github: [
    "- Answer in a review (Files changed, then Review changes): your words go into the task's file, and the task is ready again",
    "- Close it: the task is parked until somebody edits or unparks it",
  ],
};

/** The first paragraph-sized piece of the task's body: what stands under its first heading. */
function briefOf({ task, body }: TaskFile): string {
  const [lead = ""] = body
    .trim()
    .replace(/^#{1,6} .*\n+/, "")
    .split(/\n#{1,6} /);
  return lead.trim().split("\n").slice(0, 8).join("\n") || task.title;
}

function changedLines(changes: readonly TextChange[]): string[] {
  if (changes.length === 0) return ["Nothing."];
  const rows = first(changes, 60, (c) => `- ${code(c.path)} ${deltaOf(c)}`);
  return [...rows, "", "Lines that only moved within a file are not counted."];
}

function deltaOf(change: TextChange): string {
  const what = change.oldBlob === null ? "new, " : change.newBlob === null ? "deleted, " : "";
  if (change.binary) return `${what}not text, ${change.bytes} bytes`;
  const { added, removed } = countLines(change.before, change.after);
  return `${what}+${added} −${removed}`;
}

function whyLines({ summary, notes, result }: Attempt): string[] {
  const noted = first(notes, 10, (n) => `> - ${n.kind}: ${cleanLine(n.text, 300)}`);
  return [
    "In the agent's words, which nobody has checked:",
    "",
    ...quote(summary || "It gave no summary.", 4000),
    ...(noted.length > 0 ? [">", ...noted] : []),
    ...(result === null ? [] : ["", `It calls its own result: **${result}**.`]),
  ];
}

const part = (title: string, text: string): string[] =>
  text.trim() === "" ? [] : ["", `${title}:`, ...quote(text, 3000)];

function questionLines(question: Question | null): string[] {
  if (question === null) return ["> It left no question."];
  return [
    ...quote(question.question, 4000),
    ...part("Because of the condition in its spec", question.condition),
    ...part("What it saw", question.evidence),
    ...part("What it would do", question.recommendation),
    ...part("What happens when nobody answers", question.silence),
  ];
}

/** Thousands are set apart by hand: a locale would depend on the machine. */
const grouped = (n: number): string => String(n).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

function costLines({ spent, engine }: Attempt, record: string): string[] {
  const { input, cached, output } = spent.tokens;
  const money = spent.usd === null ? "price unknown" : `$${spent.usd.toFixed(4)}`;
  const made = engine.scripted
    ? "**Scripted**: the replies came from a file. No model wrote this."
    : `Engine ${engine.kind}, model ${code(engine.model)}.`;
  return [
    `${grouped(input + output)} tokens (${grouped(input)} in, ${grouped(cached)} of them cached, ${grouped(output)} out), ${money}, ${spent.steps} steps, ${Math.round(spent.ms / 1000)} s.`,
    made,
    `Record: ${code(record)} on ${code("pullbeat/journal")}.`,
  ];
}
