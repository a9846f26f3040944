import { boardView } from "../domain/board.ts";
import { Fault } from "../domain/fault.ts";
import { instantOf, type Instant } from "../domain/id.ts";
import type { Verb } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { order } from "../flow/control.ts";
import { read } from "../flow/read.ts";
import { settle } from "../flow/settle.ts";
import type { ExitCode } from "./exit.ts";
import { show, whoami, type Options, type Shell } from "./shell.ts";
import { momentOf } from "./time.ts";

/** The command of one of a person's verbs. */
export const control =
  (verb: Verb) =>
  async (shell: Shell, typed: readonly string[], options: Options): Promise<ExitCode> => {
    const world = await shell.open();
    const snapshot = await read(world);
    const who = await whoami(shell, snapshot.fleet, options.as);
    const until = untilOf(options.until, snapshot.now);
    const targets = options.all === true ? parkedUnits(snapshot) : typed;
    if (targets.length === 0 && options.all !== true)
      throw new Fault("usage", `${verb} needs to know what`, { expected: "a task's id, or --all" });
    const controls =
      targets.length === 0 ? [] : await order(world, { verb, targets, who, why: options.why ?? "", until });
    // A release ends claims, and settle is what ends them.
    if (verb === "release") await settle(world);
    const ends = until === null ? "" : `, until ${until}`;
    show(shell, { controls }, () =>
      targets.length === 0
        ? ["nothing is parked"]
        : targets.map((t) => `${verb} ${t}: noted, by ${who}${ends}`),
    );
    return 0;
  };

const parkedUnits = (snapshot: Snapshot): string[] =>
  boardView(snapshot).flatMap((t) => (t.state === "parked" ? [t.unit] : []));

function untilOf(text: string | undefined, now: Date): Instant | null {
  if (text === undefined) return null;
  const until = momentOf(text, "--until");
  if (until > now) return instantOf(until);
  throw new Fault("usage", `--until ${text} is over already`, { expected: `a time after ${instantOf(now)}` });
}
