import type { GithubConfig } from "../domain/config.ts";
import type { GithubFacts, Ground } from "../domain/doctor/facts.ts";
import type { Repository } from "../domain/repository.ts";
import type { Clock } from "./clock.ts";
import type { Engine, Tree } from "./engine.ts";
import type { Config } from "../domain/config.ts";
import type { AgentFile } from "../domain/spec.ts";
import type { Records } from "./records.ts";
import type { Repo } from "./repo.ts";

/** Whose settings are looked at. `actions`: the tick's workflow is there, and whether it takes pullbeat from this very repository. */
export interface Place {
  config: GithubConfig;
  repository: Repository;
  branch: string;
  actions: { own: boolean } | null;
}

/** What the doctor may look at. Nothing of it changes anything, but for what git fetches. */
export interface Checkup {
  clock: Clock;
  /** pullbeat's version. */
  version: string;
  /** A `Fault` where there is no repository, or no git. */
  ground(): Promise<Ground>;
  open(): Promise<{ repo: Repo; records: Records }>;
  engine(agent: AgentFile, config: Config, tip: Tree): Engine;
  /** The schema files that this pullbeat would write, by path. */
  schemas(): Promise<ReadonlyMap<string, string>>;
  /** What GitHub tells of a repository's settings; what it does not tell is a value, too. */
  github(where: Place): Promise<GithubFacts>;
}
