import { z } from "zod";
import type { GithubConfig } from "../../domain/config.ts";
import type { GithubFacts, Identity, Told } from "../../domain/doctor/facts.ts";
import { Fault } from "../../domain/fault.ts";
import type { Repository } from "../../domain/repository.ts";
import type { Clock } from "../../port/clock.ts";
import { apiOf, webOf } from "./address.ts";
import { clientOf, isAppToken, type Client } from "./client.ts";
import { guardOf } from "./guard.ts";
import { bucket } from "./limit.ts";
import { Refusal } from "./refusal.ts";

interface SettingsParts {
  config: GithubConfig;
  repository: Repository;
  branch: string;
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
  const client = clientOf({ ...parts, api, token, bucket: bucket() });
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
  };
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
function nothing(why: string): Pick<GithubFacts, "login" | "scopes" | "repo" | "mayOpenPulls" | "guard"> {
  const none = { untold: why, status: null };
  return { login: none, scopes: null, repo: none, mayOpenPulls: none, guard: none };
}

/** GitHub's no is a fact of its own: never a yes, and never a reason to stop looking. */
async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { untold: error.message, status: error instanceof Refusal ? error.status : null };
  }
}

const mayOpenPulls = async (client: Client): Promise<boolean> =>
  (
    await client.read(
      "/actions/permissions/workflow",
      "see whether Actions may open pull requests",
      WorkflowJson,
    )
  ).can_approve_pull_request_reviews;
