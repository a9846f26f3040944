import { dayIn } from "../domain/day.ts";
import { Directive } from "../domain/directive.ts";
import { Fault } from "../domain/fault.ts";
import { fieldOf, subjectOf, titleOf } from "../domain/field.ts";
import { slugOf } from "../domain/slug.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { Page } from "../flow/save.ts";
import type { ExitCode } from "./exit.ts";
import { agentNamed } from "./names.ts";
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
  const path = freePath(ground.fleet, title);
  const fields = {
    title,
    scope: scope === undefined ? "all" : scope.map((name) => agentNamed(ground.fleet, name)),
    expires: until === undefined ? undefined : lastDay(until, dayIn(ground.fleet.config.timezone, now)),
  };
  const text = home.compose(fields, `${(message ?? title).replaceAll(/\r\n?/g, "\n").trim()}\n`);
  const name = path.replaceAll(/^board\/directives\/|\.md$/g, "");
  return {
    path,
    text: opens === true ? await edit(`directive-${name}`, text) : text,
    subject: subjectOf("Add directive", title),
  };
}

function lastDay(until: string, today: string): string | undefined {
  const day = fieldOf(Directive.shape.expires, "--until", until);
  if (day === undefined || day >= today) return day;
  throw new Fault("usage", `--until ${day} is over already`, { expected: `today, ${today}, or later` });
}

/** Two orders may have the same title. */
function freePath({ entries }: Fleet, title: string): string {
  const taken = new Set(entries.map((e) => e.path.toLowerCase()));
  const stem = `board/directives/${slugOf(title, "directive")}`;
  for (let n = 1; ; n++) {
    const path = n === 1 ? `${stem}.md` : `${stem}-${n}.md`;
    // A README explains the folder to people, and is no directive.
    if (!taken.has(path.toLowerCase()) && !path.toLowerCase().endsWith("/readme.md")) return path;
  }
}
