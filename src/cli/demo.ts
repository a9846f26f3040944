import { relative as pathFrom, resolve } from "node:path";
import { boardView } from "../domain/board.ts";
import { Login } from "../domain/id.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { pullRows, type PullRow } from "../flow/pulls.ts";
import { read } from "../flow/read.ts";
import type { AttemptRow, BeatRow } from "../flow/report.ts";
import { settle } from "../flow/settle.ts";
import { tick } from "../flow/tick.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Options, type Shell } from "./shell.ts";
import { dollars, table, type Terminal } from "./terminal.ts";

/** The scripts name files by this day. */
const DAY = "2026-11-23";

/** Hours (UTC) of the ticks that the demo lives through. */
const HOURS = Array.from({ length: 13 }, (_, i) => i + 6);

/** Whose pulls the demo merges in the person's place, so that the day goes on. All others wait for you. */
const PLAYED = new Set(["surveyor", "ceo"]);

/** Where an agent's replies lie when no key is set. */
const SCRIPTS = "fleet/scripts";

interface Day {
  shell: Shell;
  /** `yyyy-mm-dd`. */
  date: string;
  clone: string;
  scripts: string | undefined;
  person: Login;
}

/** `pullbeat demo`: one day of the fleet in a sandbox with a bare remote of its own. */
export async function demo(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { terminal } = shell;
  const { openSandbox, startCommand, writeLauncher } = await import("../wire.ts");
  const to = resolve(shell.dir, options.to ?? ".demo");
  const date = shell.now?.toISOString().slice(0, 10) ?? DAY;
  const sandbox = await openSandbox({ from: shell.dir, to, at: new Date(`${date}T05:50:00Z`) });
  const launcher = `${to}/pullbeat`;
  const scripts = sandbox.hasKey ? undefined : SCRIPTS;
  await writeLauncher(launcher, {
    command: startCommand(),
    clone: sandbox.clone,
    env: {
      PULLBEAT_NOW: `${date}T18:30:00Z`,
      ...(scripts === undefined ? {} : { PULLBEAT_SCRIPTS: scripts }),
    },
  });
  const day: Day = { shell, date, clone: sandbox.clone, scripts, person: sandbox.person };
  if (!shell.json) for (const line of opening(day, to, sandbox.key)) terminal.out(line);
  const beats: BeatRow[] = [];
  for (const hour of HOURS) beats.push(...(await liveHour(day, hour)));
  const world = await worldAt(day, 18, 30);
  const snapshot = await read(world);
  const pulls = pullRows(snapshot);
  const command = pathFrom(process.cwd(), launcher).replace(/^(?!\.)/, "./");
  show(shell, { date, sandbox: to, beats, tasks: boardView(snapshot), pulls }, () =>
    closing(shell, { snapshot, pulls, command }),
  );
  return beats.some((b) => b.outcome === "failed") ? 1 : 0;
}

function opening({ shell, date, scripts }: Day, to: string, key: string): string[] {
  const { bold, dim, yellow } = shell.terminal;
  return [
    bold(`One day of this fleet, ${date}, in a sandbox: ${pathFrom(process.cwd(), to)}`),
    scripts === undefined
      ? dim(`Agents with a model call it, with the key in ${key}.`)
      : yellow(
          `${key} is not set: agents with a model play ${scripts}/. Their results are labelled as scripted.`,
        ),
    dim("Programs do their real work. Times are UTC; nothing outside the sandbox is written."),
    "",
  ];
}

async function worldAt({ shell, date, clone, scripts }: Day, hour: number, minute = 0): Promise<World> {
  const { openWorld } = await import("../wire.ts");
  const two = (n: number): string => String(n).padStart(2, "0");
  const now = new Date(`${date}T${two(hour)}:${two(minute)}:00Z`);
  const watch = (line: string): void => shell.terminal.progress(line);
  return openWorld({ dir: clone, now, watch, ...(scripts === undefined ? {} : { scripts }) });
}

/** A tick on the hour; then the person's part, as far as the demo plays it, and the ticks that it starts. */
async function liveHour(day: Day, hour: number): Promise<BeatRow[]> {
  const all: BeatRow[] = [];
  for (let minute = 0; minute < 50; minute += 10) {
    const world = await worldAt(day, hour, minute);
    const { beats } = await tick(world);
    all.push(...beats.filter((b) => b.slot !== null));
    tell(day, `${hour}:${minute === 0 ? "00" : minute}`.padStart(5, "0"), beats);
    if (!(await playPerson(day, await worldAt(day, hour, minute + 5)))) break;
  }
  return all;
}

/** Merges what the demo plays the person for; true when something was merged. */
async function playPerson({ shell, person }: Day, world: World): Promise<boolean> {
  const snapshot = await read(world);
  const mine = pullRows(snapshot).filter((p) => p.state === "waiting" && PLAYED.has(p.agent ?? ""));
  for (const { number } of mine)
    await world.forge.review(number, person, { verdict: "approve", body: "", at: snapshot.now });
  if (mine.length === 0) return false;
  const { merged } = await settle(world);
  for (const { pull: number } of merged)
    if (!shell.json)
      shell.terminal.out(
        `       ${shell.terminal.cyan("you")} merged pull ${number} (the demo plays you here)`,
      );
  return merged.length > 0;
}

function tell({ shell }: Day, time: string, beats: readonly BeatRow[]): void {
  if (shell.json) return;
  const { terminal } = shell;
  const shown = beats.filter((b) => b.slot !== null);
  if (shown.length === 0) terminal.out(terminal.dim(`${time}  nothing is due: ${beats.length} agents rest`));
  for (const [i, b] of shown.entries()) {
    const reason = b.attempts.length === 0 ? `: ${b.reason}` : "";
    terminal.out(`${i === 0 ? time : "     "}  ${terminal.bold(b.agent)} ${b.outcome}${reason}`);
    for (const a of b.attempts)
      for (const line of attemptLines(a, terminal)) terminal.out(`         ${line}`);
  }
}

function attemptLines(a: AttemptRow, terminal: Terminal): string[] {
  const pull = a.pull === null ? "" : ` ${terminal.bold(`→ pull ${a.pull}`)}`;
  const cost = a.scripted ? "scripted" : a.tokens > 0 ? `${a.tokens} tokens, ${dollars(a.usd)}` : "";
  return [
    ...a.mended.map((line) => terminal.yellow(`told ${line}`)),
    `${a.task} ${a.outcome}${pull} ${terminal.dim(cost)}`,
    `  ${a.reason}`,
  ];
}

function closing(
  { terminal }: Shell,
  { snapshot, pulls, command }: { snapshot: Snapshot; pulls: readonly PullRow[]; command: string },
): string[] {
  const waiting = pulls.filter((p) => p.waiting === "you");
  return [
    "",
    terminal.bold("The board"),
    ...table(
      boardView(snapshot).map((t) => [t.unit, t.state, t.agent, t.title]),
      terminal,
    ),
    "",
    terminal.bold(`Waiting for you: ${waiting.length} pulls`),
    ...table(
      waiting.map((p) => [String(p.number), p.state, p.agent ?? "", p.title]),
      terminal,
    ),
    "",
    terminal.bold("Look, and decide:"),
    ...waiting.flatMap((p) => [
      `  ${command} pull show ${p.number}`,
      p.state === "asked"
        ? `  ${command} pull answer ${p.number} "your answer"`
        : `  ${command} pull merge ${p.number}`,
    ]),
    terminal.dim(`  ${command} board · plan · log · tick --now <iso> work in the same sandbox`),
  ];
}
