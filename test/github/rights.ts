import { Refusal } from "./call.ts";
import type { Account, Settings } from "./state.ts";

/**
 * What a token must be allowed for an operation: one of these. What is not listed any token may that sees the repository.
 * As GitHub's documentation and its header `x-accepted-github-permissions` have it; an issue itself is not a pull's.
 */
const NEEDS: readonly (readonly [operations: RegExp, any: readonly string[]])[] = [
  [/^pulls\/merge$/, ["contents"]],
  [/^pulls\//, ["pull-requests"]],
  [
    /^issues\/(?:list-events|list-comments|list-comments-for-repo|create-comment|add-labels|remove-label)$/,
    ["issues", "pull-requests"],
  ],
  [/^reactions\//, ["issues", "pull-requests"]],
  [/^issues\//, ["issues"]],
  [/^checks\//, ["checks"]],
  [/^repos\/create-commit-status$/, ["statuses"]],
  [/^repos\/get-branch-protection$/, ["administration"]],
  [/^actions\/create-workflow-dispatch$/, ["actions"]],
  [/^actions\/list-repo-(?:organization-)?secrets$/, ["secrets"]],
  [/^actions\/list-repo-(?:organization-)?variables$/, ["variables"]],
];

/** GitHub's no to a token whose job or app was not given what this takes. Whatever is public anybody may read. */
export function needRight({ may }: Account, settings: Settings, asked: { id: string; method: string }): void {
  if (may === undefined || (asked.method === "GET" && !settings.private)) return;
  const any = NEEDS.find(([operations]) => operations.test(asked.id))?.[1];
  const enough = asked.method === "GET" ? ["read", "write"] : ["write"];
  if (any === undefined || any.some((right) => enough.includes(may[right] ?? "none"))) return;
  const right = any.map((r) => `${r.replace("-", "_")}=${enough[0]}`).join("; ");
  const headers = { "x-accepted-github-permissions": right };
  throw new Refusal(403, "Resource not accessible by integration", { headers });
}
