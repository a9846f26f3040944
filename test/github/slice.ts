/**
 * Cuts GitHub's published REST description down to what pullbeat and its double speak, without prose.
 *
 *   npm pack @octokit/openapi@23.0.2 && tar -xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
 *   node test/github/slice.ts package/generated/api.github.com.json
 *
 * The package takes 385 MB when it is installed, so it is no dependency; one file of it is all that this needs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Any JSON value, as far as cutting needs to know. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Node = Record<string, Json>;

const REPO = "/repos/{owner}/{repo}";

/** Methods by path; paths of a repository begin after its name. */
const WANTED: Readonly<Record<string, string>> = {
  "": "get patch",
  "/actions/organization-secrets": "get",
  "/actions/organization-variables": "get",
  "/actions/permissions": "get",
  "/actions/permissions/workflow": "get put",
  "/actions/runs": "get",
  "/actions/secrets": "get",
  "/actions/variables": "get",
  "/actions/workflows": "get",
  "/actions/workflows/{workflow_id}": "get",
  "/actions/workflows/{workflow_id}/dispatches": "post",
  "/actions/workflows/{workflow_id}/runs": "get",
  "/branches/{branch}": "get",
  "/branches/{branch}/protection": "get put delete",
  "/check-runs": "post",
  "/check-runs/{check_run_id}": "get patch",
  "/collaborators/{username}/permission": "get",
  "/commits/{ref}/check-runs": "get",
  "/commits/{ref}/status": "get",
  "/contents/{path}": "get",
  "/installation": "get",
  "/issues": "get post",
  "/issues/comments/{comment_id}": "get patch delete",
  "/issues/comments/{comment_id}/reactions": "get post",
  "/issues/{issue_number}": "get patch",
  "/issues/{issue_number}/comments": "get post",
  "/issues/{issue_number}/events": "get",
  "/issues/{issue_number}/labels": "get post put delete",
  "/issues/{issue_number}/labels/{name}": "delete",
  "/issues/comments": "get",
  "/labels": "get post",
  "/pulls": "get post",
  "/pulls/{pull_number}": "get patch",
  "/pulls/{pull_number}/merge": "get put",
  "/pulls/{pull_number}/requested_reviewers": "get post delete",
  "/pulls/{pull_number}/reviews": "get post",
  "/pulls/{pull_number}/reviews/{review_id}": "get put",
  "/pulls/{pull_number}/reviews/{review_id}/dismissals": "put",
  "/rules/branches/{branch}": "get",
  "/rulesets": "get post",
  "/rulesets/{ruleset_id}": "get put delete",
  "/statuses/{sha}": "post",
};
const ALSO: Readonly<Record<string, string>> = {
  "/apps/{app_slug}": "get",
  "/rate_limit": "get",
  "/user": "get",
  "/app-manifests/{code}/conversions": "post",
  "/app/installations/{installation_id}/access_tokens": "post",
};

const PROSE = new Set(["description", "summary", "example", "examples", "externalDocs", "tags", "x-github"]);

const isNode = (value: Json | undefined): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Words for people go; a property that is called like one of them stays. */
function withoutProse(value: Json, isNames = false): Json {
  if (Array.isArray(value)) return value.map((v) => withoutProse(v));
  if (!isNode(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => isNames || !(PROSE.has(key) || key === "x-multi-segment"),
  );
  return Object.fromEntries(kept.map(([k, v]) => [k, withoutProse(v, !isNames && NAMES.has(k))]));
}

/** Below these, keys are names of things and not words of the description. */
const NAMES = new Set(["properties", "schemas", "responses", "parameters", "headers", "requestBodies"]);

/** Every `#/components/…` that a value names. */
function refsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (!isNode(value)) return [];
  const { $ref } = value;
  return [...(typeof $ref === "string" ? [$ref] : []), ...Object.values(value).flatMap(refsIn)];
}

const child = (node: Node, key: string): Node => {
  const found = node[key];
  if (!isNode(found)) throw new Error(`the description has no ${key}`);
  return found;
};

export function slice(description: Node): Node {
  const all = child(description, "paths");
  const wanted = [
    ...Object.entries(WANTED).map(([path, methods]) => [REPO + path, methods] as const),
    ...Object.entries(ALSO),
  ];
  const paths = Object.fromEntries(
    wanted
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, methods]) => {
        const operations = child(all, path);
        const kept = methods.split(" ").map((m) => [m, withoutProse(child(operations, m))] as const);
        return [path, Object.fromEntries(kept)] as const;
      }),
  );
  const { version: said } = child(description, "info");
  const version = typeof said === "string" ? said : "";
  return {
    openapi: description["openapi"] ?? "",
    info: {
      title: "GitHub's REST API, as far as pullbeat speaks it",
      version,
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT" },
      "x-source": `npm @octokit/openapi ${version}, generated/api.github.com.json, cut by test/github/slice.ts`,
    },
    paths,
    components: componentsOf(paths, child(description, "components")),
  };
}

/** The components that are reached from somewhere. */
function componentsOf(paths: Node, all: Node): Node {
  const found: Record<string, Node> = {};
  const open = refsIn(paths);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const [, , kind = "", name = ""] = ref.split("/");
    const group = (found[kind] ??= {});
    if (group[name] !== undefined) continue;
    const part = withoutProse(child(child(all, kind), name));
    group[name] = part;
    open.push(...refsIn(part));
  }
  const sorted = (node: Node): Node =>
    Object.fromEntries(Object.entries(node).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(Object.fromEntries(Object.entries(found).map(([kind, group]) => [kind, sorted(group)])));
}

/** One line a path and a component, so that a newer description shows what it changed. */
export function textOf({ openapi, info, paths, components }: Node): string {
  const rows = (node: Json | undefined, deep: boolean): string =>
    isNode(node)
      ? `{\n${Object.entries(node)
          .map(([k, v]) => `${JSON.stringify(k)}: ${deep ? rows(v, false) : JSON.stringify(v)}`)
          .join(",\n")}\n}`
      : JSON.stringify(node);
  return `{\n"openapi": ${JSON.stringify(openapi)},\n"info": ${JSON.stringify(info)},\n"paths": ${rows(paths, false)},\n"components": ${rows(components, true)}\n}\n`;
}

if (process.argv[1] === import.meta.filename) {
  const [, , from = ""] = process.argv;
  const description: Node = JSON.parse(readFileSync(from, "utf8"));
  writeFileSync(join(import.meta.dirname, "api.json"), textOf(slice(description)));
}
