import type { ExitCode } from "./exit.ts";
import type { Options, Shell } from "./shell.ts";

type Run = (shell: Shell, args: readonly string[], options: Options) => Promise<ExitCode>;

/** An option as commander writes it, and what it is for. */
export type Flag = readonly [flags: string, about: string];

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

/** Options that every command takes, before or after its name. */
export const EVERYWHERE: readonly Flag[] = [
  ["-C, --dir <dir>", "the clone to work in (here)"],
  ["--json", "machine-readable output, errors too"],
  ["--now <iso>", "what the clock says, such as 2026-11-23T07:00:00Z"],
];

/** Names of groups, with what their commands are about. */
export const GROUPS: Readonly<Record<string, string>> = { pull: "look at the fleet's pulls, and decide" };

const HEAD = [
  "--head <sha>",
  "the commit that you looked at; refused when the pull has moved since",
] as const;
const AS = ["--as <login>", "who you are, when git's e-mail does not say it"] as const;
const WHY = ["--why <text>", "your reason, for the journal"] as const;
const UNTIL = ["--until <iso>", "when it ends by itself"] as const;

export const LEAVES: readonly Leaf[] = [
  {
    usage: "init",
    about: "begin a fleet here: config, roles, a board; never overwrites",
    example: "pullbeat init --template studio --remote local",
    options: [
      ["--template <name>", "blank or studio (blank)"],
      ["--login <login>", "what the roster calls you (from git's e-mail)"],
      ["--remote <kind>", "local: a bare repository beside the folder, as origin"],
      ["--dry-run", "tell what would be done, and do nothing"],
    ],
    load: async () => (await import("./init.ts")).init,
  },
  {
    usage: "adopt <files...>",
    about:
      "move specs and boards of other systems in: prose, subagents, agentic workflows, Paperclip, Backlog.md",
    example: "pullbeat adopt .claude/agents backlog --agent editor --dry-run",
    options: [
      ["--agent <name>", "who gets the tasks that no agent is assigned to"],
      ["--dry-run", "say what would be done, write nothing"],
    ],
    load: async () => (await import("./adopt.ts")).adopt,
  },
  {
    usage: "check",
    about: "what is wrong with specs, tasks, directives and the config of the work tree",
    example: "pullbeat check --format github",
    options: [["--format <name>", "text or github"]],
    load: async () => (await import("./check.ts")).check,
  },
  {
    usage: "board",
    about: "the tasks of the work tree, with their states",
    example: "pullbeat board --agent editor",
    options: [
      ["--agent <name>", "only this agent's"],
      ["--all", "done and dropped ones too"],
    ],
    load: async () => (await import("./board.ts")).board,
  },
  {
    usage: "plan",
    about: "what a tick would do now, and why; writes nothing",
    example: "pullbeat plan --now 2026-11-23T07:00:00Z",
    load: async () => (await import("./tick.ts")).plan,
  },
  {
    usage: "tick",
    about: "settle what is open, decide who is due, let them work",
    example: "pullbeat tick",
    options: [
      ["--agent <name>", "one beat of this agent by hand"],
      ["--task <id>", "with --agent: on this task"],
    ],
    load: async () => (await import("./tick.ts")).tick,
  },
  {
    usage: "settle",
    about: "merge what is approved, close what is closed, park what is stuck; safe at any time",
    example: "pullbeat settle",
    load: async () => (await import("./settle.ts")).settle,
  },
  {
    usage: "log",
    about: "the beats of the journal, newest first",
    example: "pullbeat log --agent ceo --limit 5",
    options: [
      ["--agent <name>", "only this agent's"],
      ["--limit <n>", "how many (20)"],
    ],
    load: async () => (await import("./log.ts")).log,
  },
  {
    usage: "log show <beat>",
    about: "one beat, `<agent>@<slot>`: what it did, saw, believed and cost",
    example: "pullbeat log show ceo@20261123T0700Z --prompt",
    options: [["--prompt", "every request, byte for byte"]],
    load: async () => (await import("./log-show.ts")).logShow,
  },
  {
    usage: "pull list",
    about: "the pulls that are open, and who each waits for",
    example: "pullbeat pull list",
    load: async () => (await import("./pull.ts")).list,
  },
  {
    usage: "pull show <number>",
    about: "intent, changes, reasons, verdicts, cost, and how to decide",
    example: "pullbeat pull show 3",
    load: async () => (await import("./pull.ts")).showPull,
  },
  {
    usage: "pull diff <number>",
    about: "what the pull changes, line by line",
    example: "pullbeat pull diff 3",
    load: async () => (await import("./pull.ts")).diff,
  },
  {
    usage: "pull approve <number>",
    about: "approve the present head; the next settle or tick merges it",
    example: "pullbeat pull approve 3",
    options: [AS, HEAD, ["-m, --message <text>", "what you want to say"]],
    load: async () => (await import("./decide.ts")).approve,
  },
  {
    usage: "pull merge <number>",
    about: "approve the present head and merge it now",
    example: "pullbeat pull merge 3",
    options: [AS, HEAD, ["-m, --message <text>", "what you want to say"]],
    load: async () => (await import("./decide.ts")).merge,
  },
  {
    usage: "pull request-changes <number>",
    about: "send it back to its agent, with what must change",
    example: 'pullbeat pull request-changes 3 -m "name the source of the second number"',
    options: [AS, ["-m, --message <text>", "what must change"]],
    load: async () => (await import("./decide.ts")).requestChanges,
  },
  {
    usage: "pull answer <number> <text>",
    about: "answer an agent's question; the answer lands in the task's file",
    example: 'pullbeat pull answer 4 "leave the old page up until Friday"',
    options: [AS],
    load: async () => (await import("./decide.ts")).answer,
  },
  {
    usage: "pull close <number>",
    about: "close it unmerged; its task is parked until you unpark or edit it",
    example: 'pullbeat pull close 3 --why "we dropped this page"',
    options: [AS, WHY],
    load: async () => (await import("./decide.ts")).close,
  },
  {
    usage: "pause <targets...>",
    about: "no beats for these agents, or for `fleet`; slots meanwhile are not due",
    example: 'pullbeat pause editor --why "holidays" --until 2026-12-01T07:00:00Z',
    options: [AS, WHY, UNTIL],
    load: async () => (await import("./control.ts")).control("pause"),
  },
  {
    usage: "resume <targets...>",
    about: "end a pause or a hold of these agents or tasks, or of `fleet`",
    example: "pullbeat resume editor",
    options: [AS, WHY],
    load: async () => (await import("./control.ts")).control("resume"),
  },
  {
    usage: "hold <targets...>",
    about: "nothing of these tasks or agents, or of `fleet`, merges",
    example: 'pullbeat hold fleet --why "release week"',
    options: [AS, WHY, UNTIL],
    load: async () => (await import("./control.ts")).control("hold"),
  },
  {
    usage: "park <tasks...>",
    about: "do not try these tasks until somebody unparks or edits them",
    example: "pullbeat park T-8k2f",
    options: [AS, WHY],
    load: async () => (await import("./control.ts")).control("park"),
  },
  {
    usage: "unpark [tasks...]",
    about: "try these parked tasks again",
    example: "pullbeat unpark T-8k2f",
    options: [["--all", "every task that is parked now"], AS, WHY],
    load: async () => (await import("./control.ts")).control("unpark"),
  },
  {
    usage: "release <targets...>",
    about: "take the claims of these tasks or agents away from whoever holds them",
    example: "pullbeat release T-8k2f",
    options: [AS, WHY],
    load: async () => (await import("./control.ts")).control("release"),
  },
  {
    usage: "demo",
    about: "one day of this repository's fleet in a sandbox, with no key and no account",
    example: "pullbeat demo",
    options: [["--to <dir>", "where the sandbox goes (.demo)"]],
    load: async () => (await import("./demo.ts")).demo,
  },
];
