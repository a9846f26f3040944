import { wrap } from "../src/cli/layout.ts";
import { VERSION } from "../src/domain/version.ts";
import { EVERYWHERE, type Flag, type Leaf } from "../src/cli/leaf.ts";
import { SECTIONS } from "../src/cli/leaves.ts";

/** When the version was numbered. */
const DAY = "2026-11-22";

/** `docs/man/pullbeat.1`, from the same table that the command line is made from. */
export const manPage = (): string =>
  [
    `.TH PULLBEAT 1 ${DAY} "pullbeat ${VERSION}"`,
    ".SH NAME",
    "pullbeat \\- run a fleet of AI agents out of a git repository",
    ".SH SYNOPSIS",
    ".B pullbeat",
    ".I command",
    "[options]",
    ".SH DESCRIPTION",
    "Agents, tasks and standing orders are markdown files.",
    "Each agent that is due works on its most important ready tasks,",
    "and hands over each result as a branch and a pull.",
    "Gates and people answer it.",
    "Approving is merging.",
    ...SECTIONS.flatMap(([title, leaves]) => [`.SH ${title.toUpperCase()}`, ...leaves.flatMap(leafLines)]),
    ".SH OPTIONS OF EVERY COMMAND",
    ...EVERYWHERE.flatMap(flagLines),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(flagLines),
    ".SH EXIT STATUS",
    ...EXITS.flatMap(flagLines),
  ].join("\n") + "\n";

const ENVIRONMENT: readonly Flag[] = [
  ["OPENAI_API_KEY", "The key of the model endpoint; the config may name another variable."],
  ["OPENAI_BASE_URL", "Another endpoint than OpenAI's."],
  ["NO_COLOR", "No colours. FORCE_COLOR=1 asks for them where nobody sees a terminal."],
];

const EXITS: readonly Flag[] = [
  ["0", "Done, or nothing to do."],
  ["1", "Done, with something to look at: findings, a beat that failed, a pull that did not merge."],
  ["2", "A usage mistake, or an order that is refused."],
  ["3", "A broken world: no repository, no remote, no readable config, git that fails."],
];

const leafLines = ({ usage, about, example, options = [] }: Leaf): string[] => [
  `.SS pullbeat ${plain(usage)}`,
  ...filled(`${about.charAt(0).toUpperCase()}${about.slice(1)}.`),
  ...options.flatMap(flagLines),
  ".PP",
  ".EX",
  plain(example),
  ".EE",
];

const flagLines = ([flags, about]: Flag): string[] => [".TP", `.B ${plain(flags)}`, ...filled(about)];

/** Sentences in lines of at most 80 characters; none may begin with a character that roff obeys. */
const filled = (text: string): string[] =>
  wrap(plain(text), 80).map((line) => line.replace(/^[.']/, "\\&$&"));

/** Text that roff shows as it is. */
const plain = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("`", "\\(ga")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll("'", "\\(aq")
    .replaceAll('"', "\\(dq");
