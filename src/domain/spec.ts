import { z } from "zod";
import { EffectGlob } from "./board/effect.ts";
import type { Locate } from "./finding.ts";
import { Glob } from "./glob.ts";
import { Rubric } from "./grading/rubric.ts";
import { AgentName } from "./id.ts";
import { Produce, type Product } from "./product/product.ts";
import { Schedule, Timezone } from "./time/schedule.ts";

/** The tools that exist, by name; a spec lists those its agent may have. */
export const ToolName = z.enum([
  "read",
  "list",
  "search",
  "query",
  "write",
  "edit",
  "create_task",
  "note",
  "escalate",
  "finish",
]);
export type ToolName = z.infer<typeof ToolName>;

const positive = z.number().positive();
const count = z.int().positive();

/** Limits of one attempt. A limit that is reached ends the attempt as failed; nothing is published. */
const AttemptBudget = z.strictObject({
  steps: count.default(30).describe("Model calls."),
  tokens: count.default(60_000).describe("Tokens in and out, all calls together."),
  usd: positive
    .default(0.4)
    .describe(
      "US dollars. Cannot be kept for a model without a known price: then tokens bind alone, and the record says so. Of a program or a script none are counted.",
    ),
  minutes: positive.default(10).describe("Wall-clock minutes."),
  tasks: z.int().nonnegative().default(3).describe("New tasks that one attempt may propose."),
});

const Budget = z.strictObject({
  attempt: AttemptBudget.prefault({}),
  beat: z
    .strictObject({ tasks: count.default(3) })
    .prefault({})
    .describe("`tasks`: how many tasks one beat works on."),
  day: z
    .strictObject({ beats: count.default(8), usd: positive.default(2) })
    .prefault({})
    .describe("Per calendar day in the spec's time zone."),
});

/** Which engine works the attempts, and what it needs to know. */
export const Engine = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("openai"),
    model: z
      .string()
      .min(1)
      .exactOptional()
      .describe("The model's name at the endpoint; without it the config's `engines.openai.model`."),
    temperature: z.number().min(0).max(2).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("command"),
    run: z
      .array(z.string().min(1))
      .min(1)
      .describe("Program and arguments; run without a shell, in a private work tree of `reads` and `files`."),
    files: z
      .array(Glob)
      .default([])
      .describe("Files that the program needs besides `reads` (its own source, say)."),
    env: z
      .array(z.string().regex(/^[A-Z_][A-Z0-9_]*$/))
      .default([])
      .describe("Names of environment variables that are passed through; nothing else is."),
  }),
  z.strictObject({
    kind: z.literal("scripted"),
    script: z
      .string()
      .min(1)
      .describe(
        "A file of model replies at the tip, JSON Lines. For demos and tests; labelled wherever results are shown.",
      ),
  }),
]);
export type Engine = z.infer<typeof Engine>;

/** `30m`, `26h`, `7d`. */
const Age = z.string().regex(/^[1-9]\d{0,3}[mhd]$/, "expected an age such as 30m, 26h or 7d");

const Read = z.union([Glob, z.strictObject({ path: Glob, max_age: Age.exactOptional() })]);

/** How a `never` rule is held: by a deterministic machine, by a reviewer who is told, or by nothing. */
const Enforce = z.enum(["paths", "size", "secrets", "record", "references", "evidence", "effects", "review"]);

const Never = z.union([
  z.string().min(1),
  z.strictObject({ rule: z.string().min(1), enforce: Enforce.exactOptional() }),
]);

/** Places whose numbers count in percent, each with that unit. */
const Units = z.record(z.string(), z.literal("percent")).superRefine((units, context) => {
  for (const place of Object.keys(units)) {
    const isPlace = /^[^#]+#.+$/.test(place) && Glob.safeParse(place.split("#", 1)[0]).success;
    const message = "expected such as data/ads.json#/campaigns/0/ctr or data/ads.csv#rate, with * for any";
    if (!isPlace) context.addIssue({ code: "custom", path: [place], message });
  }
});

const Evidence = z.strictObject({
  mode: z
    .enum(["strict", "linked", "off"])
    .default("off")
    .describe(
      "`linked`: every link whose target is a place in a file must hold. `strict`: and no number stands in prose without one.",
    ),
  identity: z
    .enum(["on", "off"])
    .default("on")
    .describe(
      "The record that a number belongs to must be named beside it; `off` where records have no names.",
    ),
  keys: z
    .array(z.string().min(1))
    .default([])
    .describe("Fields besides `id`, `name` and `slug` that tell records apart, such as `date`."),
  units: Units.default({}).describe(
    "Places (`path#pointer` or `path#column`) whose numbers count in percent: there 2.3 is 2.3%.",
  ),
});

const Escalation = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, "expected a lower-case id with hyphens"),
  when: z.string().min(1).describe("The condition, in words."),
  max: z
    .string()
    .regex(/^[1-9]\d*\/(?:day|week)$/, "expected such as 2/week")
    .exactOptional(),
});

/** The front matter of `agents/<name>.md`: what is enforced. The body below it is what is taught. */
export const Spec = z.strictObject({
  name: AgentName.describe("The file's name, without `.md`."),
  title: z.string().min(1).max(120).exactOptional(),
  description: z.string().min(1).max(400).describe("What it is for, in one sentence."),
  reports_to: AgentName.exactOptional(),
  status: z.enum(["active", "paused", "retired"]).default("active").describe("Only an active agent works."),
  schedule: Schedule.default("on-demand"),
  timezone: Timezone.exactOptional(),
  wakes: z
    .array(z.enum(["slot", "ready"]))
    .default(["slot", "ready"])
    .describe("Besides its slots, an agent is due when a task of its own is ready or has changes requested."),
  engine: Engine,
  reads: z
    .array(Read)
    .default([])
    .describe("What it may see. The board, directives and its own products are always among them."),
  produces: z
    .array(Produce)
    .default([])
    .describe("The only paths that it may change, besides its task's own file."),
  effects: z
    .array(EffectGlob)
    .default([])
    .describe("Effects of the config, by name or pattern, that it may propose below board/effects/."),
  tools: z
    .array(ToolName)
    .default([...ToolName.options])
    .describe("The tools that it may use."),
  gates: z.array(z.string().min(1)).default([]).describe("Gates besides those that the config requires."),
  escalates: z.array(Escalation).default([]).describe("The conditions under which it may ask a person."),
  evidence: Evidence.prefault({}).describe("How what it states is held against the files that it links to."),
  never: z.array(Never).default([]).describe("What it must not do, and what holds it to that."),
  grades: Rubric.exactOptional().describe("It makes the agent a grader: by this it judges others' work."),
  budget: Budget.prefault({}),
});
export type Spec = z.infer<typeof Spec>;

/** A spec as it stands in a tree. `blob` names the version that was in force. */
export interface AgentFile {
  spec: Spec;
  body: string;
  path: string;
  blob: string;
  /** For findings about one of its keys. */
  at: Locate;
}

/** How far an agent's statements are held to their sources. A spec that names the gate asks for it. */
export const evidenceMode = ({ evidence, gates }: Spec): Spec["evidence"]["mode"] =>
  evidence.mode === "off" && gates.includes("evidence") ? "linked" : evidence.mode;

export const productsOf = (spec: Spec): Product[] =>
  spec.produces.map((p) => (typeof p === "string" ? { path: p, mode: "write" } : p));

/** Every glob that an agent may see: the board, directives, its own products, and what it asks for. */
export const sightOf = (spec: Spec): string[] => [
  "board/**",
  ...spec.reads.map((r) => (typeof r === "string" ? r : r.path)),
  ...productsOf(spec).map((p) => p.path),
];
