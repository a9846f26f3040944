import { cleanLine, quote } from "../text/clean.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { verdictLines } from "../pull/review-text.ts";
import type { Case } from "./case.ts";
import { GATES } from "./moment.ts";

/** What a person reads in a case's file, below its front matter. `words`: theirs or the gates', with no credential in them. */
export function caseBody(
  file: Case,
  { by, words, verdict, replies }: { by: string; words: string; verdict: Verdict; replies: string },
): string {
  const facts = file.kind === "good" ? goodFacts(file) : wrongFacts(file, verdict);
  return `${[
    file.kind === "good" ? "## What is right" : "## What was wrong",
    "",
    `${by === GATES ? "Gates" : cleanLine(by, 80)} said of pull ${file.pull}:`,
    "",
    ...(words.trim() === "" ? ["> (no words)"] : quote(words, 4000)),
    "",
    ...facts,
    "",
    `What the model said lies in ${replies}.`,
  ].join("\n")}\n`;
}

function wrongFacts({ caught_by: by, lacks }: Extract<Case, { kind: "wrong" }>, verdict: Verdict): string[] {
  const failing = { ...verdict, gates: verdict.gates.filter((g) => g.ruling === "fail") };
  return [
    "## What catches it",
    "",
    ...(by.length === 0
      ? ["No gate: only a person or a grader did."]
      : verdictLines(failing).map((line) => cleanOf(line))),
    ...lacks.map((text) => `- whoever says this again did it again: ${cleanLine(text, 200)}`),
  ];
}

/** Lines of a verdict are quoted: gates quote agents. */
const cleanOf = (line: string): string => quote(line, 400).join("\n");

const goodFacts = ({ makes, says }: Extract<Case, { kind: "good" }>): string[] => [
  "## What must hold",
  "",
  "- every gate lets it pass",
  ...makes.map((path) => `- it makes or changes ${cleanLine(path, 200)}`),
  ...says.map((text) => `- it says: ${cleanLine(text, 200)}`),
];
