import { Command, CommanderError } from "commander";
import { Fault } from "../domain/fault.ts";
import { nearest } from "../domain/text/near.ts";
import { VERSION } from "../domain/version.ts";
import { report, type ExitCode } from "./exit.ts";
import { helpFor, helpOf, pathOf } from "./help.ts";
import { COMPLETE, EVERYWHERE, groupOf, nameOf, type Leaf } from "./leaf.ts";
import { LEAVES } from "./leaves.ts";
import { openShell, type Options, type Shell } from "./shell.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** Where a command line runs: the process's own terminal and world, or those of a test. */
export interface Station {
  terminal: Terminal;
  shell: (options: Options, terminal: Terminal) => Shell;
}

/** Runs one command line; returns the exit code. */
export async function main(argv: readonly string[], station?: Station): Promise<ExitCode> {
  const { terminal, shell } = station ?? { terminal: openTerminal(), shell: openShell };
  if (argv[2] === COMPLETE) return (await import("./tab.ts")).complete(argv.slice(3), terminal);
  let code: ExitCode = 0;
  let running = "";
  const program = programOf(async (leaf, args, options) => {
    running = nameOf(leaf);
    const run = await leaf.load();
    code = await run(shell(options, terminal), args, options);
  });
  try {
    await program.parseAsync(argv);
    return code;
  } catch (thrown) {
    // Help and the version were asked for, and have been printed.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    if (thrown instanceof Unsaid && !asksForJson(argv)) {
      terminal.err(thrown.help.trimEnd());
      return 2;
    }
    return report(thrown, terminal, { json: asksForJson(argv), command: `pullbeat ${running}`.trim() });
  }
}

/** When the command line itself cannot be read, its options cannot be either. */
const asksForJson = (argv: readonly string[]): boolean => argv.includes("--json");

/** Nothing was asked for: a person wants the help, a program that it is told so. */
class Unsaid extends Fault {
  readonly help: string;

  constructor(command: Command) {
    const path = `pullbeat ${pathOf(command)}`.trim();
    const names = command.commands.map((c) => c.name()).filter((n) => n !== "help");
    super("usage", `${path} needs a command`, {
      expected: `one of ${names.join(", ")}`,
      next: `${path} --help`,
    });
    this.help = helpOf(command);
  }
}

type Act = (leaf: Leaf, args: readonly string[], options: Options) => Promise<void>;

export function programOf(act: Act): Command {
  const program = new Command("pullbeat")
    .configureHelp({ formatHelp: helpOf })
    .helpCommand(false)
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .enablePositionalOptions()
    // What commander would print about a mistake is said by `report`, like every other mistake.
    .configureOutput({ writeErr: () => {} });
  everywhere(program);
  for (const leaf of LEAVES) add(program, leaf, act);
  program.command("help [command...]").action((words: string[]) => {
    process.stdout.write(helpFor(program, words));
  });
  return program;
}

/** Options that stand before the name of a command are its own, as those behind it are. */
function everywhere(command: Command): Command {
  for (const [flags, about] of EVERYWHERE) command.option(flags, about);
  return command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : usageFault(error, command);
  });
}

/** Adds a leaf below its group (`pull show`), making the group when it is the first. */
function add(program: Command, leaf: Leaf, act: Act): void {
  const group = groupOf(leaf);
  const parent = group === null ? program : groupCommand(program, group);
  const command = parent
    .command(group === null ? leaf.usage : leaf.usage.slice(group.length + 1))
    .enablePositionalOptions();
  for (const [flags, about, again] of leaf.options ?? [])
    if (again === undefined) command.option(flags, about);
    else command.option(flags, about, (value: string, all: string[] | undefined) => [...(all ?? []), value]);
  everywhere(command);
  command.action(() => act(leaf, command.args, { ...program.opts(), ...parent.opts(), ...command.opts() }));
}

const groupCommand = (program: Command, name: string): Command =>
  program.commands.find((c) => c.name() === name) ??
  everywhere(program.command(name).enablePositionalOptions());

/** A mistake on the command line, with what was probably meant. */
function usageFault({ code, message }: CommanderError, command: Command): Fault {
  if (code === "commander.help") return new Unsaid(command);
  const path = `pullbeat ${pathOf(command)}`.trim();
  const names = command.commands.map((c) => c.name()).filter((n) => n !== "help");
  const [, said = message, meant] = /^(?:error: )?(.*?)(?:\n\(Did you mean (.*)\?\))?$/s.exec(message) ?? [];
  const [typed = ""] = command.args;
  // commander takes a mistyped command of a group that is a command itself (`log shw`) for an argument.
  const near = meant ?? (code === "commander.excessArguments" ? nearest(typed, names) : null);
  const isCommand = near !== null && names.includes(near);
  return new Fault("usage", said, {
    expected: near === null ? `${path} ${command.usage()}` : `perhaps ${near}`,
    next: isCommand ? `${path} ${near} --help` : `${path} --help`,
  });
}
