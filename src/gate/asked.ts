import { ALWAYS_ON, BUILT_IN, type GateSettings } from "../domain/verdict/gates.ts";
import { nearest } from "../domain/text/near.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import { effects } from "./effects.ts";
import { evidence } from "./evidence.ts";
import { inconclusive, type Gate } from "./gate.ts";
import { ALWAYS } from "./index.ts";
import { schemaGate, type SchemaParts } from "./schema.ts";

/** Gates that config, policy and spec ask for, and what they need to know. */
export interface Asked {
  names: readonly string[];
  /** The gates that the config declares. */
  declared: Readonly<Record<string, GateSettings>>;
  /** Texts of schemas at the tip, by path. */
  schemas: ReadonlyMap<string, string>;
  front: SchemaParts["front"];
  /** Verdicts of gates that judge elsewhere, by name. A name that is missing has not judged yet. */
  outside: ReadonlyMap<string, GateVerdict>;
}

/** Those that always judge, then those that are asked for. A name that nobody knows is no pass. */
export const gatesFor = (asked: Asked): Gate[] => [
  ...ALWAYS,
  ...asked.names.filter((name) => !ALWAYS_ON.some((a) => a === name)).map((name) => gateNamed(name, asked)),
];

function gateNamed(name: string, { declared, schemas, front, outside }: Asked): Gate {
  const own = [evidence, effects].find((gate) => gate.id === name);
  if (own !== undefined) return own;
  const settings = Object.hasOwn(declared, name) ? declared[name] : undefined;
  switch (settings?.kind) {
    case undefined:
      return unknownGate(name, Object.keys(declared));
    case "schema":
      return schemaGate(name, { settings, text: schemas.get(settings.schema) ?? null, front });
    case "command":
    case "grader":
    case "checks":
      return {
        id: name,
        judge: () => {
          const verdict = outside.get(name);
          return verdict === undefined
            ? inconclusive(name, "it has not judged yet")
            : { ...verdict, gate: name };
        },
      };
    default:
      return settings satisfies never;
  }
}

function unknownGate(name: string, names: readonly string[]): Gate {
  const near = nearest(name, [...BUILT_IN, ...names]);
  const meant = near === null ? "" : `; did you mean ${near}?`;
  return { id: name, judge: () => inconclusive(name, `there is no gate ${name}${meant}`) };
}
