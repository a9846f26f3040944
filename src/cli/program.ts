import { Command, CommanderError } from "commander";
import type { ExitCode } from "./exit.ts";
import { report } from "./exit.ts";
import { parseNow, type Options, type Shell } from "./shell.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { VERSION } from "../domain/version.ts";

type Run = (shell: Shell, args: readonly string[], options: Options) => Promise<ExitCode>;

interface Leaf {
  /** `name <argument>` as commander writes it. */
  usage: string;
  about: string;
  example: string;
  options?: readonly (readonly [flags: string, about: string])[];
  /** Loads the command's code only when it is called. */
  load: () => Promise<Run>;
}

const AS = ["--as <login>", "who you are, when git's e-mail does not say it"] as const;
const WHY = ["--why <text>", "your reason, for the journal"] as const;
const UNTIL = ["--until <iso>", "when it ends by itself"] as const;

const LEAVES: readonly Leaf[] = [
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
    about: "one beat, <agent>@<slot>: what it did, saw, believed and cost",
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
    options: [AS, ["-m, --message <text>", "what you want to say"]],
    load: async () => (await import("./decide.ts")).approve,
  },
  {
    usage: "pull merge <number>",
    about: "approve the present head and merge it now",
    example: "pullbeat pull merge 3",
    options: [AS, ["-m, --message <text>", "what you want to say"]],
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
  ...(["pause", "resume", "hold", "park", "unpark", "release"] as const).map((verb) => ({
    usage: `${verb} <targets...>`,
    about: {
      pause: "no beats for these agents, or for `fleet`; slots meanwhile are not due",
      resume: "end a pause or a hold",
      hold: "nothing of these tasks or agents, or of `fleet`, merges",
      park: "do not try these tasks until somebody unparks or edits them",
      unpark: "try these parked tasks again",
      release: "take the claims of these tasks or agents away from whoever holds them",
    }[verb],
    example: `pullbeat ${verb} ${verb === "pause" || verb === "resume" ? "editor" : "T-8k2f"}`,
    options: verb === "pause" || verb === "hold" ? [AS, WHY, UNTIL] : [AS, WHY],
    load: async (): Promise<Run> => (await import("./control.ts")).control(verb),
  })),
  {
    usage: "demo",
    about: "one day of this repository's fleet in a sandbox, with no key and no account",
    example: "pullbeat demo",
    options: [["--to <dir>", "where the sandbox goes (.demo)"]],
    load: async () => (await import("./demo.ts")).demo,
  },
];

/** Runs one command line; returns the exit code. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const terminal = openTerminal();
  let code: ExitCode = 0;
  const program = new Command("pullbeat")
    .description("Runs a fleet of AI agents out of a git repository.")
    .version(VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .showSuggestionAfterError();
  for (const leaf of LEAVES) add(program, leaf, terminal, (c) => (code = c));
  try {
    await program.parseAsync(argv);
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return report(thrown, terminal, argv.includes("--json"));
  }
}

/** Adds a leaf below its group (`pull show`), making the group when it is the first. */
function add(program: Command, leaf: Leaf, terminal: Terminal, done: (code: ExitCode) => void): void {
  const words = leaf.usage.split(" ");
  const grouped = words[1] !== undefined && /^[a-z]/.test(words[1]);
  const group = grouped ? groupOf(program, words[0] ?? "") : program;
  const command = group
    .command(words.slice(grouped ? 1 : 0).join(" "))
    .description(leaf.about)
    .option("-C, --dir <dir>", "the clone to work in", ".")
    .option("--json", "machine-readable output", false)
    .option("--now <iso>", "what the clock says")
    .addHelpText("after", `\nExample:\n  ${leaf.example}`)
    .enablePositionalOptions()
    .exitOverride();
  for (const [flags, about] of leaf.options ?? []) command.option(flags, about);
  command.action(async () => {
    const options = command.opts<Options & Common>();
    const run = await leaf.load();
    done(await run(shellOf(options, terminal), command.args, options));
  });
}

function groupOf(program: Command, name: string): Command {
  return (
    program.commands.find((c) => c.name() === name) ??
    program.command(name).description(`see ${name} --help`).exitOverride()
  );
}

/** Options that every command has, as commander hands them over. */
interface Common {
  dir: string;
  json: boolean;
  now?: string;
}

/** A sandbox sets PULLBEAT_NOW and PULLBEAT_SCRIPTS, so that its commands live in its day and call no model. */
function shellOf({ dir, json, now: said }: Common, terminal: Terminal): Shell {
  const { PULLBEAT_NOW, PULLBEAT_SCRIPTS: scripts } = process.env;
  const now = parseNow(said ?? PULLBEAT_NOW);
  const wire = () => import("../wire.ts");
  return {
    terminal,
    dir,
    now,
    json,
    open: async () =>
      (await wire()).openWorld({
        dir,
        now,
        watch: (line) => terminal.progress(line),
        ...(scripts === undefined ? {} : { scripts }),
      }),
    email: async () => (await wire()).gitEmail(dir),
  };
}
