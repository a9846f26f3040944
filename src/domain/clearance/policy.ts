import { z } from "zod";
import { EffectGlob } from "../board/effect.ts";
import { Glob } from "../glob.ts";
import { AgentName } from "../id.ts";

/** How much approval a change needs, from the least to the most. */
const TIERS = ["routine", "reviewed", "human", "dual", "never"] as const;
export const Tier = z.enum(TIERS);
export type Tier = z.infer<typeof Tier>;

/** True when the first asks for more than the second. */
export const isAbove = (a: Tier, b: Tier): boolean => TIERS.indexOf(a) > TIERS.indexOf(b);
export const highest = (tiers: readonly Tier[]): Tier => tiers.reduce((a, b) => (isAbove(b, a) ? b : a));
export const lowest = (tiers: readonly Tier[]): Tier => tiers.reduce((a, b) => (isAbove(a, b) ? b : a));
/** The tiers up to one, that one included: what each of them asks for, it asks for too. */
const upTo = (tier: Tier): Tier[] => TIERS.filter((t) => !isAbove(t, tier));

const count = z.int().positive();

/** The name of a gate, built in or declared under `gates:`. */
export const GateName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "expected a lower-case name with hyphens")
  .max(40);

/** The name of a rule of the policy; it stands in merges. */
const RuleId = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "expected a lower-case id with hyphens")
  .max(40);

/** A task's kind, or a pattern of kinds. */
export const KindGlob = z
  .string()
  .regex(/^[a-z*][a-z0-9*-]*$/, "expected a task's kind, or a pattern such as draft-*")
  .max(60);

/** A way in with less approval than the default, for changes that are all of this. */
const Grant = z.strictObject({
  id: RuleId,
  kind: z.array(KindGlob).min(1).describe("Kinds of tasks. A task without a kind is never meant."),
  only_paths: z
    .array(Glob)
    .min(1)
    .describe("Every path of the change is one of these, or the task's own file."),
  effect: z
    .array(EffectGlob)
    .min(1)
    .exactOptional()
    .describe("Effects that it covers besides, one in a change. Paths never cover an effect."),
  agent: z.array(AgentName).min(1).exactOptional().describe("Only these agents; without it, all."),
  tier: Tier.extract(["routine", "reviewed", "human"]),
  per_day: count.describe("Merges of one agent in one calendar day; what comes after waits for a person."),
});
export type Grant = z.infer<typeof Grant>;

/** Odd things that a change can do to a path. */
const Oddity = z.enum(["symlink", "submodule", "mode", "delete"]);
export type Oddity = z.infer<typeof Oddity>;

/** A change for which all of this is so needs at least this tier. Nothing undoes it. */
const Raise = z
  .strictObject({
    id: RuleId,
    kind: z.array(KindGlob).min(1).exactOptional(),
    agent: z.array(AgentName).min(1).exactOptional(),
    any_path: z.array(Glob).min(1).exactOptional().describe("At least one changed path is one of these."),
    effect: z.array(EffectGlob).min(1).exactOptional().describe("It proposes one of these effects."),
    change: z.array(Oddity).min(1).exactOptional(),
    files_over: count.exactOptional().describe("More files than this are changed."),
    result: z
      .array(z.enum(["pass", "fail"]))
      .min(1)
      .exactOptional()
      .describe("What its doer says of the work. It may only lift."),
    tier: Tier.extract(["reviewed", "human", "dual", "never"]),
  })
  .refine(
    ({ id: _id, tier: _tier, ...when }) => Object.keys(when).length > 0,
    "expected at least one condition: kind, agent, any_path, effect, change, files_over or result",
  );
export type Raise = z.infer<typeof Raise>;

const TierGates = z.strictObject({ gates: z.array(GateName).default([]) }).prefault({});

/** Who must say yes to what. Read from the tip, never from a proposal. */
export const Policy = z
  .strictObject({
    default: Tier.extract(["human", "dual", "never"])
      .default("human")
      .describe("What a change needs for which no grant speaks."),
    tiers: z
      .strictObject({ routine: TierGates, reviewed: TierGates, human: TierGates, dual: TierGates })
      .prefault({})
      .describe("Gates that a tier and those above it ask for, besides those that always judge."),
    grant: z.array(Grant).default([]).describe("Each lowers what a narrow kind of change needs."),
    raise: z.array(Raise).default([]).describe("Each lifts; of several, the highest counts."),
  })
  .superRefine(({ grant, raise }, context) => {
    const ids = [...grant, ...raise].map((rule) => rule.id);
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    if (twice !== undefined)
      context.addIssue(`two rules are called ${twice}; a merge names rules by their id`);
  });
export type Policy = z.infer<typeof Policy>;

/** The gates that a tier asks for besides those that always judge; those of the tiers below included. */
export const gatesOfTier = ({ tiers }: Policy, tier: Tier): string[] => [
  ...new Set(upTo(tier).flatMap((t) => (t === "never" ? [] : tiers[t].gates))),
];
