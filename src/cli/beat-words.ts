import { boardView } from "../domain/board/board.ts";
import type { Rehearsal } from "../flow/beat/dry-run.ts";
import type { Happening } from "../flow/world.ts";
import type { Step } from "../port/engine.ts";
import { block, plain, titled, type Page } from "./beat-page.ts";
import type { Trial } from "./beat-report.ts";
import { cut, table, wrap } from "./layout.ts";
import { callLine, counted, firstLine, inert, stepLine } from "./step-words.ts";
import type { Terminal } from "./terminal.ts";

/** What is about to happen, and why; where the agent rests, what to type to let it work all the same. */
export function headLines(ready: Rehearsal, trial: Trial | null, page: Page): string[] {
  const { terminal, agent, snapshot } = page;
  const { bold, yellow, columns } = terminal;
  const tip = `the tip ${snapshot.base.slice(0, 10)}`;
  const spec =
    trial === null
      ? `${snapshot.fleet.agents.get(agent)?.path} at ${tip}`
      : yellow(
          `${inert(trial.named)} as it lies here, not merged: it is worked and judged by that, and the fleet by ${tip}`,
        );
  const { isDue, reason } = ready.unasked;
  const rows = [
    ["spec", spec],
    [
      "plan",
      `${trial === null ? "the next tick lets it" : "merged, the next tick would let it"} ${isDue ? "work" : "rest"}: ${reason}`,
    ],
    ["here", hereLine(ready, terminal)],
  ];
  return [
    bold(`Dry run of ${agent}: nothing is claimed, nothing is published`),
    ...table(rows, columns),
    ...(ready.beat === null ? ["", ...forceLines(ready, page)] : []),
  ];
}

function hereLine({ beat, rest, snapshot }: Rehearsal, { yellow }: Terminal): string {
  if (beat === null) return `it rests: ${rest}`;
  const lent = beat.tries.flatMap((t) => {
    const owner = snapshot.fleet.tasks.get(t.task)?.task.agent;
    return owner === undefined || owner === beat.agent
      ? []
      : [`; ${t.unit} is ${owner}'s, and lent to it here`];
  });
  if (rest !== null)
    return yellow(`made to work by --task; asked by hand it would rest: ${rest}${lent.join("")}`);
  const units = beat.tries.map((t) => t.unit).join(", ");
  return `one beat by hand, on ${units}${beat.tries.length > 1 ? "; --task <id> tries one of them" : ""}`;
}

function forceLines({ snapshot, isUnable }: Rehearsal, { agent, terminal }: Page): string[] {
  if (isUnable) return ["No task helps against that. Do what it says, and type the same again."];
  const tasks = boardView(snapshot).filter((t) => t.agent === agent);
  if (tasks.length === 0)
    return ["It has no task. Another agent's can be lent to it here: --task <id>, one of `pullbeat board`."];
  const rows = tasks
    .slice(0, 5)
    .map((t) => [
      `    pullbeat beat ${agent} --dry-run --task ${t.unit}`,
      terminal.dim(`${t.state}: ${t.reason}`),
    ]);
  return ["To let it work all the same, here only:", ...table(rows, terminal.columns)];
}

export function attemptHead(
  { unit, title }: Extract<Happening, { kind: "attempt" }>,
  { terminal }: Page,
): string[] {
  return ["", ...wrap(`${unit}: ${inert(title)}`, terminal.columns, "  ").map(terminal.bold)];
}

/** A step as it happens: a call in one line, its answer in one line. */
export function stepLines(step: Step, page: Page): string[] {
  const { dim, cyan, yellow } = page.terminal;
  switch (step.kind) {
    case "opens":
      return requestLines(step, page);
    case "asks":
      return [dim(`  ${askedLine(step, page)}`)];
    case "says":
      return block(step.text, page, { head: 6, tail: 2 });
    case "calls":
      return page.full
        ? [`  ${cyan(inert(step.tool))}`, ...block(step.arguments, page, NO_CUT)]
        : [short(`  ${cyan(callLine(step.tool, step.arguments))}`, page)];
    case "answers":
      return answerLines(step, page);
    case "nudges":
      return [short(yellow(`    ! it is told: ${firstLine(step.text)}`), page)];
    case "shortens":
      return [short(yellow(`    ! ${stepLine(step)}`), page)];
    case "sends-back":
      return step.problems.flatMap((p) =>
        wrap(`    ! the gates send it back: ${inert(p)}`, page.terminal.columns, "      ").map(yellow),
      );
    case "runs":
      return [short(`  ${cyan(`runs ${inert(step.program)}`)}`, page)];
    case "ran":
      return ranLines(step, page);
    default:
      return step satisfies never;
  }
}

function askedLine({ spent }: Extract<Step, { kind: "asks" }>, { snapshot, agent }: Page): string {
  const most = snapshot.fleet.agents.get(agent)?.spec.budget.attempt.steps;
  const used =
    spent.steps === 0 ? "" : `, after ${counted(spent.tokens.input + spent.tokens.output, "token")}`;
  return `call ${spent.steps + 1}${most === undefined ? "" : ` of ${most}`}${used}`;
}

/** Everything; only with --full. */
const NO_CUT = { head: Infinity, tail: 0 };

const short = (line: string, { terminal: { columns }, full }: Page): string =>
  columns === 0 || full ? line : cut(line, columns);

function requestLines(
  { model, scripted, messages, tools }: Extract<Step, { kind: "opens" }>,
  page: Page,
): string[] {
  const { bold, dim, yellow, columns } = page.terminal;
  const label = scripted ? " (scripted: the replies come from a file, no model is asked)" : "";
  return [
    ...titled("Request", `to ${inert(model)}${label}`, {
      terminal: page.terminal,
      colour: scripted ? yellow : plain,
    }),
    ...messages.flatMap((m) => [
      dim(`  ${m.role}, ${counted((m.content ?? "").length, "character")}`),
      ...block(m.content ?? "", page, { head: 12, tail: 6 }),
    ]),
    ...wrap(`  tools: ${tools.join(", ")}`, columns, "    ").map(dim),
    bold("Steps"),
  ];
}

function answerLines({ text, refused }: Extract<Step, { kind: "answers" }>, page: Page): string[] {
  const { red, dim } = page.terminal;
  if (page.full && !refused) return block(text, page, NO_CUT);
  // A refusal is what a spec is written anew for: it is shown whole.
  return refused
    ? wrap(`    ✗ ${inert(text)}`, page.terminal.columns, "      ").map(red)
    : [short(dim(`    → ${firstLine(text)}`), page)];
}

function ranLines({ how, stdout, stderr }: Extract<Step, { kind: "ran" }>, page: Page): string[] {
  const part = (name: string, text: string): string[] =>
    text.trim() === "" ? [] : [page.terminal.dim(`  ${name}`), ...block(text, page, { head: 6, tail: 6 })];
  return [
    page.terminal.dim(`    → ${inert(how)}`),
    ...part("standard output", stdout),
    ...part("standard error", stderr),
  ];
}
