import { Config } from "../domain/config.ts";
import { withReassigned } from "../domain/control/stop.ts";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import { VERSION } from "../domain/version.ts";
import { read } from "../flow/read.ts";
import type { Shell } from "./shell.ts";

/** What the remote knows; or, where it cannot be read, why. `look`: without the bodies of files. */
export async function readRemote(
  shell: Shell,
  how?: { look: boolean },
): Promise<{ snapshot: Snapshot } | { warning: string }> {
  try {
    return { snapshot: await read(await shell.open(how)) };
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !["git", "remote", "config"].includes(thrown.code)) throw thrown;
    return { warning: thrown.message };
  }
}

/** The work tree's fleet with its own config where that can be read, and each task with whom a person gave it to. */
export const fleetHere = (
  written: Omit<Fleet, "config"> & { config: Config | null },
  there: Snapshot,
): Fleet =>
  withReassigned({ ...written, config: written.config ?? there.fleet.config }, there.journal, there.now);

/** A world of which nothing is known. */
export const nothing = (now: Date): Snapshot => ({
  now,
  chain: 0,
  pullbeat: VERSION,
  branch: "",
  base: Sha.parse("0".repeat(40)),
  fleet: {
    config: Config.parse({ version: 1 }),
    agents: new Map(),
    tasks: new Map(),
    archived: new Map(),
    directives: [],
    effects: [],
    entries: [],
    findings: [],
  },
  journal: {
    head: null,
    records: [],
    controls: [],
    merges: [],
    digest: null,
    hearings: [],
    calibrations: [],
    lastPull: 0,
    from: now,
    findings: [],
  },
  claims: [],
  branches: [],
  pulls: [],
  changes: new Map(),
  effects: new Map(),
  fences: new Map(),
  unable: new Map(),
  since: new Map(),
  newest: new Map(),
});
