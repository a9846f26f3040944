import { isFinding, type Outcome } from "../domain/case/outcome.ts";
import { cleanLine } from "../domain/clean.ts";
import { Fault } from "../domain/fault.ts";
import type { AgentName } from "../domain/id.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import { agentsWithCases, hasFindings, runCases, type Ran } from "../flow/case/run.ts";
import { withSpec } from "../flow/dry-run.ts";
import { read } from "../flow/read.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { agentNamed } from "./names.ts";
import { findPull, numberOf } from "./pull.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";

interface RunOptions extends Options {
  case?: string;
}

/** `pullbeat case run [agent]`: what the cases of the base branch come to today. */
export async function caseRun(
  shell: Shell,
  [name]: readonly string[],
  options: RunOptions,
): Promise<ExitCode> {
  const world = await shell.open();
  const snapshot = await read(world);
  const { fleet } = snapshot;
  const against = await againstOf(shell, { world, snapshot }, { name, options });
  const agents = name === undefined ? agentsWithCases(fleet) : [casesOwner(against, fleet, name)];
  const ran: Ran[] = [];
  let left = 0;
  for (const agent of agents) {
    const done = await runCases(world, { agent, cases: fleet, against, ...onlyOf(options) });
    ran.push(...done.ran);
    left += done.left;
  }
  if (ran.length === 0 && options.case !== undefined)
    throw new Fault("not-found", `there is no case ${options.case}`, {
      expected: "the name of a file below agents/<name>.cases/ on the base branch, without .md",
    });
  show(shell, { base: snapshot.base, cases: ran.map(rowOf), left }, () =>
    linesOf({ ran, left, name }, shell.terminal),
  );
  return hasFindings(ran) || left > 0 ? 1 : 0;
}

const onlyOf = ({ case: only }: RunOptions): { only?: string } => (only === undefined ? {} : { only });

/** An agent that is gone may have left its cases. */
function casesOwner(against: Fleet, fleet: Fleet, name: string): AgentName {
  return agentsWithCases(fleet).find((agent) => agent === name) ?? agentNamed(against, name);
}

/** The fleet whose gates and specs judge: the tip's, with a spec of the disk in it, or that of a pull's head. */
async function againstOf(
  shell: Shell,
  { world, snapshot }: { world: World; snapshot: Snapshot },
  { name, options }: { name: string | undefined; options: RunOptions },
): Promise<Fleet> {
  if (options.pull !== undefined) {
    if (options.spec !== undefined)
      throw new Fault("usage", "--spec and --pull name two fleets", { expected: "one of them" });
    const { number, head } = await findPull(world, snapshot, numberOf(options.pull));
    if (head !== null) return world.records.fleet(head);
    throw new Fault("not-found", `the branch of pull ${number} is gone`, { next: "pullbeat pull list" });
  }
  if (options.spec === undefined) return snapshot.fleet;
  if (name === undefined)
    throw new Fault("usage", "--spec is one agent's", {
      expected: "pullbeat case run <agent> --spec <file>",
    });
  const { trialSpec } = await import("../wire.ts");
  return withSpec(snapshot, await trialSpec(shell.dir, { file: options.spec, name })).fleet;
}

const rowOf = ({ path, case: file, outcome }: Ran) => ({
  file: path,
  case: file?.case ?? null,
  agent: file?.agent ?? null,
  kind: file?.kind ?? null,
  pull: file?.pull ?? null,
  outcome: outcome.kind,
  finding: isFinding(outcome),
  by: "by" in outcome ? outcome.by : [],
  says: saysOf(outcome),
});

/** What there is to read about an outcome. */
function saysOf(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case "caught":
    case "refused":
      return outcome.says;
    case "escaped":
      return [`caught once by ${outcome.was.join(", ")}, and no longer caught`];
    case "untold":
      return [outcome.why];
    case "open":
    case "kept":
      return [];
    default:
      return outcome satisfies never;
  }
}

function linesOf(
  { ran, left, name }: { ran: readonly Ran[]; left: number; name: string | undefined },
  terminal: Terminal,
): string[] {
  if (ran.length === 0) return [`${name ?? "nobody"} has no cases yet: pullbeat case add <pull>`];
  const findings = ran.filter((r) => isFinding(r.outcome)).length;
  return [
    ...ran.flatMap((r) => caseLines(r, terminal)),
    "",
    findings === 0
      ? `${ran.length} of ${ran.length} as they should be`
      : `${findings} of ${ran.length} to look at`,
    ...(left === 0 ? [] : [terminal.yellow(`${left} more were not run`)]),
  ];
}

function caseLines({ path, case: file, outcome }: Ran, terminal: Terminal): string[] {
  const { dim, columns } = terminal;
  const name = file === null ? path : `${file.agent} ${file.case}`;
  const detail = outcome.kind === "escaped" ? [] : saysOf(outcome).slice(0, 4);
  return [
    ...wrap(`${headOf(outcome, terminal)}  ${name}`, columns, "  "),
    ...detail.flatMap((line) => wrap(`  ${dim(cleanLine(line, 300))}`, columns, "    ")),
  ];
}

function headOf(outcome: Outcome, { green, red, yellow }: Terminal): string {
  switch (outcome.kind) {
    case "caught":
      return green(
        `caught by ${outcome.by.join(", ")}${outcome.anew ? " (nothing did when it was kept)" : ""}`,
      );
    case "escaped":
      return red(`no longer caught (once by ${outcome.was.join(", ")})`);
    case "open":
      return yellow("no gate catches it, as when it was kept");
    case "kept":
      return green("still let through");
    case "refused":
      return red(`right, and refused by ${outcome.by.join(", ")}`);
    case "untold":
      return red("nobody can tell");
    default:
      return outcome satisfies never;
  }
}
