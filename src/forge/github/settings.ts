import { z } from "zod";
import type { GithubConfig } from "../../domain/config.ts";
import type { GithubFacts, Identity } from "../../domain/doctor/facts.ts";
import type { Place } from "../../port/checkup.ts";
import type { Clock } from "../../port/clock.ts";
import { apiOf, webOf } from "./address.ts";
import { readActions } from "./actions-settings.ts";
import { clientOf, isAppToken, parsed, wireOf, type Client, type ClientParts } from "./client.ts";
import { guardOf } from "./guard.ts";
import { bucket } from "./limit.ts";
import { told } from "./told.ts";

interface SettingsParts extends Place {
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
  version: string;
}

const RepoJson = z.object({
  private: z.boolean(),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  permissions: z.object({ push: z.boolean() }).optional(),
});
const WorkflowJson = z.object({ can_approve_pull_request_reviews: z.boolean() });

/** A repository's settings as far as the token may see them. Asks, and changes nothing. */
export async function readSettings(parts: SettingsParts): Promise<GithubFacts> {
  const { config, repository, branch, env } = parts;
  const value = env[config.token] ?? "";
  const api = apiOf(config, env);
  const token = { name: config.token, value };
  const asking = { ...parts, api, token, bucket: bucket() };
  const client = clientOf(asking);
  const fullName = `${repository.owner}/${repository.name}`;
  const known = {
    config,
    repository: fullName,
    web: `${webOf(api)}/${fullName}`,
    branch,
    identity: identityOf(config, value),
    reviewer: await reviewerOf(parts, api),
  };
  if (known.identity === "none") return { ...known, ...nothing(`the variable ${token.name} is empty`) };
  const repo = await told(async () => {
    const json = await client.read("", "look at the repository", RepoJson);
    return {
      isPrivate: json.private,
      merges: json.allow_merge_commit ?? null,
      squashes: json.allow_squash_merge ?? null,
      mayPush: json.permissions?.push ?? null,
    };
  });
  if ("untold" in repo) return { ...known, ...nothing(repo.untold), repo };
  const login = await told(() => client.login());
  return {
    ...known,
    repo,
    login,
    scopes: "value" in login ? await client.scopes() : null,
    mayOpenPulls: await told(() => mayOpenPulls(client)),
    guard: await told(() => guardOf(client, branch)),
    app: await appOf(asking, config),
    actions: parts.actions === null ? null : await readActions(client, parts.actions),
  };
}

const AppJson = z.object({ id: z.int() });

/** The number behind an app's account, which rules know it by. */
async function appOf(asking: ClientParts, { account }: GithubConfig): Promise<GithubFacts["app"]> {
  const slug = /^(.+)\[bot\]$/.exec(account)?.[1];
  if (slug === undefined || slug === "github-actions") return null;
  const what = `see the app ${slug}`;
  return told(async () => {
    const { data } = await wireOf(asking)(`GET /apps/${encodeURIComponent(slug)}`, {}, what);
    return parsed(AppJson, data, what).id;
  });
}

/** Whose token the second identity's is. */
async function reviewerOf(parts: SettingsParts, api: string): Promise<GithubFacts["reviewer"]> {
  const { config, env } = parts;
  if (config.reviewer === undefined) return null;
  const { token: name } = config.reviewer;
  const value = env[name] ?? "";
  const client = clientOf({ ...parts, api, token: { name, value }, bucket: bucket() });
  return value === "" ? null : told(() => client.login());
}

function identityOf({ account }: GithubConfig, token: string): Identity {
  if (token === "") return "none";
  if (!isAppToken(token)) return "person";
  return account === "github-actions[bot]" ? "actions" : "app";
}

/** Where the repository itself cannot be seen, nothing else is asked. */
function nothing(
  why: string,
): Pick<GithubFacts, "login" | "scopes" | "repo" | "mayOpenPulls" | "guard" | "app" | "actions"> {
  const none = { untold: why, status: null };
  return { login: none, scopes: null, repo: none, mayOpenPulls: none, guard: none, app: null, actions: null };
}

const mayOpenPulls = async (client: Client): Promise<boolean> =>
  (
    await client.read(
      "/actions/permissions/workflow",
      "see whether Actions may open pull requests",
      WorkflowJson,
    )
  ).can_approve_pull_request_reviews;
