import { digest as write } from "../domain/digest/digest.ts";
import { digestFacts, type DigestFacts } from "../domain/digest/facts.ts";
import { Day, digestPath } from "../domain/digest/record.ts";
import { Fault } from "../domain/fault.ts";
import { textOf } from "../domain/text/text.ts";
import { digestByHand } from "../flow/digest/digest.ts";
import { read } from "../flow/read.ts";
import { recall, toldBefore } from "../flow/digest/recall.ts";
import { sightOf } from "../flow/digest/sight.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";
import { digestLine } from "./words.ts";

/** `pullbeat digest`: as of now, or of a day that is in the journal. Markdown where nobody looks. */
export async function digest(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { date, publish } = options;
  if (publish === true && date !== undefined)
    throw new Fault("usage", "--publish and --date do not go together", {
      expected: "--publish alone: it publishes today's",
    });
  const world = await shell.open();
  if (publish === true) return publishNow(shell, world);
  const { facts, page } = date === undefined ? await asOfNow(world) : await asOf(world, date);
  show(shell, facts, () => {
    const lines = page.trimEnd().split("\n");
    return shell.terminal.columns === 0 ? lines : plain(lines, shell.terminal);
  });
  return 0;
}

interface Told {
  facts: DigestFacts;
  page: string;
}

async function asOfNow(world: World): Promise<Told> {
  const snapshot = await sightOf(world, await read(world));
  const facts = digestFacts(snapshot, await toldBefore(world, snapshot.journal));
  return { facts, page: write(facts) };
}

/** The digest of a day: what the journal keeps of it, and the page as it was merged, or would be. */
async function asOf(world: World, date: string): Promise<Told> {
  const day = Day.safeParse(date);
  if (!day.success)
    throw new Fault("usage", `--date ${date} is not a day`, { expected: "a day such as 2026-11-23" });
  const { journal, fleet } = await read(world);
  const record = journal.head === null ? null : await world.records.digest(journal.head, day.data);
  if (record === null)
    throw new Fault("not-found", `there is no digest of ${date}`, {
      next: "`pullbeat digest` shows how things stand now",
    });
  const facts = await recall(world, record);
  const file = fleet.entries.find((e) => e.path === digestPath(day.data));
  const bytes = file && (await world.repo.blobs([file.blob])).get(file.blob);
  return { facts, page: (bytes && textOf(bytes)) ?? write(facts) };
}

async function publishNow(shell: Shell, world: World): Promise<ExitCode> {
  const made = await digestByHand(world);
  if (made === null)
    throw new Fault("refused", "today's digest was published already", {
      next: "`pullbeat digest` shows how things stand now",
    });
  show(shell, made, () => [digestLine(made, shell.terminal)]);
  return 0;
}

/** Markdown as a terminal shows it: no marks, links by their text, the lines wrapped. */
function plain(lines: readonly string[], terminal: Terminal): string[] {
  const { bold, dim, cyan, columns } = terminal;
  return lines.flatMap((line) => {
    if (line.startsWith("#")) return wrap(bold(line.replace(/^#+ /, "")), columns);
    if (line.startsWith("*Made by")) return wrap(line.replaceAll("*", ""), columns).map(dim);
    const shown = line
      .replaceAll(/\[([^\]]+)\]\(\/[^)]*\)/g, (_, text: string) => text)
      .replaceAll(/\*\*([^*]+)\*\*/g, (_, text: string) => bold(text))
      .replaceAll(/`([^`]+)`/g, (_, text: string) => cyan(text));
    const [hang = ""] = /^\s*(?:> |- |\d+\. )?/.exec(line) ?? [];
    return wrap(shown, columns, hang.replaceAll(/[^> ]/g, " "));
  });
}
