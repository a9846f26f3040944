import type { Sha } from "./domain/id.ts";
import { VERSION } from "./domain/version.ts";
import { repositoryOf } from "./domain/repository.ts";
import type { Workshop, World } from "./flow/world.ts";
import type { Airlock, Hatch } from "./port/airlock.ts";
import { fetchCommits, openBench } from "./store/bench.ts";
import { hatchIn } from "./store/hatch.ts";
import { recordsOf } from "./store/records.ts";
import { rootOf } from "./store/worktree.ts";
import { chance, clockAt, openWorld, type Opening } from "./wire.ts";
import { engineOf } from "./wire/engines.ts";
import { judgeHere } from "./wire/judges.ts";

/** A token of an app for the repository that Actions runs in. */
export async function mintToken(app: { id: string; key: string }): Promise<{ token: string; until: string }> {
  const [{ installationToken }, { apiOf }] = await Promise.all([
    import("./forge/github/app-token.ts"),
    import("./forge/github/address.ts"),
  ]);
  const { env } = process;
  const repository = repositoryOf(undefined, env["GITHUB_REPOSITORY"] ?? "");
  const clock = clockAt(null);
  return installationToken({ api: apiOf({}, env), repository, app, clock, version: VERSION });
}

/** The work tree that a folder lies in. */
export const rootHatch = async (dir: string): Promise<Hatch> =>
  hatchIn(await rootOf({ dir, env: process.env }));

/** The places that the jobs of a tick work in. */
export interface JobRoom {
  /** With the remote and the right to write to it; so nothing of the repository is run there. */
  open(how?: Pick<Opening, "keyElsewhere">): Promise<{ world: World; airlock: Airlock }>;
  workshop(minutes: number): Promise<{ world: Workshop; airlock: Airlock }>;
  /** Where gates that need no pure judge are heard: no remote, and no right to anything. */
  court(minutes: number): Promise<Workshop>;
  hatch(dir: string): Hatch;
  fetchInto(url: string, commits: readonly Sha[]): Promise<void>;
}

/** Where the jobs of a tick run: with the remote, or with nothing but commits. */
export const jobRoom = (opening: Opening): JobRoom => ({
  async open(how = {}) {
    const { judge: _none, ...world } = await openWorld({ ...opening, ...how });
    return { world, airlock: world.airlock };
  },
  workshop: (minutes) => bench(opening, minutes),
  court: async (minutes) => ({
    ...(await bench(opening, minutes)).world,
    judge: judgeHere({ scripts: opening.scripts, chance }),
  }),
  hatch: hatchIn,
  fetchInto: (url, commits) => fetchCommits(opening.dir, { url, commits, env: process.env }),
});

async function bench(
  { dir, now, scripts, watch }: Opening,
  minutes: number,
): Promise<{ world: Workshop; airlock: Airlock }> {
  const repo = await openBench(dir, process.env);
  const world: Workshop = {
    repo,
    watch,
    clock: clockAt(now),
    records: recordsOf(repo),
    engine: (agent, config, tip) => engineOf({ agent, config, tip, scripts }),
    version: VERSION,
    stop: AbortSignal.timeout(minutes * 60_000),
  };
  return { world, airlock: repo.airlock };
}
