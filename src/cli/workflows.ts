import { cronsFor } from "../domain/actions/cron.ts";
import { PEOPLE, peopleWorkflow, REVIEW, reviewWorkflow } from "../domain/actions/people-workflow.ts";
import { actionSource, sourceIn, type ActionSource } from "../domain/actions/pins.ts";
import { TICK, tickWorkflow } from "../domain/actions/tick-workflow.ts";
import { Fault } from "../domain/fault.ts";
import type { Fleet } from "../domain/snapshot.ts";
import { textOf } from "../domain/text.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** Bytes of a workflow that is there already. */
const MOST = 1_000_000;

/** `pullbeat workflows`: exit code 1 when a dry run finds a file that it would change. */
export async function workflows(shell: Shell, _: readonly string[], options: Options): Promise<ExitCode> {
  const { worktree } = await import("../wire.ts");
  const { rootHatch } = await import("../wire-jobs.ts");
  const { fleet } = await worktree(shell.dir);
  const { config } = fleet;
  if (config === null)
    throw new Fault("config", "there is no config that can be read", { next: "pullbeat check" });
  const hatch = await rootHatch(shell.dir);
  const there = async (path: string): Promise<string | null> => {
    const bytes = await hatch.take(path, MOST);
    return bytes === null ? null : textOf(bytes);
  };
  const source = sourceOf(options.action, await there(TICK));
  const crons = cronsFor({ ...fleet, config }, shell.now ?? new Date());
  const files = [
    [TICK, tickWorkflow({ crons, key: config.engines.openai.key, programs: asked(fleet.agents), source })],
    [PEOPLE, peopleWorkflow(source)],
    [REVIEW, reviewWorkflow()],
  ] as const;
  const rows: { path: string; state: "new" | "changed" | "same" }[] = [];
  for (const [path, text] of files) {
    const before = await there(path);
    const state = before === null ? "new" : before === text ? "same" : "changed";
    if (state !== "same" && options.dryRun !== true) await hatch.put(path, text);
    rows.push({ path, state });
  }
  show(shell, { crons, files: rows }, () => [
    ...rows.map(({ path, state }) => `${state.padEnd(8)} ${path}`),
    `ticks at (UTC): ${crons.join("; ")}`,
  ]);
  return options.dryRun === true && rows.some((r) => r.state !== "same") ? 1 : 0;
}

/** Names of the variables that programs of the fleet ask for. */
const asked = (agents: Fleet["agents"]): string[] => {
  const names = [...agents.values()].flatMap(({ spec }) =>
    spec.engine.kind === "command" ? spec.engine.env : [],
  );
  return [...new Set(names)].toSorted();
};

/** What was asked for, else what the workflow that is there runs already. */
function sourceOf(said: string | undefined, before: string | null): ActionSource {
  const source = said === undefined ? sourceIn(before ?? "") : actionSource(said);
  if (source !== null) return source;
  throw new Fault("usage", said === undefined ? "--action is missing" : `--action ${said} is not pinned`, {
    expected:
      'where pullbeat is taken from: "owner/name@<full commit id> # v0.1.0", or .@v0.1.0 for this repository',
  });
}
