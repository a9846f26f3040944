import { Fault } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import type { Fleet } from "../domain/snapshot.ts";
import { check } from "./check.ts";

const keyOf = ({ rule, file, message }: Finding): string => `${rule} ${file} ${message}`;

/** What `check` notes about the page. A `Fault` with all that is wrong in the page itself, or between files since it. */
export function newFindings(before: Fleet, after: Fleet, { path }: { path: string }): Finding[] {
  const old = new Set(check(before, []).findings.map(keyOf));
  const now = check(after, []).findings;
  const isUnread = (f: Finding): boolean => after.findings.includes(f) && f.file === path;
  const errors = now.filter((f) => f.level === "error" && (isUnread(f) || !old.has(keyOf(f))));
  const [first, ...more] = errors;
  if (first === undefined) return now.filter((f) => f.level === "note" && f.file === path);
  const placed = more.map((f) => `\n${placeOf(f)}: ${f.message}`).join("");
  throw new Fault("refused", first.message + placed, {
    where: placeOf(first),
    expected: "a file in which `pullbeat check` finds no error",
  });
}

const placeOf = ({ file, line, column }: Finding): string => `${file}:${line}:${column}`;
