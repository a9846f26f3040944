import { isEffectPath, misfitOf, settingsOf } from "../board/effect.ts";
import { matchesAny } from "../glob.ts";
import type { Grant } from "./policy.ts";
import type { TierFacts } from "./tier-facts.ts";

/** Paths never cover an effect: a grant has to name it, and each merge that it lets through has one at most. */
export function wrongEffects({ effect: named = [] }: Grant, { effects }: TierFacts): string | null {
  const foreign = effects.find(({ effect }) => !matchesAny(named, effect.effect));
  if (foreign !== undefined) return `it does not name the effect ${foreign.effect.effect}`;
  return effects.length < 2 ? null : `it lets one effect in at a time, and this proposes ${effects.length}`;
}

/** What stands below `board/effects/` afterwards and is no effect that may be: nobody knows what approving it would order. */
export function darkEffects({ changes, effects, listed }: TierFacts): string[] {
  const fit = effects.filter(({ effect }) => misfitOf(effect, listed) === null).map((e) => e.path);
  return (changes ?? [])
    .filter(({ path }) => isEffectPath(path) && !fit.includes(path))
    .map(({ path }) => `${path} is not a new effect that the config allows (never).`);
}

export const irreversible = ({ effects, listed }: TierFacts): string[] =>
  effects
    .filter(({ effect }) => settingsOf(listed, effect.effect)?.class === "irreversible")
    .map(
      ({ effect }) =>
        `${effect.effect} on ${effect.target} cannot be taken back (irreversible): that needs a person.`,
    );
