import { z } from "zod";
import type { ActionsFacts } from "../../domain/doctor/facts.ts";
import { Fault } from "../../domain/fault.ts";
import type { Client } from "./client.ts";
import { orNone, told } from "./told.ts";

const EnabledJson = z.object({ enabled: z.boolean() });
const StateJson = z.object({ state: z.string() });
const RunsJson = z.object({
  workflow_runs: z.array(z.object({ id: z.int(), conclusion: z.string().nullable() })),
});
const Names = z.array(z.object({ name: z.string() }));
const SecretsJson = z.object({ total_count: z.int(), secrets: Names });
const VariablesJson = z.object({ total_count: z.int(), variables: Names });
const RulesetsJson = z.object({ id: z.int(), target: z.string().optional(), enforcement: z.string() });
const RulesetJson = z.object({
  conditions: z
    .object({ ref_name: z.object({ include: z.array(z.string()).default([]) }).optional() })
    .nullish(),
  rules: z.array(z.object({ type: z.string() })).default([]),
});

const WORKFLOW = "/actions/workflows/pullbeat.yml";

/** Settings of Actions, as far as the token may see them. Values of secrets nobody can ask for. */
export const readActions = async (client: Client, { own }: { own: boolean }): Promise<ActionsFacts> => ({
  enabled: await told(
    async () =>
      (await client.read("/actions/permissions", "see whether Actions are on", EnabledJson)).enabled,
  ),
  workflow: await told(() => orNone(() => workflowOf(client), null)),
  secrets: await told(async () => [
    ...(await secretsAt(client, "/actions/secrets")),
    ...(await orNone(() => secretsAt(client, "/actions/organization-secrets"), [])),
  ]),
  variables: await told(async () => [
    ...(await variablesAt(client, "/actions/variables")),
    ...(await orNone(() => variablesAt(client, "/actions/organization-variables"), [])),
  ]),
  tags: own ? await told(() => areTagsHeld(client)) : null,
});

async function workflowOf(
  client: Client,
): Promise<{ state: string; last: { id: number; ended: string } | null }> {
  const what = "see the workflow pullbeat.yml";
  const { state } = await client.read(WORKFLOW, what, StateJson);
  const { workflow_runs: runs } = await client.read(
    `${WORKFLOW}/runs?status=completed&per_page=1`,
    what,
    RunsJson,
  );
  const [last] = runs;
  return { state, last: last === undefined ? null : { id: last.id, ended: last.conclusion ?? "unknown" } };
}

/** More than one page of names is more than anybody has; what is beyond it is not said to be missing. */
function whole(found: readonly { name: string }[], total: number, what: string): string[] {
  if (found.length >= total) return found.map(({ name }) => name);
  throw new Fault("remote", `GitHub lists ${what} on several pages, and only the first was read`);
}

async function secretsAt(client: Client, path: string): Promise<string[]> {
  const said = await client.read(`${path}?per_page=100`, "see the names of the secrets", SecretsJson);
  return whole(said.secrets, said.total_count, "the secrets");
}

async function variablesAt(client: Client, path: string): Promise<string[]> {
  const said = await client.read(`${path}?per_page=30`, "see the names of the variables", VariablesJson);
  return whole(said.variables, said.total_count, "the variables");
}

const RELEASES = /^(?:~ALL|refs\/tags\/(?:v\*|v\*\*|\*|\*\*\/\*))$/;

/** Whoever could move a release's tag could push to every repository whose workflows name it. */
async function areTagsHeld(client: Client): Promise<boolean> {
  const what = "see the rules of tags";
  const all = await client.all({ path: "/rulesets", what, item: RulesetsJson });
  for (const { id } of all.filter((r) => r.target === "tag" && r.enforcement === "active")) {
    const { conditions, rules } = await client.read(`/rulesets/${id}`, what, RulesetJson);
    const types = rules.map((r) => r.type);
    const covers = conditions?.ref_name?.include.some((pattern) => RELEASES.test(pattern)) === true;
    if (covers && types.includes("update") && types.includes("deletion")) return true;
  }
  return false;
}
