import { EVERYWHERE, type Flag, type Leaf } from "../src/cli/leaf.ts";
import { GROUPS, LEAVES } from "../src/cli/leaves.ts";

/** `docs/reference/cli.md`, from the same table that the command line is made from. */
export const cliPage = (): string =>
  [
    "# The command line",
    "",
    "Written from `src/cli/leaves/` by `npm run docs`. What each command prints under `--json`, and the exit codes: [json.md](json.md).",
    "",
    "Every command takes these, before its name or behind it:",
    "",
    ...EVERYWHERE.map(optionLine),
    "",
    "In a sandbox of `pullbeat demo` two variables are set: `PULLBEAT_NOW` is a default for `--now`, and `PULLBEAT_SCRIPTS` names a",
    "folder of the repository whose `<agent>.jsonl` is played instead of asking a model. Work done so is labelled as scripted.",
    "",
    ...LEAVES.flatMap((leaf, i) => [...groupLines(leaf, LEAVES[i - 1]), ...leafLines(leaf)]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");

const optionLine = ([flags, about]: Flag): string => `- \`${flags}\`: ${about}`;

/** A group says what it is about before its first command. */
function groupLines(leaf: Leaf, before: Leaf | undefined): string[] {
  const [name = ""] = leaf.usage.split(" ");
  const about = GROUPS[name];
  return about === undefined || before?.usage.startsWith(`${name} `) === true
    ? []
    : [`## \`pullbeat ${name}\``, "", `${sentence(about)}:`, ""];
}

function leafLines({ usage, about, example, options = [] }: Leaf): string[] {
  const isGrouped = GROUPS[usage.split(" ", 1)[0] ?? ""] !== undefined;
  return [
    // Angle brackets outside code would be taken for HTML.
    `${isGrouped ? "###" : "##"} \`pullbeat ${usage}\``,
    "",
    `${sentence(about)}.`,
    "",
    ...(options.length === 0 ? [] : [...options.map(optionLine), ""]),
    "```sh",
    example,
    "```",
    "",
  ];
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
