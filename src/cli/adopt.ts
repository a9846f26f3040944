import { Fault } from "../domain/fault.ts";
import { AgentName } from "../domain/id.ts";
import { adopt as moveIn, type AdoptOptions } from "../flow/adopt/adopt.ts";
import type { Adoption } from "../flow/adopt/adopt-report.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** `pullbeat adopt`: exit code 1 when a file was refused. Writes into the work tree; commits nothing, needs no remote. */
export async function adopt(
  shell: Shell,
  names: readonly string[],
  options: Options & { dryRun?: boolean },
): Promise<ExitCode> {
  const { dryRun: isDry = false } = options;
  const asked: AdoptOptions = { names, agent: agentOf(options.agent), isDry };
  const { openShelf, worktree } = await import("../wire.ts");
  const { fleet } = await worktree(shell.dir);
  const adoption = await moveIn(await openShelf(shell.dir), fleet, asked);
  show(shell, { ...adoption, dryRun: isDry }, () => lines(shell, adoption, isDry));
  return adoption.refused.length === 0 ? 0 : 1;
}

function agentOf(typed: string | undefined): AgentName | null {
  if (typed === undefined) return null;
  const name = AgentName.safeParse(typed);
  if (name.success) return name.data;
  throw new Fault("usage", `--agent ${typed} cannot be an agent's name`, {
    expected: "lower-case letters, digits and single hyphens, such as lp-tester",
  });
}

function lines(
  { terminal }: Shell,
  { created, refused, notes, notCarried, counts }: Adoption,
  isDry: boolean,
): string[] {
  const { red, green, dim, columns } = terminal;
  const told = (
    level: string,
    { file, line, column, message, rule }: Adoption["refused"][number],
  ): string[] => wrap(`${file}:${line}:${column}  ${level}  ${message}  ${dim(rule)}`, columns, "    ");
  const summary = `${counts.given} given: ${counts.created} ${isDry ? "would be created" : "created"}, ${counts.unchanged} unchanged, ${counts.refused} refused`;
  return [
    ...created.map(
      ({ from, to }) => `${green(isDry ? "would create" : "created")} ${to}  ${dim(`from ${from}`)}`,
    ),
    ...notes.flatMap((note) => told(dim("note"), note)),
    ...notCarried.map(
      (n) =>
        `not carried over: ${n.key}, in ${n.files} ${n.files === 1 ? "file" : "files"}, first ${n.file}:${n.line}`,
    ),
    ...refused.flatMap((finding) => told(red("refused"), finding)),
    counts.refused === 0 ? green(summary) : red(summary),
    ...(counts.created === 0 || isDry ? [] : ["look at each line marked # guessed, then run pullbeat check"]),
  ];
}
