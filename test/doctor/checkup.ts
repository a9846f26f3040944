import { join } from "node:path";
import { workflowFiles } from "../../src/domain/actions/files.ts";
import { actionSource } from "../../src/domain/actions/pins.ts";
import type { Diagnosis } from "../../src/domain/doctor/facts.ts";
import { examine } from "../../src/flow/doctor.ts";
import { readSettings } from "../../src/forge/github/settings.ts";
import type { Checkup } from "../../src/port/checkup.ts";
import { groundAt, shippedSchemas } from "../../src/store/ground.ts";
import { recordsOf } from "../../src/store/records.ts";
import { openRepo } from "../../src/store/repo.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import type { World } from "../world.ts";

type Patient = Pick<World, "clone" | "env" | "clock"> & { flow: Pick<FlowWorld, "engine"> };

/** What the doctor looks at in a world of a test. `env`: more variables; the rest stands in for what the world has. */
export function checkupOf(
  { clone, env, clock, flow }: Patient,
  { env: more = {}, ...instead }: Partial<Omit<Checkup, "env">> & { env?: Record<string, string> } = {},
): Checkup {
  const version = "0.0.0-test";
  return {
    clock,
    version,
    ground: () => groundAt({ dir: clone, env }, process.versions.node),
    async open() {
      const repo = await openRepo({ dir: clone, remote: "origin", env });
      return { repo, records: recordsOf(repo) };
    },
    engine: flow.engine,
    schemas: () => shippedSchemas(join(import.meta.dirname, "../../docs/schema")),
    github: (where) => readSettings({ ...where, clock, env: more, version }),
    ...instead,
  };
}

/** What `pullbeat workflows` would write for the fleet at the tip, committed there. `action`: where pullbeat comes from. */
export async function giveWorkflows(
  { commit, flow, clock }: Pick<World, "commit" | "clock"> & { flow: FlowWorld },
  action = `acme/pullbeat@${"a".repeat(40)} # v0.1.0`,
): Promise<void> {
  const source = actionSource(action);
  if (source === null) throw new Error(`${action} is not pinned`);
  const refs = await flow.repo.fetch();
  const base = refs.get("refs/heads/main");
  if (base === undefined) throw new Error("there is no main");
  const { files } = workflowFiles(await flow.records.fleet(base), source, clock.now());
  await commit(Object.fromEntries(files), "Run on Actions");
}

/** What keeps the exit code from being 0, in order. */
export const amiss = async (checkup: Checkup): Promise<Diagnosis[]> =>
  (await examine(checkup)).filter((f) => f.level !== "note");

export const ids = (findings: readonly Diagnosis[]): string[] => findings.map((f) => `${f.level} ${f.id}`);
