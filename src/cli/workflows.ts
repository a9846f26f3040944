import { isOurs, workflowFiles } from "../domain/actions/files.ts";
import { actionSource, sourceIn, type ActionSource } from "../domain/actions/pins.ts";
import { TICK } from "../domain/actions/tick-workflow.ts";
import { Fault } from "../domain/fault.ts";
import { textOf } from "../domain/text/text.ts";
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
    // What is no text was not written by us.
    return bytes === null ? null : (textOf(bytes) ?? "");
  };
  const source = sourceOf(options.action, await there(TICK));
  const { crons, files } = workflowFiles({ ...fleet, config }, source, shell.now ?? new Date());
  const rows: { path: string; state: "new" | "changed" | "same" }[] = [];
  const before = new Map<string, string | null>();
  for (const path of files.keys()) before.set(path, await there(path));
  refuseOthers(before);
  for (const [path, text] of files) {
    const old = before.get(path) ?? null;
    const state = old === null ? "new" : old === text ? "same" : "changed";
    if (state !== "same" && options.dryRun !== true) await hatch.put(path, text);
    rows.push({ path, state });
  }
  show(shell, { crons, files: rows }, () => [
    ...rows.map(({ path, state }) => `${state.padEnd(8)} ${path}`),
    `ticks at (UTC): ${crons.join("; ")}`,
  ]);
  return options.dryRun === true && rows.some((r) => r.state !== "same") ? 1 : 0;
}

/** A workflow of that name that somebody else wrote is not ours to change. */
function refuseOthers(before: ReadonlyMap<string, string | null>): void {
  const theirs = [...before].find(([, text]) => text !== null && !isOurs(text));
  if (theirs === undefined) return;
  throw new Fault("refused", `${theirs[0]} was not written by pullbeat, and is left as it is`, {
    expected: "no file there, or one whose first line says that `pullbeat workflows` wrote it",
    next: `git mv ${theirs[0]} ${theirs[0].replace(/pullbeat/, "own")}; then again`,
  });
}

/** What was asked for, else what the workflow that is there runs already. */
function sourceOf(said: string | undefined, before: string | null): ActionSource {
  const source = said === undefined ? sourceIn(before ?? "") : pinned(said);
  if (source !== null) return source;
  throw new Fault("usage", "--action is missing", { expected: PINNED });
}

const PINNED =
  'where pullbeat is taken from: "owner/name@<full commit id> # v0.1.0", or .@v0.1.0 for this repository';

/** What somebody typed behind `--action`; whatever could move is refused. */
export function pinned(said: string): ActionSource {
  const source = actionSource(said);
  if (source !== null) return source;
  throw new Fault("usage", `--action ${said} is not pinned`, { expected: PINNED });
}
