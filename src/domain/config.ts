import { z } from "zod";
import { Effects } from "./board/effect.ts";
import { Gates, Requirement } from "./verdict/gates.ts";
import { Glob } from "./glob.ts";
import { Login } from "./id.ts";
import { Policy } from "./clearance/policy.ts";
import { DigestTime, Timezone } from "./time/schedule.ts";

const count = z.int().positive();

/** A person whose approval counts. */
const Person = z.strictObject({
  login: Login.refine((login) => !login.endsWith("[bot]"), "an app is no person: nothing it says counts"),
  emails: z
    .array(z.email())
    .default([])
    .describe("git e-mail addresses by which the local forge knows them."),
});

/** US dollars for a million tokens. */
export const Price = z.strictObject({
  input: z.number().nonnegative(),
  cached: z
    .number()
    .nonnegative()
    .exactOptional()
    .describe("Input that the provider had cached; without it, cached input costs as much as other input."),
  output: z.number().nonnegative(),
});
export type Price = z.infer<typeof Price>;

const Variable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, "expected the name of an environment variable, not its value");

export const OpenaiConfig = z.strictObject({
  base_url: z
    .url()
    .exactOptional()
    .describe(
      "Any OpenAI-compatible endpoint; without it the environment's OPENAI_BASE_URL, then OpenAI's own.",
    ),
  key: Variable.default("OPENAI_API_KEY").describe(
    "Name of the environment variable that holds the key. The key itself never stands in a file.",
  ),
  model: z.string().min(1).default("gpt-5-mini"),
  prices: z
    .record(z.string(), Price)
    .default({})
    .describe(
      "By model name. A model that is not listed has no known price: tokens are counted, dollars are not.",
    ),
  context: count
    .default(120_000)
    .describe(
      "Tokens that one request may hold. Older answers of tools are shortened to stay below it, and the record says so.",
    ),
  timeout: count.default(120).describe("Seconds that one call may take."),
  retries: z
    .int()
    .nonnegative()
    .default(4)
    .describe("How often a call is tried again after 408, 409, 429, 5xx or a broken connection."),
});
export type OpenaiConfig = z.infer<typeof OpenaiConfig>;

export const GithubConfig = z.strictObject({
  kind: z.literal("github"),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, "expected owner/name")
    .exactOptional()
    .describe("`owner/name`; without it, what the URL of the remote `origin` says."),
  account: Login.default(Login.parse("github-actions[bot]")).describe(
    "The account behind `token`: whose pulls are the fleet's. An app's ends in [bot].",
  ),
  token: Variable.default("GITHUB_TOKEN").describe("Name of the environment variable that holds the token."),
  reviewer: z
    .strictObject({ account: Login, token: Variable })
    .exactOptional()
    .describe(
      "A second identity, whose reviews GitHub counts: it asks for changes where a gate fails, and approves what is about to be merged.",
    ),
  api: z
    .url()
    .exactOptional()
    .describe(
      "Where the REST API answers; without it the environment's GITHUB_API_URL, which Actions sets, then https://api.github.com. GitHub Enterprise Server has its own, `https://host/api/v3`.",
    ),
});
export type GithubConfig = z.infer<typeof GithubConfig>;

/** `.github/pullbeat.yml`. People write it; changes to it are tier dual. */
export const Config = z.strictObject({
  version: z.literal(1),
  forge: z
    .discriminatedUnion("kind", [z.strictObject({ kind: z.literal("local") }), GithubConfig])
    .prefault({ kind: "local" }),
  timezone: Timezone.default("UTC"),
  roster: z.array(Person).default([]),
  fleet: z
    .strictObject({
      name: z.string().min(1).default("pullbeat"),
      email: z.email().default("pullbeat@users.noreply.github.com"),
      accounts: z.array(Login).default([]),
    })
    .prefault({})
    .describe("Accounts of the fleet; nothing they say counts as an approval."),
  engines: z.strictObject({ openai: OpenaiConfig.prefault({}) }).prefault({}),
  size: z
    .strictObject({
      files: count.default(30),
      lines: count.default(3000),
      bytes: count.default(1_000_000),
    })
    .prefault({})
    .describe("Bounds on what one attempt may change; the `size` gate holds them."),
  protect: z.array(Glob).default([]).describe("Paths that no agent writes, besides the built-in ones."),
  digest: z
    .strictObject({ at: DigestTime.default("daily 07:00") })
    .prefault({})
    .describe("The daily inbox, `digest/<date>.md`: pullbeat writes it and merges it by itself."),
  gates: Gates.default({}).describe(
    "Gates of the fleet's own, by name. Those that always judge need no entry.",
  ),
  effects: Effects.default({}).describe(
    "What agents may propose to have done to the outside world. pullbeat takes approval, and carries nothing out yet.",
  ),
  require: z.array(Requirement).default([]).describe("Which changes need which gates; specs add to it."),
  policy: Policy.prefault({}).describe("How much approval which change needs."),
  budgets: z
    .strictObject({
      day: z
        .strictObject({ beats: count.default(200), usd: z.number().positive().default(20) })
        .prefault({})
        .describe("The whole fleet, per calendar day in `timezone`."),
    })
    .prefault({}),
  limits: z
    .strictObject({
      chain: count.default(8).describe("Ticks in a row without a person or a slot."),
      depth: count.default(3).describe("Tasks made by tasks made by …"),
      rounds: count.default(3).describe("Rounds of changes before a task is parked."),
      parallel: count.default(4).describe("Beats worked at the same time in one tick."),
      grace: count.default(5).describe("Minutes that a claim outlives the budget of its beat."),
      attention: count
        .exactOptional()
        .describe("Items that may wait for a person; when so many do, nothing new is begun that needs one."),
      archive: count
        .default(25)
        .describe("Done tasks on the board before pullbeat proposes to archive them."),
    })
    .prefault({}),
  actions: z
    .strictObject({
      jobs: count.max(64).default(4).describe("Jobs at most that models work in at the same time."),
      minutes: count
        .default(10)
        .describe("Expected minutes of work that a job is filled with before there is another."),
      ticks: count.max(24).default(8).describe("Scheduled ticks a day at most."),
    })
    .prefault({})
    .describe("How a tick is cut into jobs on GitHub Actions."),
});
export type Config = z.infer<typeof Config>;
