import type { Finding } from "../domain/finding.ts";
import { lint, type Lintable } from "../domain/lint/lint.ts";

/** What `pullbeat check` says: `ok` when nothing is an error. */
export interface Report {
  ok: boolean;
  counts: { errors: number; notes: number };
  /** By file, line and column. */
  findings: Finding[];
}

/** A file of the work tree that the next tick will not see as it lies there, and why. */
export interface Unseen {
  file: string;
  why: string;
}

/** Everything that is wrong with a fleet: inside its files, between them, and between the disk and the remote. */
export function check(fleet: Lintable, unseen: readonly Unseen[]): Report {
  const findings = [...fleet.findings, ...lint(fleet), ...unseen.map(unseenNote)].toSorted(byPlace);
  const errors = findings.filter((f) => f.level === "error").length;
  return { ok: errors === 0, counts: { errors, notes: findings.length - errors }, findings };
}

const unseenNote = ({ file, why }: Unseen): Finding => ({
  rule: "tree/unseen",
  level: "note",
  message: `the next tick will not see this: ${why}`,
  file,
  line: 1,
  column: 1,
});

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/**
 * A finding as a command of GitHub's workflow runner, which shows it beside the line.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function formatGithub(finding: Finding): string {
  const { file, line, column, rule, message } = finding;
  const properties = { file, line, col: column, title: rule };
  const written = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${finding.level === "error" ? "error" : "notice"} ${written.join(",")}::${data(message)}`;
}

/** The runner takes these for the end of the line, or for its own escapes. */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
