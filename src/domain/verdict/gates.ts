import { z } from "zod";
import { EffectGlob, isEffectPath } from "../board/effect.ts";
import { matchesAny, Glob } from "../glob.ts";
import { AgentName } from "../id.ts";
import { GateName, KindGlob } from "../clearance/policy.ts";
import type { Config } from "../config.ts";

/** Gates that judge every proposal of an agent, whatever anybody says; in the order in which they are told. */
export const ALWAYS_ON = ["paths", "size", "secrets", "record", "references"] as const;

/** Gates that need no entry in the config: those, what a spec can switch on, and what judges proposed effects. */
export const BUILT_IN = [...ALWAYS_ON, "evidence", "effects"] as const;

/** A gate that holds a JSON Schema. */
const SchemaGate = z.strictObject({
  kind: z.literal("schema"),
  files: z.array(Glob).min(1).describe("Changed files that it judges. One that is deleted is not judged."),
  of: z
    .enum(["json", "front"])
    .default("json")
    .describe("What of a file: all of it, as JSON, or its front matter."),
  schema: z.string().min(1).describe("A JSON Schema (2020-12) at the tip, by its path."),
  judges: z
    .literal("diff")
    .default("diff")
    .describe("The files as the proposal leaves them; other files of the tip do not matter to it."),
});
export type SchemaGate = z.infer<typeof SchemaGate>;

/** A gate that runs a program of the tip. */
const CommandGate = z.strictObject({
  kind: z.literal("command"),
  run: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      "Program and arguments, without a shell. Exit code 0 passes, 1 fails, all else could not tell.",
    ),
  files: z
    .array(Glob)
    .default([])
    .describe("The program's own files. They are the tip's, whatever a proposal says."),
  reads: z.array(Glob).min(1).default(["**"]).describe("What of the judged tree it sees."),
  judges: z
    .enum(["diff", "merged"])
    .default("merged")
    .describe(
      "`merged`: what the base branch would become; judged again when that changes. `diff`: the head.",
    ),
  minutes: z.number().positive().max(60).default(5).describe("Then it is stopped, and could not tell."),
});
export type CommandGate = z.infer<typeof CommandGate>;

/** A gate that asks an agent: a grader, whose product is a verdict. */
export const GraderGate = z.strictObject({
  kind: z.literal("grader"),
  grader: AgentName.describe("The agent whose spec says how it grades (`grades`)."),
  other_model: z
    .boolean()
    .default(false)
    .describe("`true`: it never judges what its own model made, for a model is blind to its own mistakes."),
  judges: z
    .literal("diff")
    .default("diff")
    .describe("The change itself. The same change is judged once, however often the base branch moves."),
});
export type GraderGate = z.infer<typeof GraderGate>;

/** A gate that waits for what others found on the head: checks of CI, each pinned to the app that makes it. */
const ChecksGate = z.strictObject({
  kind: z.literal("checks"),
  runs: z
    .array(
      z.strictObject({
        name: z
          .string()
          .min(1)
          .max(200)
          .refine(
            (name) => name !== "pullbeat",
            "pullbeat shows that check itself, so it would wait for itself",
          ),
        app: z
          .union([
            z.int().positive(),
            z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected an app's slug or id"),
          ])
          .describe("The app that makes the check, by slug or id: `github-actions` for what Actions runs."),
      }),
    )
    .min(1)
    .max(20)
    .describe("Check runs that must have succeeded on the head, all of them."),
  judges: z.literal("diff").default("diff").describe("CI of the head, whatever the base branch became."),
});
export type ChecksGate = z.infer<typeof ChecksGate>;

/** A gate of the fleet's own. */
export const GateSettings = z.discriminatedUnion("kind", [SchemaGate, CommandGate, GraderGate, ChecksGate]);
export type GateSettings = z.infer<typeof GateSettings>;

/** Gates that changes of this kind need. Without a condition: all of them. */
export const Requirement = z.strictObject({
  path: z.array(Glob).min(1).exactOptional().describe("At least one changed path is one of these."),
  kind: z.array(KindGlob).min(1).exactOptional().describe("Kinds of tasks."),
  effect: z.array(EffectGlob).min(1).exactOptional().describe("It proposes one of these effects."),
  gates: z.array(GateName).min(1),
});

export const Gates = z.record(GateName, GateSettings).superRefine((gates, context) => {
  const taken = BUILT_IN.find((name) => name in gates);
  if (taken !== undefined) context.addIssue(`${taken} is a gate of pullbeat's own; call yours otherwise`);
});

/** What of a change decides which gates it needs. */
interface Needing {
  taskKind: string | null;
  paths: readonly string[];
  /** Names of the effects that it proposes. Left out where its texts are not at hand: then it may be any. */
  effects?: readonly string[];
  spec: readonly string[];
}

/** Names of gates, besides those that always judge, that the config and an agent's spec ask for. A spec only adds. */
export function requiredGates(
  { require, effects: listed }: Pick<Config, "require" | "effects">,
  { taskKind, paths, spec, effects = Object.keys(listed) }: Needing,
): string[] {
  const acts = paths.some(isEffectPath);
  const asked = require.filter(
    ({ path, kind, effect }) =>
      (path === undefined || paths.some((p) => matchesAny(path, p))) &&
      (kind === undefined || (taskKind !== null && matchesAny(kind, taskKind))) &&
      (effect === undefined || (acts && effects.some((name) => matchesAny(effect, name)))),
  );
  const names = new Set([...(acts ? ["effects"] : []), ...asked.flatMap((r) => r.gates), ...spec]);
  for (const name of ALWAYS_ON) names.delete(name);
  return [...names];
}

/** True for gates that judge elsewhere, at their own time: what they say is a hearing in the journal. */
export const isHeard = (settings: GateSettings | undefined): boolean =>
  settings?.kind === "command" || settings?.kind === "grader";
