import { Case, readCasePath, type CaseFile } from "../domain/case/case.ts";
import type { Finding } from "../domain/finding.ts";
import { parseFile } from "./matter.ts";

/** Reads a case. Its name and its agent's are those of its path, so that no file speaks for another. */
export function parseCase(path: string, text: string): CaseFile | Finding[] {
  const named = readCasePath(path);
  const finding = (message: string, place: { line: number; column: number }): Finding[] => [
    { rule: "case/name", level: "error", file: path, message, ...place },
  ];
  if (named === null) return finding("expected agents/<agent>.cases/<case>.md", { line: 1, column: 1 });
  const parsed = parseFile(path, text, Case);
  if (!parsed.ok) return parsed.findings;
  const { value, body, at } = parsed;
  if (value.agent !== named.agent)
    return finding(`it is ${value.agent}'s, and lies with ${named.agent}'s`, at(["agent"]));
  if (value.case !== named.id)
    return finding(`it is called ${value.case}, and its file ${named.id}.md`, at(["case"]));
  return { case: value, path, body };
}
