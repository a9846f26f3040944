import { Fault } from "../domain/fault.ts";
import type { Control, Verb } from "../domain/record.ts";
import { order } from "../flow/control.ts";
import { read } from "../flow/read.ts";
import { settle } from "../flow/settle/settle.ts";
import type { ExitCode } from "./exit.ts";
import { show, whoami, type Options, type Shell } from "./shell.ts";
import { untilOf } from "../domain/control/until.ts";

/** The command of one of a person's verbs. */
export const control =
  (verb: Verb) =>
  async (shell: Shell, typed: readonly string[], options: Options): Promise<ExitCode> => {
    const world = await shell.open();
    const snapshot = await read(world);
    const who = await whoami(shell, snapshot.fleet, options.as);
    const until = options.until === undefined ? null : untilOf(options.until, "--until", snapshot.now);
    // `reassign` takes one task and an agent; everything else takes what it is about.
    const [last] = typed.slice(-1);
    const to = verb === "reassign" && last !== undefined ? { to: last } : {};
    const named = verb === "reassign" ? typed.slice(0, -1) : typed;
    const targets = options.all === true ? ["fleet"] : named;
    if (targets.length === 0)
      throw new Fault("usage", `${verb} needs to know what`, { expected: "a task's id, or --all" });
    const controls = await order(world, { verb, targets, who, why: options.why ?? "", until, ...to });
    // A release ends claims and a close ends pulls, and settle is what ends them.
    if (verb === "release" || verb === "close") await settle(world);
    const ends = until === null ? "" : `, until ${until}`;
    show(shell, { controls }, () =>
      controls.length === 0
        ? [verb === "unpark" ? "nothing is parked" : `${verb} ${typed.join(" ")}: nothing to change`]
        : linesOf(controls, { verb, typed: targets, to: last }).map((l) => `${l}: noted, by ${who}${ends}`),
    );
    return 0;
  };

/** As it was typed; of all that is parked, each task. */
function linesOf(
  controls: readonly Control[],
  { verb, typed, to }: { verb: Verb; typed: readonly string[]; to: string | undefined },
): string[] {
  if (verb === "reassign") return typed.map((name) => `reassign ${name} to ${to}`);
  if (verb !== "unpark" && verb !== "park") return typed.map((name) => `${verb} ${name}`);
  return controls.map(({ target }) => `${verb} ${target.kind === "unit" ? target.unit : target.kind}`);
}
