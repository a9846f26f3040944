import type { Config } from "../domain/config.ts";
import type { AgentFile } from "../domain/spec.ts";
import type { AgentName, PullNumber, Unit } from "../domain/id.ts";
import type { GateVerdict, Verdict } from "../domain/verdict/verdict.ts";
import type { Clock } from "../port/clock.ts";
import type { Edits, Engine, Step, Tree } from "../port/engine.ts";
import type { Forge } from "../port/forge.ts";
import type { Judge } from "../port/program.ts";
import type { Records } from "../port/records.ts";
import type { Repo } from "../port/repo.ts";

/** What happens, as it happens. Titles and steps hold an agent's own words. */
export type Happening =
  | { kind: "note"; text: string }
  | { kind: "attempt"; agent: AgentName; unit: Unit; title: string }
  | { kind: "step"; agent: AgentName; unit: Unit; step: Step }
  /** What stands now was judged, on the agent's word that it is done. */
  | { kind: "judged"; agent: AgentName; unit: Unit; verdict: Verdict; edits: Edits }
  /** A gate that judges at its own time, a program or a grader, has judged a pull. */
  | { kind: "heard"; pull: PullNumber; verdict: GateVerdict }
  /** A beat's attempts are over; it is published next. */
  | { kind: "ends"; agent: AgentName };

/** What one settle has learnt of the way to the base branch. */
interface Lane {
  /** Rules let nobody push there: the forge is asked at once, and no push is tried again for every pull. */
  isShut: boolean;
}

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
  /** Only while pulls are settled. */
  lane?: Lane;
  /** pullbeat's version; it stands in every record. */
  version: string;
  /** Told what happens as it happens, for people who watch. */
  watch: (happening: Happening) => void;
  /** Ends attempts that are under way, as failed; what never fires may be left out. */
  stop?: AbortSignal;
}

/** What working needs: no forge, and of the repository nothing that asks the remote. */
export type Workshop = Omit<World, "forge">;
