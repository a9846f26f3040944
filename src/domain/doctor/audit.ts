import type { Bypass, Diagnosis, GithubFacts, Guard } from "./facts.ts";
import { GUARD } from "./guard-words.ts";

/** Roles of a repository as rulesets number them. */
const ROLES = new Map([
  [2, "maintainers"],
  [4, "whoever may write"],
  [5, "administrators"],
]);
const EVERYBODY = 4;

/** Who may push past the rules, told as what it is: a door that is meant, or one that stands open for all. */
export function bypasses(facts: GithubFacts, { bypass, pulls }: Guard): Diagnosis[] {
  if (bypass === null) return [GUARD.bypassUntold(facts)];
  const open = bypass.filter((b) => !b.byPull && !isOurs(facts, b));
  if (pulls === null || open.length === 0) return [];
  const names = open.map(nameOf);
  return open.some((b) => b.kind === "RepositoryRole" && b.id === EVERYBODY)
    ? [GUARD.openToAll(facts, names)]
    : [GUARD.bypass(facts, names)];
}

const isOurs = ({ app }: GithubFacts, { kind, id }: Bypass): boolean =>
  kind === "Integration" && app !== null && "value" in app && app.value === id;

function nameOf({ kind, id }: Bypass): string {
  switch (kind) {
    case "RepositoryRole":
      return ROLES.get(id ?? 0) ?? `the role ${id}`;
    case "OrganizationAdmin":
      return "owners of the organization";
    case "Integration":
      return `the app ${id}`;
    case "DeployKey":
      return "deploy keys";
    default:
      return `${kind.toLowerCase()} ${id}`;
  }
}

/** What is not prevented here and only found afterwards, by comparing and in the journal. `pinned`: the check is one that only our app can set. */
export function audited(facts: GithubFacts, guard: Guard, pinned: boolean): Diagnosis[] {
  const squashes = "value" in facts.repo && facts.repo.value.squashes === true;
  const { pulls, checks, bypass } = guard;
  const isPast = bypass?.some((b) => isOurs(facts, b)) === true;
  const found = [
    pulls !== null &&
      !isPast &&
      "that a merge is the very one that was judged (GitHub makes it, and pullbeat compares)",
    checks.length > 0 &&
      !pinned &&
      "that gates and people were done before a merge (the check can be set by others)",
    squashes && "that what lands is the commit that was approved (the merge button may squash)",
    bypass !== null && bypass.some((b) => !isOurs(facts, b)) && "that nobody pushes past the rules",
  ].filter((what) => what !== false);
  return found.length === 0 ? [] : [GUARD.audit(found)];
}
