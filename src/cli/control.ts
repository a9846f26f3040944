import { Fault } from "../domain/fault.ts";
import { Instant } from "../domain/id.ts";
import type { Verb } from "../domain/record.ts";
import { order } from "../flow/control.ts";
import { read } from "../flow/read.ts";
import { settle } from "../flow/settle.ts";
import type { ExitCode } from "./exit.ts";
import { show, whoami, type Options, type Shell } from "./shell.ts";

/** The command of one of a person's verbs. */
export const control =
  (verb: Verb) =>
  async (shell: Shell, targets: readonly string[], options: Options): Promise<ExitCode> => {
    const world = await shell.open();
    const { fleet } = await read(world);
    const who = await whoami(shell, fleet, options.as);
    const controls = await order(world, {
      verb,
      targets,
      who,
      why: options.why ?? "",
      until: untilOf(options.until),
    });
    // A release ends claims, and settle is what ends them.
    if (verb === "release") await settle(world);
    show(shell, { controls }, () => targets.map((t) => `${verb} ${t}: in the journal, by ${who}`));
    return 0;
  };

function untilOf(text: string | undefined): Instant | null {
  if (text === undefined) return null;
  const until = Instant.safeParse(text);
  if (until.success) return until.data;
  throw new Fault("usage", `--until ${text} is not a time`, { expected: "such as 2026-11-30T08:00:00Z" });
}
