import type { Command } from "commander";
import { Fault } from "../domain/fault.ts";
import { nearest } from "../domain/text/near.ts";
import { wrap, widthOf } from "./layout.ts";
import { EVERYWHERE, groupOf, nameOf, type Flag, type Leaf } from "./leaf.ts";
import { GROUPS, LEAVES, SECTIONS } from "./leaves.ts";

/** Cells in a line of help; every terminal has them. */
const WIDTH = 80;

/** The name of a command as one types it, without `pullbeat`: `pull show`; empty for the program. */
export const pathOf = (command: Command): string =>
  command.parent === null ? "" : `${pathOf(command.parent)} ${command.name()}`.trim();

/** What `--help` prints: the program by what a person wants to do, a group by its commands, a command by its example. */
export function helpOf(command: Command): string {
  const path = pathOf(command);
  const leaf = LEAVES.find((l) => nameOf(l) === path);
  const lines = path === "" ? overview() : leaf === undefined ? groupPage(path) : leafPage(leaf);
  return `${lines.join("\n")}\n`;
}

function overview(): string[] {
  const sections = SECTIONS.map(([title, leaves]) => [title, rowsOf(leaves)] as const);
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([name]) => name.length)));
  return [
    "pullbeat runs a fleet of AI agents out of a git repository.",
    "",
    ...sections.flatMap(([title, rows]) => [title, ...rows.flatMap((row) => entry(row, width)), ""]),
    "Every command takes",
    ...entries(EVERYWHERE),
    "",
    "pullbeat <command> --help shows its options and an example; -V the version.",
    "New here? pullbeat init --dry-run tells what it would begin, and writes nothing.",
  ];
}

/** A command in a row; a group in one row, with the names of its commands. */
function rowsOf(leaves: readonly Leaf[]): Flag[] {
  const groups = new Set(leaves.map((l) => groupOf(l)));
  return [...groups].flatMap((group): Flag[] => {
    const own = leaves.filter((l) => groupOf(l) === group);
    if (group === null) return own.map((l) => [nameOf(l), brief(l.about)]);
    const names = own.map((l) => nameOf(l).slice(group.length + 1)).join(", ");
    return LEAVES.some((l) => nameOf(l) === group) ? [] : [[group, names]];
  });
}

/** The first clause says enough where many stand below each other. */
const brief = (about: string): string => about.replace(/[:;].*$/s, "");

function groupPage(group: string): string[] {
  const rows = childrenOf(group).map((leaf): Flag => [leaf.usage.slice(group.length + 1), leaf.about]);
  const about = GROUPS[group];
  return [
    `pullbeat ${group} <command>`,
    ...(about === undefined ? [] : [`${sentence(about)}.`]),
    "",
    ...entries(rows),
    "",
    `pullbeat ${group} <command> --help shows its options and an example.`,
  ];
}

const childrenOf = (group: string): Leaf[] => LEAVES.filter((l) => groupOf(l) === group);

function leafPage(leaf: Leaf): string[] {
  const { usage, about, example, options = [] } = leaf;
  const more = childrenOf(nameOf(leaf)).map((child): Flag => [`pullbeat ${child.usage}`, child.about]);
  return [
    `pullbeat ${usage}`,
    ...wrap(`${sentence(about)}.`, WIDTH),
    "",
    ...(options.length === 0 ? [] : [...entries(options), ""]),
    ...(more.length === 0 ? [] : ["See also:", ...entries(more), ""]),
    "Example:",
    `  ${example}`,
    "",
    ...wrap(`Also: ${EVERYWHERE.map(([flags]) => flags).join(", ")}.`, WIDTH),
  ];
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const entries = (rows: readonly Flag[]): string[] => {
  const width = Math.max(...rows.map(([name]) => widthOf(name)));
  return rows.flatMap((row) => entry(row, Math.min(width, 30)));
};

/** A name, and what it is about beside it; below it where the name is long. */
function entry([name, about]: Flag, width: number): string[] {
  const hang = " ".repeat(width + 4);
  if (widthOf(name) <= width) return wrap(`  ${name.padEnd(width)}  ${about}`, WIDTH, hang);
  return [`  ${name}`, ...wrap(hang + about, WIDTH, hang)];
}

/** The page of `pullbeat help <words>`. */
export function helpFor(program: Command, words: readonly string[]): string {
  let command = program;
  for (const word of words) {
    const names = command.commands.filter((c) => c.name() !== "help").map((c) => c.name());
    const next = command.commands.find((c) => c.name() === word);
    if (next === undefined) throw noSuch(word, pathOf(command), names);
    command = next;
  }
  return helpOf(command);
}

function noSuch(word: string, path: string, names: readonly string[]): Fault {
  const near = nearest(word, names);
  const place = `pullbeat ${path}`.trim();
  return new Fault("usage", `there is no command ${`${path} ${word}`.trim()}`, {
    expected: near === null ? `one of ${names.join(", ") || "none: it has no commands"}` : `perhaps ${near}`,
    next: near === null ? `${place} --help` : `${place} ${near} --help`,
  });
}
