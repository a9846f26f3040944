import { Fault } from "../domain/fault.ts";
import type { AgentName } from "../domain/id.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import { agentsWithCases, isToLookAt, runCases, type Ran, type Running } from "../flow/case/run.ts";
import { withSpec } from "../flow/beat/dry-run.ts";
import { read } from "../flow/read.ts";
import type { World } from "../flow/world.ts";
import { linesOf, rowOf } from "./case-words.ts";
import type { ExitCode } from "./exit.ts";
import { agentNamed } from "../domain/names.ts";
import { findPull, numberOf } from "./pull.ts";
import { show, type Options, type Shell } from "./shell.ts";

interface RunOptions extends Options {
  case?: string;
  live?: boolean;
  times?: string;
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
  const live = liveOf(options, fleet);
  for (const agent of agents) {
    const done = await runCases(world, { agent, cases: fleet, against, ...onlyOf(options), ...live });
    ran.push(...done.ran);
    left += done.left;
  }
  if (ran.length === 0 && options.case !== undefined)
    throw new Fault("not-found", `there is no case ${options.case}`, {
      expected: "the name of a file below agents/<name>.cases/ on the base branch, without .md",
      next: "pullbeat case run --help",
    });
  show(shell, { base: snapshot.base, cases: ran.map(rowOf), left }, () =>
    linesOf({ ran, left, name }, shell.terminal),
  );
  return ran.some(isToLookAt) || left > 0 ? 1 : 0;
}

const onlyOf = ({ case: only }: RunOptions): { only?: string } => (only === undefined ? {} : { only });

/** How often the model is to be asked, and where. */
function liveOf({ live = false, times }: RunOptions, { config }: Fleet): Pick<Running, "live"> {
  if (!live && times === undefined) return {};
  const n = Number(times ?? "1");
  if (live && Number.isInteger(n) && n >= 1 && n <= MOST_TIMES) return { live: { times: n, config } };
  throw new Fault("usage", live ? `--times ${times} cannot be taken` : "--times is for --live", {
    expected: `--live --times <n>, from 1 to ${MOST_TIMES}`,
  });
}

/** More tries of one case cost more than they tell. */
const MOST_TIMES = 20;

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
