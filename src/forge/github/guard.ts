import { z } from "zod";
import type { Bypass, Guard } from "../../domain/doctor/facts.ts";
import { Fault } from "../../domain/fault.ts";
import type { Client } from "./client.ts";
import { Refusal } from "./refusal.ts";
import { told } from "./told.ts";

const BranchJson = z.object({ protected: z.boolean() });
const RuleJson = z.object({
  type: z.string(),
  parameters: z.unknown().optional(),
  ruleset_id: z.int().optional(),
});
const BypassJson = z.object({
  bypass_actors: z
    .array(
      z.object({
        actor_type: z.string(),
        actor_id: z.int().nullish(),
        bypass_mode: z.string().default("always"),
      }),
    )
    .optional(),
});
const PullRuleJson = z.object({
  allowed_merge_methods: z.array(z.string()).optional(),
  dismiss_stale_reviews_on_push: z.boolean(),
  required_approving_review_count: z.int(),
});
const CheckRuleJson = z.object({
  required_status_checks: z.array(z.object({ context: z.string(), integration_id: z.int().nullish() })),
});
const ProtectionJson = z.object({
  required_pull_request_reviews: z
    .object({ dismiss_stale_reviews: z.boolean(), required_approving_review_count: z.int().default(0) })
    .optional(),
  required_status_checks: z
    .object({ checks: z.array(z.object({ context: z.string(), app_id: z.int().nullable() })) })
    .optional(),
  required_linear_history: z.object({ enabled: z.boolean() }).optional(),
});

/** Rules of rulesets and of branch protection together; null where the plan has neither. */
export async function guardOf(client: Client, branch: string): Promise<Guard | null> {
  const what = `see the rules of ${branch}`;
  const name = encodeURIComponent(branch);
  try {
    const rules = await client.all({ path: `/rules/branches/${name}`, what, item: RuleJson });
    const { protected: isProtected } = await client.read(`/branches/${name}`, what, BranchJson);
    const classic = isProtected ? await protectionOf(client, name) : NONE;
    if (rules.length === 0 && !isProtected && !(await hasRulesets(client))) return null;
    const bypass = await bypassOf(client, rules);
    return { ...joined([...rules.map(asGuard), classic]), bypass };
  } catch (error) {
    if (isUnpaid(error)) return null;
    throw error;
  }
}

/** Who may push past the rulesets; null where one of them does not say so to this token. */
async function bypassOf(
  client: Client,
  rules: readonly z.infer<typeof RuleJson>[],
): Promise<Guard["bypass"]> {
  const ids = new Set(rules.flatMap((r) => (r.ruleset_id === undefined ? [] : [r.ruleset_id])));
  const found: Bypass[] = [];
  for (const id of ids) {
    const said = await told(() =>
      client.read(`/rulesets/${id}`, "see who may push past the rules", BypassJson),
    );
    if ("untold" in said || said.value.bypass_actors === undefined) return null;
    for (const { actor_type: kind, actor_id: actor, bypass_mode: mode } of said.value.bypass_actors)
      found.push({ kind, id: actor ?? null, byPull: mode === "pull_request" });
  }
  return found;
}

/** GitHub sells rules for private repositories, and says so. */
const isUnpaid = (error: unknown): boolean =>
  error instanceof Refusal && error.status === 403 && /upgrade to github/i.test(error.words);

/** False where the plan has none. That there are no rules yet does not tell whether there could be any. */
async function hasRulesets(client: Client): Promise<boolean> {
  try {
    await client.all({ path: "/rulesets", what: "see the rulesets", item: z.unknown() });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return !isUnpaid(error);
    throw error;
  }
}

const NONE: Guard = { pulls: null, checks: [], linear: false, queue: false, bypass: [], hidden: null };

function asGuard({ type, parameters }: z.infer<typeof RuleJson>): Guard {
  switch (type) {
    case "pull_request": {
      const rule = known(PullRuleJson, parameters);
      const methods = rule.allowed_merge_methods ?? null;
      const { required_approving_review_count: approvals, dismiss_stale_reviews_on_push: dismissStale } =
        rule;
      return { ...NONE, pulls: { approvals, dismissStale, methods } };
    }
    case "required_status_checks": {
      const { required_status_checks: checks } = known(CheckRuleJson, parameters);
      const named = checks.map(({ context, integration_id: app }) => ({ context, app: app ?? null }));
      return { ...NONE, checks: named };
    }
    case "required_linear_history":
      return { ...NONE, linear: true };
    case "merge_queue":
      return { ...NONE, queue: true };
    default:
      return NONE;
  }
}

/** A rule that has another shape than expected may forbid anything. */
function known<T>(schema: z.ZodType<T>, parameters: unknown): T {
  const read = schema.safeParse(parameters);
  if (read.success) return read.data;
  throw new Fault("remote", "GitHub tells of a rule that this pullbeat does not understand", {
    expected: z.prettifyError(read.error),
  });
}

/** Branch protection, which administrators alone may read. */
async function protectionOf(client: Client, name: string): Promise<Guard> {
  try {
    const json = await client.read(
      `/branches/${name}/protection`,
      "see the branch protection",
      ProtectionJson,
    );
    const reviews = json.required_pull_request_reviews;
    return {
      ...NONE,
      pulls:
        reviews === undefined
          ? null
          : {
              approvals: reviews.required_approving_review_count,
              dismissStale: reviews.dismiss_stale_reviews,
              methods: null,
            },
      checks: (json.required_status_checks?.checks ?? []).map(({ context, app_id: app }) => ({
        context,
        // GitHub says -1 for any source.
        app: app === -1 ? null : app,
      })),
      linear: json.required_linear_history?.enabled ?? false,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return /^branch not protected$/i.test(error.words) ? NONE : { ...NONE, hidden: error.message };
  }
}

/** Rules that hold at the same time: the stricter of each. */
function joined(guards: readonly Guard[]): Guard {
  const pulls = guards.flatMap((g) => (g.pulls === null ? [] : [g.pulls]));
  const methods = pulls.flatMap((p) => (p.methods === null ? [] : [p.methods]));
  return {
    pulls:
      pulls.length === 0
        ? null
        : {
            approvals: Math.max(...pulls.map((p) => p.approvals)),
            dismissStale: pulls.some((p) => p.dismissStale),
            methods:
              methods.length === 0
                ? null
                : methods.reduce((some, more) => some.filter((m) => more.includes(m))),
          },
    checks: guards.flatMap((g) => g.checks),
    linear: guards.some((g) => g.linear),
    queue: guards.some((g) => g.queue),
    bypass: [],
    hidden: guards.find((g) => g.hidden !== null)?.hidden ?? null,
  };
}
