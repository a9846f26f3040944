import { join } from "node:path";
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

/** What keeps the exit code from being 0, in order. */
export const amiss = async (checkup: Checkup): Promise<Diagnosis[]> =>
  (await examine(checkup)).filter((f) => f.level !== "note");

export const ids = (findings: readonly Diagnosis[]): string[] => findings.map((f) => `${f.level} ${f.id}`);
