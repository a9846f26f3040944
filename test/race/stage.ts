import { execFile } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { makeWorld } from "../world.ts";
import { Written, type Orders } from "./orders.ts";
import { remainsOf, type Remains } from "./remains.ts";
import { sideBySide } from "./side.ts";
import type { Story } from "./stories.ts";

type Kill = NonNullable<Orders["kill"]>;

/** A kill, the hour in which it comes, and who goes on. */
export interface Death {
  hour: number;
  kill: Kill;
  /** The clone is gone as well: another machine goes on. */
  fire: boolean;
}

/** A story that nobody disturbed, ready to be played again with a kill in it. */
export interface Stage {
  written: Written;
  remains: Remains;
  /** Plays it with one kill, then what a schedule does after that; what is left in the end. */
  survive: (death: Death) => Promise<Remains>;
}

const run = promisify(execFile);

const PROGRAM = join(import.meta.dirname, "crasher.ts");

/** Leases are over in less than an hour. */
const clock = (hour: number): string => `2026-11-22T${String(7 + hour).padStart(2, "0")}:00:00Z`;

const copy = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true });

/** Plays a story, and keeps what each of its hours began with. */
export async function stage({ files, hours }: Story): Promise<Stage> {
  const world = await makeWorld({ files, at: "2026-11-21T12:00:00Z" });
  const env = { ...world.env, NODE_COMPILE_CACHE: join(world.dir, "cache") };
  const home = (name: string | number): string => join(world.dir, `home-${name}`);
  const play = async (where: string, orders: Orders): Promise<Written> => {
    const args = [PROGRAM, join(where, "clone"), JSON.stringify(orders)];
    return Written.parse(JSON.parse((await run(process.execPath, args, { env })).stdout));
  };
  // Remote and clone stand side by side, and find each other wherever they are copied to.
  await world.git("config", "remote.origin.url", "../origin.git");
  await copy(world.origin, join(home(0), "origin.git"));
  await copy(world.clone, join(home(0), "clone"));
  const written: Written = [];
  for (let hour = 0; hour < hours; hour++) {
    await copy(home(hour), home(hour + 1));
    written.push(...(await play(home(hour + 1), { hours: [clock(hour)] })));
  }
  const survive = async ({ hour, kill, fire }: Death): Promise<Remains> => {
    const here = home(`${hour}-${kill.when}-${kill.nth}`);
    await copy(home(hour), here);
    const dying = play(here, { hours: [clock(hour)], kill });
    await expect(dying, `hour ${hour}, ${kill.when} ${kill.nth}`).rejects.toMatchObject({
      signal: "SIGKILL",
    });
    if (fire) {
      await rm(join(here, "clone"), { recursive: true });
      await copy(join(home(0), "clone"), join(here, "clone"));
    }
    await play(here, { hours: Array.from({ length: hours - hour }, (_, i) => clock(hour + 1 + i)) });
    const left = await remainsOf(join(here, "origin.git"));
    await rm(here, { recursive: true });
    return left;
  };
  return { written, remains: await remainsOf(join(home(hours), "origin.git")), survive };
}

/** Every kill of a kind that a story can suffer. `fire`: whether the nth one takes the clone with it. */
export function deaths({ written }: Stage, when: Kill["when"], fire: (nth: number) => boolean): Death[] {
  return written.flatMap((calls, hour) =>
    calls
      .filter((call) => when === "after any" || call === "push")
      .map((_, i) => ({ hour, kill: { when, nth: i + 1 }, fire: fire(i + 1) })),
  );
}

/** The deaths after which something else was left than if nobody had died, with what was left. */
export async function haunted(
  { remains, survive }: Stage,
  of: readonly Death[],
): Promise<(Death & { left: Remains })[]> {
  const ends = await sideBySide(of, async (death) => ({ ...death, left: await survive(death) }));
  return ends.filter(({ left }) => JSON.stringify(left) !== JSON.stringify(remains));
}
