import type { ChecksGate } from "../../domain/verdict/gates.ts";
import { sentence } from "../../domain/fault.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import type { Sha } from "../../domain/id.ts";
import type { GateVerdict } from "../../domain/verdict/verdict.ts";
import { judgeChecks } from "../../gate/checks.ts";
import { inconclusive } from "../../gate/gate.ts";
import type { World } from "../world.ts";

/** What gates that wait for CI say of a head, by name. CI is asked once for all of them, and only where one is asked for. */
export async function checksOn(
  world: World,
  { config }: Pick<Fleet, "config">,
  { head, names }: { head: Sha | null; names: readonly string[] },
): Promise<Map<string, GateVerdict>> {
  const asked = names.flatMap((name): [string, ChecksGate][] => {
    const settings = Object.hasOwn(config.gates, name) ? config.gates[name] : undefined;
    return settings?.kind === "checks" ? [[name, settings]] : [];
  });
  if (asked.length === 0 || head === null) return new Map();
  const { checks } = world.forge;
  if (checks === null) return new Map(asked.map(([name]) => [name, inconclusive(name, NOWHERE)]));
  try {
    const runs = await checks(head);
    return new Map(asked.map(([name, settings]) => [name, judgeChecks(name, settings, { head, runs })]));
  } catch (error) {
    const why = `what CI found could not be read: ${sentence(error)}`;
    return new Map(asked.map(([name]) => [name, inconclusive(name, why)]));
  }
}

const NOWHERE = "pulls in the remote itself have no CI, so nothing tells whether it passes";
