import { z } from "zod";
import { cleanText } from "../domain/text/clean.ts";
import { readObject } from "../domain/text/json.ts";
import { Result } from "../domain/board/task.ts";
import type { End } from "../port/engine.ts";
import { failed } from "./meter.ts";
import type { Ended } from "./program.ts";

/** The last line that a program may say for itself. */
const Said = z.strictObject({ summary: z.string().trim().min(1), result: Result.exactOptional() });

/** What the end of a program means for the attempt. */
export function endOf({ by, stdout, stderr }: Ended): End {
  switch (by.kind) {
    case "exit":
      return by.code === 0
        ? finishedBy(stdout)
        : failed(`command/exit-${by.code}`, `${lastWords(stderr)} (exit code ${by.code})`);
    case "signal":
      return failed(`command/${by.name}`, `${lastWords(stderr)} (ended by ${by.name})`);
    case "start":
      return failed("command/start", `the program could not be started: ${by.why}`);
    case "aborted":
      return failed("aborted", "it was stopped from outside");
    default:
      return by satisfies never;
  }
}

/** How a program ended, in a few words. */
export function howEnded({ by }: Ended): string {
  switch (by.kind) {
    case "exit":
      return `exit code ${by.code}`;
    case "signal":
      return `ended by ${by.name}`;
    case "start":
      return `not started: ${by.why}`;
    case "aborted":
      return "stopped";
    default:
      return by satisfies never;
  }
}

const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== "");

/** A line by which a program says what went wrong. */
const TELLING = /^\s*(?:[\w.$]*(?:Error|Exception)\b.*:|(?:error|fatal|panic)\b.*:)/i;

/**
 * What a failed program said last: its last five lines, and before them the last line that names an error with the place
 * in the program's own files, where a trace or a dump of the error's parts has pushed that further up.
 */
function lastWords(stderr: string): string {
  const lines = linesOf(stderr);
  const rest = Math.max(0, lines.length - 5);
  const told = lines.findLastIndex((line) => TELLING.test(line));
  const [error, ...trace] = told === -1 ? [] : lines.slice(told, Math.max(told, rest));
  const place = trace.find((line) => /^\s*at /.test(line) && !line.includes("node:"));
  return (
    cleanText([error, place, ...lines.slice(rest)].filter((line) => line !== undefined).join("\n"), 1000) ||
    "the program failed without a word"
  );
}

function finishedBy(stdout: string): End {
  const last = linesOf(stdout).at(-1)?.trim() ?? "";
  const object = readObject(last);
  if ("fault" in object)
    return { kind: "finished", result: null, summary: cleanText(last, 1000) || "the program is done" };
  const said = Said.safeParse(object.value);
  if (!said.success)
    return failed(
      "command/output",
      `its last line must be {"summary": "…", "result": "pass" or "fail"}, and is ${cleanText(last, 200)}`,
    );
  return { kind: "finished", result: said.data.result ?? null, summary: cleanText(said.data.summary, 4000) };
}
