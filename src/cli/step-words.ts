import { readObject } from "../domain/text/json.ts";
import type { Spent } from "../domain/record.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import type { Step } from "../port/engine.ts";
import { harmless } from "./terminal.ts";

/** Strings of a call's arguments that are longer than this are told by their length. */
const SHORT = 80;

/**
 * What an agent said, with everything that a terminal would obey made visible before its width is measured; it has no
 * colours of its own.
 */
export const visible = (text: string): string => harmless(text, false);

/** The same on one line. */
export const inert = (text: string): string => visible(text).replaceAll(/\s+/g, " ").trim();

export const counted = (n: number, what: string): string =>
  `${n.toLocaleString("en-US")} ${what}${n === 1 ? "" : "s"}`;

/** `read(path: "docs/faq.md")`; of long texts only how long they are. */
export function callLine(tool: string, raw: string): string {
  const read = readObject(raw);
  if ("fault" in read) return inert(`${tool}(${raw})`);
  const parts = Object.entries(read.value).map(([key, value]) => `${key}: ${argument(value)}`);
  return inert(`${tool}(${parts.join(", ")})`);
}

function argument(value: unknown): string {
  if (typeof value === "string" && value.length > SHORT) return counted(value.length, "character");
  const text = JSON.stringify(value) ?? "";
  return text.length > 2 * SHORT ? `${text.slice(0, 2 * SHORT)}…` : text;
}

/** What a gate said of a pull, in one line. */
export const heardLine = (pull: number, { ruling, sentence }: GateVerdict): string =>
  `${RULED[ruling]} pull ${pull}: ${sentence}`;

const RULED = { pass: "passed", fail: "failed", inconclusive: "could not tell of" } as const;

/** The first line that says something, and how many stand below it. */
export function firstLine(text: string): string {
  const [first = "(nothing)", ...more] = text.split("\n").filter((line) => line.trim() !== "");
  return inert(first) + (more.length === 0 ? "" : ` (and ${counted(more.length, "line")} more)`);
}

const spentLine = ({ steps, tokens }: Spent): string =>
  `${counted(steps, "call")}, ${counted(tokens.input + tokens.output, "token")}`;

const asked = (spent: Spent): string =>
  spent.steps === 0 ? "waits for the model" : `waits for the model, ${spentLine(spent)} so far`;

const beginning = ({ model, scripted }: Extract<Step, { kind: "opens" }>): string =>
  `begins with ${inert(model)}${scripted ? " (scripted)" : ""}`;

/** A step in one line, without styles. */
export function stepLine(step: Step): string {
  switch (step.kind) {
    case "opens":
      return beginning(step);
    case "asks":
      return asked(step.spent);
    case "says":
      return `says: ${firstLine(step.text)}`;
    case "calls":
      return callLine(step.tool, step.arguments);
    case "answers":
      return `${inert(step.tool)}${step.refused ? " refused" : ""}: ${firstLine(step.text)}`;
    case "nudges":
      return `is told: ${firstLine(step.text)}`;
    case "shortens":
      return `makes room: ${counted(step.answers, "older answer")} shortened`;
    case "sends-back":
      return `has to mend: ${firstLine(step.problems.join("\n"))}`;
    case "runs":
      return `runs ${inert(step.program)}`;
    case "ran":
      return `its program ended: ${inert(step.how)}`;
    default:
      return step satisfies never;
  }
}
