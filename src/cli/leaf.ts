import type { ExitCode } from "./exit.ts";
import type { Options, Shell } from "./shell.ts";

type Run = (shell: Shell, args: readonly string[], options: Options) => Promise<ExitCode>;

/** An option as commander writes it, and what it is for; `again`: it may be given more than once. */
export type Flag = readonly [flags: string, about: string, again?: "again"];

/** One command of the command line. `docs/reference/cli.md` is written from these. */
export interface Leaf {
  /** `name <argument>` as commander writes it; two words for a command of a group. */
  usage: string;
  about: string;
  example: string;
  options?: readonly Flag[];
  /** Loads the command's code only when it is called. */
  load: () => Promise<Run>;
}

/** The words of a command without its arguments: `pull show`. */
export const nameOf = ({ usage }: Pick<Leaf, "usage">): string => usage.replace(/ [<[].*$/, "");

/** The group of a command, `pull` of `pull show`; null where it has none. */
export function groupOf(leaf: Pick<Leaf, "usage">): string | null {
  const [first = "", ...more] = nameOf(leaf).split(" ");
  return more.length === 0 ? null : first;
}

/** Options that every command takes, before or after its name. */
export const EVERYWHERE: readonly Flag[] = [
  ["-C, --dir <dir>", "the clone to work in (here)"],
  ["--json", "machine-readable output, errors too"],
  ["--now <iso>", "what the clock says, such as 2026-11-23T07:00:00Z"],
];

export const HEAD = [
  "--head <sha>",
  "the commit that you looked at; refused when the pull has moved since",
] as const;
export const AS = ["--as <login>", "who you are, when git's e-mail does not say it"] as const;
export const WHY = ["--why <text>", "your reason, for the journal"] as const;
export const UNTIL = ["--until <iso>", "when it ends by itself"] as const;
export const DRY = ["--dry-run", "say what would be done, write nothing"] as const;
export const NO_PUSH = ["--no-push", "commit on the branch you are on, and push nothing"] as const;
export const EDIT = ["--edit", "open it in $EDITOR first"] as const;

/** What a shell calls while somebody types; people never see it. */
export const COMPLETE = "__complete";
