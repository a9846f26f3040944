import { all } from "../reason.ts";
import { note, untold, wrong, type Diagnosis, type GithubFacts } from "./facts.ts";
import { asAdmin, rulesOf } from "./github-words.ts";

type Hub = Pick<GithubFacts, "web" | "branch" | "config">;

/** Every sentence of the doctor's about who gets past rules, and what is only found afterwards. */
export const GUARD = {
  otherApp: (hub: Hub): Diagnosis =>
    wrong(
      "check-source",
      `the required check pullbeat is pinned to another app than ${hub.config.account}, which can never set it: nothing can be merged`,
      `${rulesOf(hub)}: choose ${hub.config.account.replace("[bot]", "")} as the source of the check pullbeat`,
    ),
  appUntold: (hub: Hub, why: string): Diagnosis =>
    untold(
      "check-source",
      `whether the check pullbeat is pinned to the fleet's own app cannot be told: ${why}`,
      asAdmin(hub),
    ),
  bypassUntold: (hub: Hub): Diagnosis =>
    untold(
      "bypass",
      `who may push past the rules of ${hub.branch} is shown to administrators alone`,
      asAdmin(hub),
    ),
  openToAll: (hub: Hub, names: readonly string[]): Diagnosis =>
    wrong(
      "bypass",
      `the rules of ${hub.branch} do not hold for ${all(names)}`,
      `${rulesOf(hub)}, "Bypass list"`,
    ),
  bypass: (hub: Hub, names: readonly string[]): Diagnosis =>
    note(
      "bypass",
      `${all(names)} may push to ${hub.branch} past its rules`,
      `${rulesOf(hub)}, "Bypass list"`,
    ),
  looseTags: ({ web }: Hub): Diagnosis =>
    wrong(
      "tags",
      "the workflows run pullbeat from a tag of this repository, and whoever may write can move it: what then runs may write to every branch",
      `${web}/settings/rules/new?target=tag: target v*, "Restrict updates" and "Restrict deletions"`,
    ),
  tagsUntold: (hub: Hub, why: string): Diagnosis =>
    untold("tags", `whether tags v* are protected cannot be told: ${why}`, asAdmin(hub)),
  audit: (what: readonly string[]): Diagnosis =>
    note("audit", `not prevented here, and only found afterwards: ${what.join("; ")}`),
} as const;
