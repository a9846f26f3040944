import type { Config } from "../domain/config.ts";
import type { AgentFile } from "../domain/spec.ts";
import type { Clock } from "../port/clock.ts";
import type { Engine, Tree } from "../port/engine.ts";
import type { Forge } from "../port/forge.ts";
import type { Judge } from "../port/program.ts";
import type { Records } from "../port/records.ts";
import type { Repo } from "../port/repo.ts";

/** Everything that the flows reach the outside through. Built in `src/wire.ts`, and by tests. */
export interface World {
  repo: Repo;
  records: Records;
  forge: Forge;
  /** The engine that a spec asks for. `tip` is the tree that programs and scripts are taken from. */
  engine(agent: AgentFile, config: Config, tip: Tree): Engine;
  /** Runs programs of gates. Where it is missing, nothing of the repository is run, and those gates cannot tell. */
  judge?: Judge;
  clock: Clock;
  /** pullbeat's version; it stands in every record. */
  version: string;
  /** Told what happens as it happens, for people who watch. */
  watch: (line: string) => void;
}
