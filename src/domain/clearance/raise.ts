import type { Change } from "../change.ts";
import { matchesAny } from "../glob.ts";
import type { Oddity, Policy, Raise } from "./policy.ts";
import { all } from "../reason.ts";
import type { Spoken, TierFacts } from "./tier-facts.ts";

/** What a change does to a path beyond its text. */
export function oddities({ oldMode, newMode }: Change): Oddity[] {
  const modes = [oldMode, newMode];
  const isNew = oldMode === "000000";
  const isGone = newMode === "000000";
  const found: (Oddity | false)[] = [
    modes.includes("120000") && "symlink",
    modes.includes("160000") && "submodule",
    (isNew ? newMode === "100755" : !isGone && oldMode !== newMode) && "mode",
    isGone && "delete",
  ];
  return found.filter((o) => o !== false);
}

/** Every raise of the policy that applies. Pulls that are no work are lifted by what they change alone. */
export const raised = (policy: Policy, facts: TierFacts): Spoken[] =>
  policy.raise.flatMap((raise) => {
    const because = conditions(raise, facts);
    if (because.includes(null)) return [];
    const sentence = `The rule ${raise.id} lifts it to ${raise.tier}: ${all(because.filter((b) => b !== null))}.`;
    return [{ rule: `raise:${raise.id}`, tier: raise.tier, sentence }];
  });

/** A sentence's part for each condition of a raise that holds, null for each that does not. */
function conditions(raise: Raise, facts: TierFacts): (string | null)[] {
  const { kind, agent, any_path, effect, change, files_over, result } = raise;
  const changes = facts.changes ?? [];
  return [
    ...when(
      kind,
      (globs) =>
        facts.taskKind !== null && matchesAny(globs, facts.taskKind) && `its kind is ${facts.taskKind}`,
    ),
    ...when(agent, (names) => names.some((n) => n === facts.agent) && `it is by ${facts.agent}`),
    ...when(any_path, (globs) =>
      told(
        changes.find((c) => matchesAny(globs, c.path)),
        "it changes",
      ),
    ),
    ...when(effect, (globs) => {
      const found = facts.effects.find((e) => matchesAny(globs, e.effect.effect));
      return found !== undefined && `it proposes ${found.effect.effect} on ${found.effect.target}`;
    }),
    ...when(change, (kinds) =>
      told(
        changes.find((c) => oddities(c).some((o) => kinds.includes(o))),
        `${all(kinds, "or")} shows in`,
      ),
    ),
    ...when(
      files_over,
      (most) => changes.length > most && `it changes ${changes.length} files, more than ${most}`,
    ),
    ...when(
      result,
      (said) =>
        facts.result !== null && said.includes(facts.result) && `its doer calls the result ${facts.result}`,
    ),
  ];
}

/** Nothing where the raise does not name the condition. */
const when = <T>(condition: T | undefined, holds: (value: T) => string | false | null): (string | null)[] =>
  condition === undefined ? [] : [holds(condition) || null];

const told = (change: Change | undefined, what: string): string | null =>
  change === undefined ? null : `${what} ${change.path}`;
