import type { Finding } from "../domain/finding.ts";
import { Fault } from "../domain/fault.ts";
import { check as checkFleet, formatGithub, type Report } from "../flow/check.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** `pullbeat check`: exit code 1 when there is an error. Reads the work tree, not the tip; needs no remote. */
export async function check(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { format = "text" } = options;
  if (format !== "text" && format !== "github")
    throw new Fault("usage", `--format ${format} is unknown`, {
      expected: "text or github",
      next: "pullbeat check --format text",
    });
  const { worktree } = await import("../wire.ts");
  const { fleet, unseen } = await worktree(shell.dir);
  const report = checkFleet(fleet, unseen);
  if (format === "github") show(shell, report, () => report.findings.map(formatGithub), "command");
  else show(shell, report, () => lines(shell, report));
  return report.ok ? 0 : 1;
}

/** Notes of one rule beyond so many are drawn together: they are read once, and errors must not drown in them. */
const MANY = 3;

/** Findings as people read them; a pipe gets a line for each, so that it can be searched. */
export function findingLines({ terminal }: Shell, findings: readonly Finding[]): string[] {
  const { red, dim, columns } = terminal;
  const notes = Map.groupBy(
    findings.filter((f) => f.level === "note"),
    (f) => f.rule,
  );
  const isMany = (f: Finding): boolean =>
    columns > 0 && f.level === "note" && (notes.get(f.rule)?.length ?? 0) > MANY;
  return findings.flatMap((f) => {
    const alike = notes.get(f.rule) ?? [];
    if (isMany(f) && f !== alike[0]) return [];
    const level = f.level === "error" ? red("error") : dim("note");
    const others = isMany(f) ? `; and ${alike.length - 1} like it: ${places(alike.slice(1))}` : "";
    const line = `${f.file}:${f.line}:${f.column}  ${level}  ${f.message}${others}  ${dim(f.rule)}`;
    return wrap(line, columns, "    ").map((l) => l.trimEnd());
  });
}

function lines(shell: Shell, { counts, findings, ok }: Report): string[] {
  const { green, red } = shell.terminal;
  const told = findingLines(shell, findings);
  const summary = `${count(counts.errors, "error")}, ${count(counts.notes, "note")}`;
  return [...told, ok ? green(`ok: ${summary}`) : red(summary)];
}

/** `agents/ceo.md:3, 7; agents/faq.md:9`. */
const places = (findings: readonly Finding[]): string =>
  [...Map.groupBy(findings, (f) => f.file)]
    .map(([file, own]) => `${file}:${own.map((f) => f.line).join(", ")}`)
    .join("; ");

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
