import { relative as pathFrom, resolve } from "node:path";
import { boardView } from "../domain/board/board.ts";
import type { Login } from "../domain/id.ts";
import { pullRows } from "../flow/pulls.ts";
import { read } from "../flow/read.ts";
import type { BeatRow } from "../flow/report.ts";
import { settle } from "../flow/settle/settle.ts";
import { tick } from "../flow/tick.ts";
import type { World } from "../flow/world.ts";
import { closing, opening, openTale, type Tale } from "./demo-words.ts";
import type { ExitCode } from "./exit.ts";
import { openLive } from "./live.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** The scripts name files by this day. */
const DAY = "2026-11-23";

/** Hours (UTC) of the ticks that the demo lives through. */
const HOURS = [6, 7, 8, 9, 12, 18];

/** What the clock of the sandbox's launcher says afterwards. */
const EVENING = "18:30";

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
  tale: Tale;
}

/** `pullbeat demo`: one day of the fleet in a sandbox with a bare remote of its own. Exit code 1 when a beat failed. */
export async function demo(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { openSandbox, startCommand, writeLauncher } = await import("../wire.ts");
  const to = resolve(shell.dir, options.to ?? ".demo");
  const date = shell.now?.toISOString().slice(0, 10) ?? DAY;
  const { clone, person, key, hasKey } = await openSandbox({
    from: shell.dir,
    to,
    at: new Date(`${date}T05:50:00Z`),
  });
  const scripts = hasKey ? undefined : SCRIPTS;
  const launcher = `${to}/pullbeat`;
  const env = {
    PULLBEAT_NOW: `${date}T${EVENING}:00Z`,
    ...(scripts === undefined ? {} : { PULLBEAT_SCRIPTS: scripts }),
  };
  await writeLauncher(launcher, { command: startCommand(), clone, env });
  const { terminal } = shell;
  const say = (line: string): void => (shell.json ? undefined : terminal.out(line));
  for (const line of opening({ date, to: here(to), key, scripts }, terminal)) say(line);
  const day: Day = { shell, date, clone, scripts, person, tale: openTale(say, terminal) };
  const beats: BeatRow[] = [];
  for (const hour of HOURS) beats.push(...(await liveHour(day, hour)));
  day.tale.end();
  const snapshot = await read(await worldAt(day, EVENING));
  const [tasks, pulls] = [boardView(snapshot), pullRows(snapshot)];
  show(shell, { date, sandbox: to, beats, tasks, pulls }, () =>
    closing({ tasks, pulls, command: here(launcher).replace(/^(?![./])/, "./") }, terminal),
  );
  return beats.some((b) => b.outcome === "failed") ? 1 : 0;
}

/** A path as one types it in the folder where one stands. */
const here = (path: string): string => pathFrom(process.cwd(), path);

async function worldAt({ shell, date, clone, scripts, tale }: Day, time: string): Promise<World> {
  const { openWorld } = await import("../wire.ts");
  const live = openLive(shell.terminal);
  const watch: World["watch"] = (happening) => {
    live(happening);
    if (happening.kind === "heard") tale.heard(happening.pull, happening.verdict);
  };
  const now = new Date(`${date}T${time}:00Z`);
  return openWorld({ dir: clone, now, watch, ...(scripts === undefined ? {} : { scripts }) });
}

/** A tick on the hour; then the person's part, as far as the demo plays it, and the ticks that it starts. */
async function liveHour(day: Day, hour: number): Promise<BeatRow[]> {
  const all: BeatRow[] = [];
  const at = (minute: number): string => [hour, minute].map((n) => String(n).padStart(2, "0")).join(":");
  for (let minute = 0; minute < 50; minute += 10) {
    day.shell.terminal.progress(at(minute));
    const { beats, digest } = await tick(await worldAt(day, at(minute)));
    all.push(...beats.filter((b) => b.slot !== null));
    day.tale.beats(at(minute), beats);
    if (digest !== null) day.tale.digest(at(minute), digest);
    const hasPlayed = beats.some((b) => PLAYED.has(b.agent) && b.attempts.some((a) => a.pull !== null));
    if (!hasPlayed || !(await playPerson(day, at(minute + 5)))) break;
  }
  return all;
}

/** Merges what the demo plays the person for; true when something was merged. */
async function playPerson(day: Day, time: string): Promise<boolean> {
  const world = await worldAt(day, time);
  const snapshot = await read(world);
  const mine = pullRows(snapshot).filter((p) => p.state === "waiting" && PLAYED.has(p.agent ?? ""));
  for (const { number } of mine)
    await world.forge.review(number, day.person, { verdict: "approve", body: "", at: snapshot.now });
  const merged = mine.length === 0 ? [] : (await settle(world)).merged;
  for (const { pull } of merged) day.tale.merged(time, pull);
  return merged.length > 0;
}
