import { Fault } from "../domain/fault.ts";
import { check as checkFleet, formatGithub, type Report } from "../flow/check.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** `pullbeat check`: exit code 1 when there is an error. Reads the work tree, not the tip; needs no remote. */
export async function check(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { format = "text" } = options;
  if (format !== "text" && format !== "github")
    throw new Fault("usage", `--format ${format} is unknown`, { expected: "text or github" });
  const { worktree } = await import("../wire.ts");
  const { fleet, unseen } = await worktree(shell.dir);
  const report = checkFleet(fleet, unseen);
  if (format === "github") show(shell, report, () => report.findings.map(formatGithub), "command");
  else show(shell, report, () => lines(shell, report));
  return report.ok ? 0 : 1;
}

function lines({ terminal }: Shell, { counts, findings, ok }: Report): string[] {
  const told = findings.flatMap((f) => {
    const level = f.level === "error" ? terminal.red("error") : terminal.dim("note");
    const line = `${f.file}:${f.line}:${f.column}  ${level}  ${f.message}  ${terminal.dim(f.rule)}`;
    return wrap(line, terminal.columns, "    ");
  });
  const summary = `${count(counts.errors, "error")}, ${count(counts.notes, "note")}`;
  return [...told, ok ? terminal.green(`ok: ${summary}`) : terminal.red(summary)];
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
