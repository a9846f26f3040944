import type { TaskView } from "../domain/board/board.ts";
import { BUILT_IN } from "../domain/verdict/gates.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import type { PullRow } from "../flow/pulls.ts";
import type { BeatRow, TickReport } from "../flow/report.ts";
import { table, widthOf, wrap } from "./layout.ts";
import { heardLine } from "./step-words.ts";
import type { Terminal } from "./terminal.ts";
import { attemptLine, digestLine } from "./words.ts";

/** What is said before the day begins. */
export function opening(
  { date, to, key, scripts }: { date: string; to: string; key: string; scripts: string | undefined },
  { bold, yellow, dim, columns }: Terminal,
): string[] {
  const weekday = new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", {
    weekday: "long",
    timeZone: "UTC",
  });
  const models =
    scripts === undefined
      ? dim(`Agents with a model call it, with the key in ${key}.`)
      : yellow(
          `${key} is not set: agents with a model play ${scripts}/ instead, and their work is labelled (scripted).`,
        );
  const rest = dim(
    "Git, claims, gates, pulls and programs are real. Nothing outside the sandbox is written.",
  );
  return [
    bold(`One day of this fleet, ${weekday} ${date}, in the sandbox ${to}`),
    ...[models, rest].flatMap((line) => wrap(line, columns)),
    "",
  ];
}

/** Tells the day as it passes: one row for each beat, hours in which nothing happens drawn together. */
export interface Tale {
  beats(time: string, beats: readonly BeatRow[]): void;
  /** What a gate said at its own time; it is told behind what comes next. */
  heard(pull: number, verdict: GateVerdict): void;
  merged(time: string, pull: number): void;
  digest(time: string, digest: NonNullable<TickReport["digest"]>): void;
  /** The day is over. */
  end(): void;
}

export function openTale(say: (line: string) => void, terminal: Terminal): Tale {
  const { dim, cyan, bold, columns } = terminal;
  let idle: string[] = [];
  let words: { pull: number; verdict: GateVerdict }[] = [];
  let width = "you".length;
  const tell = (time: string, who: string, text: string): void => {
    const front = `${time.padEnd(7)}${who}${" ".repeat(Math.max(0, width - widthOf(who)) + 2)}`;
    for (const line of wrap(front + text, columns, " ".repeat(widthOf(front)))) say(line);
  };
  const rest = (): void => {
    for (const line of idleLines(idle)) say(dim(line));
    idle = [];
  };
  const tellWords = (time: string): void => {
    for (const { pull, verdict } of words) tell(time, bold(verdict.gate), heardLine(pull, verdict));
    words = [];
  };
  return {
    beats(time, beats) {
      width = Math.max(
        width,
        ...beats.map((b) => b.agent.length),
        ...words.map((w) => w.verdict.gate.length),
      );
      const shown = beats.filter((b) => b.slot !== null);
      if (shown.length + words.length > 0) rest();
      else idle.push(time);
      const rows = shown.flatMap((b) =>
        beatLines(b, terminal).map((text, i) => [i === 0 ? bold(b.agent) : "", text] as const),
      );
      for (const [i, [who, text]] of rows.entries()) tell(i === 0 ? time : "", who, text);
      tellWords(shown.length === 0 ? time : "");
    },
    heard(pull, verdict) {
      words.push({ pull, verdict });
    },
    merged(time, pull) {
      tellWords(time);
      tell(time, cyan("you"), `merged pull ${pull}: the demo plays you here`);
    },
    digest(time, made) {
      rest();
      tell(time, bold("pullbeat"), digestLine(made, terminal));
    },
    end: rest,
  };
}

/** Hours in which nothing happened, as one line; none for no hours. */
function idleLines(hours: readonly string[]): string[] {
  const [from, to] = [hours[0], hours.at(-1)];
  if (from === undefined) return [];
  return [`${from === to ? from : `${from} to ${to}`}  nothing is due, nothing is ready: no model is asked`];
}

function beatLines({ outcome, reason, attempts }: BeatRow, terminal: Terminal): string[] {
  if (attempts.length === 0) return [`${outcome}: ${reason}`];
  return attempts.flatMap((a) => [
    ...caughtBy(a.mended).map((line) => terminal.yellow(line)),
    attemptLine(a, terminal),
  ]);
}

/** One line a gate: what it told the agent, without the count that its own line gives. */
function caughtBy(told: readonly string[]): string[] {
  const gates: { gate: string; says: string; details: string[] }[] = [];
  for (const line of told.map((t) => t.trim())) {
    const [, gate = "", says = ""] = /^([a-z][a-z0-9-]*): (.*)$/s.exec(line) ?? [];
    const last = gates.at(-1);
    if (last === undefined || BUILT_IN.some((name) => name === gate)) gates.push({ gate, says, details: [] });
    else last.details.push(line.replaceAll(/\]\([^\s()]{40,}/g, "](…"));
  }
  return gates.map(({ gate, says, details }) => {
    const what = details.length === 0 ? says : details.join("; ");
    return `caught by ${gate}, told, and mended: ${what}`;
  });
}

/** The evening: the board, and what to type next. Every line with a command can be pasted. */
export function closing(
  { tasks, pulls, command }: { tasks: readonly TaskView[]; pulls: readonly PullRow[]; command: string },
  { bold, dim, yellow, columns }: Terminal,
): string[] {
  const waiting = pulls.filter((p) => p.waiting === "you");
  const board = tasks.map((t) => [
    t.unit,
    t.acts === "a person" ? yellow(t.state) : t.state,
    t.agent,
    t.title,
  ]);
  const typed = (...words: string[]): string => `    ${command} ${words.join(" ")}`;
  return [
    "",
    bold("The board in the evening"),
    ...table(board, columns, "cut"),
    "",
    bold(
      waiting.length === 0
        ? "Nothing waits for you."
        : `${waiting.length} pulls wait for you. Read, then decide:`,
    ),
    ...waiting.flatMap(({ number, state, title }) => [
      ...wrap(`${number}  ${title}`, columns, "   "),
      typed("pull show", String(number)),
      state === "asked"
        ? typed("pull answer", String(number), '"Do as you recommend."')
        : typed("pull merge", String(number)),
    ]),
    "",
    bold("Then let the agents go on, and look around:"),
    ...["digest", "tick", "board", "log", "pull list"].map((name) => typed(name)),
    dim(`${command} --help lists the other commands; \`pullbeat demo\` begins anew.`),
  ];
}
