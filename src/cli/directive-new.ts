import { dayIn } from "../domain/time/day.ts";
import { Fault } from "../domain/fault.ts";
import { subjectOf, titleOf } from "../domain/text/field.ts";
import type { Page } from "../flow/save.ts";
import type { ExitCode } from "./exit.ts";
import { agentNamed } from "../domain/names.ts";
import { directivePath, lastDay } from "../domain/board/new-directive.ts";
import { rescued, savedLines, savedRow, write, type Bench, type WriteOptions } from "./save.ts";
import { show, type Shell } from "./shell.ts";

interface DirectiveOptions extends WriteOptions {
  scope?: string[];
}

/** `pullbeat directive new`: a standing order. */
export async function directiveNew(
  shell: Shell,
  [typed = ""]: readonly string[],
  options: DirectiveOptions,
): Promise<ExitCode> {
  const title = titleOf(typed);
  const now = shell.now ?? new Date();
  const saved = await write(shell, options, {
    rescue: rescued(() => "board/directives/"),
    compose: (bench) => pageOf(bench, { title, now }, options),
  });
  if (saved === null) throw new Fault("broken", "a new directive was no change");
  const dry = options.dryRun === true;
  show(shell, savedRow(saved, dry), () => savedLines(shell, saved, dry));
  return 0;
}

async function pageOf(
  { home, ground, edit }: Bench,
  { title, now }: { title: string; now: Date },
  { scope, until, message, edit: opens }: DirectiveOptions,
): Promise<Page> {
  const path = directivePath(ground.fleet, title);
  const fields = {
    title,
    scope: scope === undefined ? "all" : scope.map((name) => agentNamed(ground.fleet, name)),
    expires:
      until === undefined ? undefined : lastDay(until, "--until", dayIn(ground.fleet.config.timezone, now)),
  };
  const text = home.compose(fields, `${(message ?? title).replaceAll(/\r\n?/g, "\n").trim()}\n`);
  const name = path.replaceAll(/^board\/directives\/|\.md$/g, "");
  return {
    path,
    text: opens === true ? await edit(`directive-${name}`, text) : text,
    subject: subjectOf("Add directive", title),
  };
}
