import { Fault } from "../domain/fault.ts";
import { randomId } from "../domain/id.ts";
import { prepare, rehearse, withSpec } from "../flow/beat/dry-run.ts";
import { read } from "../flow/read.ts";
import type { Happening, World } from "../flow/world.ts";
import type { Step } from "../port/engine.ts";
import { attemptRow, reportOf, type DryAttempt, type Trial } from "./beat-report.ts";
import { endLines } from "./beat-end.ts";
import type { Page } from "./beat-page.ts";
import { attemptHead, headLines, stepLines } from "./beat-words.ts";
import type { ExitCode } from "./exit.ts";
import { agentNamed, unitNamed } from "../domain/names.ts";
import { show, type Options, type Shell } from "./shell.ts";

/**
 * `pullbeat beat <agent> --dry-run`: one real beat of which nothing leaves this machine. A beat that counts has one
 * name only, `tick --agent`, because it is more than this: it settles first, claims, publishes and settles again.
 */
export async function beat(
  shell: Shell,
  [name = ""]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  if (options.dryRun !== true)
    throw new Fault("usage", "beat only tries, and wants that to be said", {
      expected: `pullbeat beat ${name} --dry-run`,
      next: `for a beat that counts: pullbeat tick --agent ${name}`,
    });
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const code = await tryOut(shell, { name, options, stop: stop.signal });
    if (!stop.signal.aborted) return code;
  } catch (thrown) {
    // The same Ctrl-C stops git: what breaks then is no news.
    if (!stop.signal.aborted) throw thrown;
  } finally {
    process.off("SIGINT", interrupt);
  }
  if (shell.json) show(shell, { stopped: true }, () => []);
  else shell.terminal.err("stopped: nothing was claimed, nothing was published, nothing is left behind");
  return 130;
}

interface Wish {
  name: string;
  options: Options;
  stop: AbortSignal;
}

async function tryOut(shell: Shell, { name, options, stop }: Wish): Promise<ExitCode> {
  const trial = await trialOf(shell, name, options.spec);
  const opened = await shell.open();
  const tip = await read(opened);
  const snapshot = trial === null ? tip : withSpec(tip, trial.file);
  const agent = agentNamed(snapshot.fleet, name);
  const task = options.task === undefined ? {} : { task: unitNamed(snapshot.fleet, options.task) };
  const by = { agent, id: randomId(opened.clock.chance, 6), ...task };
  const page: Page = { terminal: shell.terminal, full: options.full === true, snapshot, agent };
  const { world, steps } = watched(shell, page, { ...opened, stop });
  const ready = await prepare(world, snapshot, by);
  const say = (lines: readonly string[]): void => {
    if (!shell.json && !stop.aborted) for (const line of lines) shell.terminal.out(line);
  };
  say(headLines(ready, trial, page));
  const rows: DryAttempt[] = [];
  await rehearse(world, ready, (done) => {
    rows.push(attemptRow(done, { snapshot, agent, steps: steps.splice(0) }));
    say(endLines(done, page));
  });
  if (shell.json && !stop.aborted) show(shell, reportOf(ready, { agent, trial, attempts: rows }), () => []);
  return rows.some((a) => a.outcome === "failed") ? 1 : 0;
}

async function trialOf(shell: Shell, name: string, spec: string | undefined): Promise<Trial | null> {
  if (spec === undefined) return null;
  const { trialSpec } = await import("../wire.ts");
  return { named: spec, file: await trialSpec(shell.dir, { file: spec, name }) };
}

/** The world, with each step told as it happens, and kept. */
function watched({ json, terminal }: Shell, page: Page, world: World): { world: World; steps: Step[] } {
  const steps: Step[] = [];
  const say = (lines: readonly string[]): void => {
    if (!json) for (const line of lines) terminal.out(line);
  };
  const watch = (happening: Happening): void => {
    if (happening.kind === "attempt") say(attemptHead(happening, page));
    if (happening.kind !== "step") return;
    const { step } = happening;
    steps.push(step);
    say(stepLines(step, page));
    if (step.kind === "asks") terminal.progress("waits for the model …");
    if (step.kind === "runs") terminal.progress("waits for the program …");
  };
  return { world: { ...world, watch }, steps };
}
