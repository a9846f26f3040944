import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { report } from "../cli/exit.ts";
import { openShell } from "../cli/shell.ts";
import { openTerminal, type Terminal } from "../cli/terminal.ts";
import { credentials } from "./credentials.ts";
import { inputsOf } from "./inputs.ts";
import { runJob } from "./job.ts";
import { annotation, command, inert } from "./log.ts";

const { env, stdout } = process;
const write = (line: string): void => void stdout.write(`${line}\n`);

/** Nobody sits at it: no colours, no progress, no width, and nothing that the runner would obey. */
const terminal: Terminal = {
  ...openTerminal(),
  out: (line) => write(inert(line)),
  err: (line) => write(inert(line)),
  progress: () => {},
  columns: 0,
};

/** Adds to one of the files that a runner reads when a step ends; where there is no runner there is none. */
async function tell(file: string | undefined, text: string): Promise<void> {
  if (file !== undefined && file !== "" && text !== "") await appendFile(file, text);
}

/** A value may be anything but what ends it. */
function output(name: string, value: string): string {
  const end = `end-${randomUUID()}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}

async function main(): Promise<number> {
  const { token, ...given } = inputsOf(env);
  const { job, options } = given;
  // Programs that are started from here inherit no input of ours.
  for (const name of Object.keys(env)) if (name.startsWith("INPUT_")) delete env[name];
  if (token !== null) {
    Object.assign(env, await credentials(token, env["RUNNER_TEMP"] ?? tmpdir()));
    env["GITHUB_TOKEN"] ??= token;
  }
  write(command("group", {}, `pullbeat ${job}`));
  // Twice is better: what is printed is inert, and the runner is told to obey nothing of it.
  const resume = randomUUID();
  write(command("stop-commands", {}, resume));
  const told = await runJob(openShell(options, terminal), given)
    .then((said) => {
      for (const line of said.lines) terminal.out(line);
      return said;
    })
    .finally(() => {
      write(`::${resume}::`);
      write(command("endgroup", {}, ""));
    });
  for (const line of told.annotations) write(line);
  await tell(env["GITHUB_STEP_SUMMARY"], told.summary);
  await tell(
    env["GITHUB_OUTPUT"],
    Object.entries(told.outputs)
      .map(([k, v]) => output(k, v))
      .join(""),
  );
  return 0;
}

process.exitCode = await main().catch((thrown: unknown) => {
  write(annotation("error", "pullbeat", thrown instanceof Error ? thrown.message : String(thrown)));
  return report(thrown, terminal, { json: false, command: "pullbeat" });
});
