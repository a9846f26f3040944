import type { GithubConfig } from "../../domain/config.ts";

/** Where the REST API answers, without a slash at its end: as the config says, as Actions says, or GitHub's own. */
export const apiOf = (
  { api }: Pick<GithubConfig, "api">,
  env: Readonly<Record<string, string | undefined>>,
): string => (api ?? (env["GITHUB_API_URL"] || "https://api.github.com")).replace(/\/$/, "");

/** Where people look at what the API shows. */
export const webOf = (api: string): string => {
  const { host, origin } = new URL(api);
  return /^api\.(?:github\.com|[\w-]+\.ghe\.com)$/.test(host) ? origin.replace("//api.", "//") : origin;
};
