import { all } from "../reason.ts";
import { ACTIONS } from "./actions-words.ts";
import type { Needed } from "./actions.ts";
import type { ActionsFacts, Diagnosis, GithubFacts, Told } from "./facts.ts";
import { asAdmin } from "./github-words.ts";
import { GUARD } from "./guard-words.ts";

/** What keeps ticks from coming, or from working, where Actions are to bring them. */
export function actionsFindings(facts: GithubFacts, needed: Needed): Diagnosis[] {
  const { actions } = facts;
  if (actions === null) return [];
  return [
    ...switches(facts, actions),
    ...unset(facts, { names: needed.secrets, told: actions.secrets, one: ACTIONS.noSecret }),
    ...unset(facts, { names: needed.variables, told: actions.variables, one: ACTIONS.noVariable }),
    ...releases(facts, actions),
  ];
}

/** A run that failed says nothing new where no run can come. */
function switches(facts: GithubFacts, { enabled, workflow }: ActionsFacts): Diagnosis[] {
  if ("value" in enabled && !enabled.value) return [ACTIONS.off(facts)];
  const hidden =
    "untold" in enabled
      ? [ACTIONS.stateUntold("whether Actions are switched on", enabled.untold, asAdmin(facts))]
      : [];
  if ("untold" in workflow)
    return [...hidden, ACTIONS.stateUntold("whether the schedule is alive", workflow.untold, asAdmin(facts))];
  if (workflow.value === null) return [...hidden, ACTIONS.unknown(facts)];
  const { state, last } = workflow.value;
  if (state !== "active") return [...hidden, ACTIONS.asleep(facts, state)];
  return last === null || FINE.has(last.ended) ? hidden : [...hidden, ACTIONS.failed(facts, last)];
}

/** Ends of a run after which the next one comes as if nothing had been. */
const FINE = new Set(["success", "cancelled", "skipped", "neutral", "stale"]);

interface Wanted {
  names: ReadonlyMap<string, string>;
  told: Told<readonly string[]>;
  one: (hub: GithubFacts, name: string, who: string) => Diagnosis;
}

/** GitHub's names of secrets and variables have no case. */
function unset(facts: GithubFacts, { names, told, one }: Wanted): Diagnosis[] {
  if (names.size === 0) return [];
  if ("untold" in told) return [ACTIONS.secretsUntold(all([...names.keys()]), told.untold, asAdmin(facts))];
  const there = new Set(told.value.map((name) => name.toUpperCase()));
  return [...names]
    .filter(([name]) => !there.has(name.toUpperCase()))
    .map(([name, who]) => one(facts, name, who));
}

function releases(facts: GithubFacts, { tags }: ActionsFacts): Diagnosis[] {
  if (tags === null) return [];
  if ("untold" in tags) return [GUARD.tagsUntold(facts, tags.untold)];
  return tags.value ? [] : [GUARD.looseTags(facts)];
}
