import { misfitOf } from "../board/effect.ts";
import type { Finding } from "../finding.ts";
import { matches } from "../glob.ts";
import { nearest } from "../text/near.ts";
import type { Fleet } from "../snapshot.ts";
import { inConfig, meant, placeOf, serving } from "./rule.ts";

/** Effects that stand on the board, and that the config does not list or does not let act on their target. */
export const unlistedEffects = ({ effects, config }: Fleet): Finding[] =>
  effects.flatMap((file): Finding[] => {
    const misfit = misfitOf(file.effect, config.effects);
    if (misfit === null) return [];
    const { key, says } = misfit;
    const rule = key === "effect" ? "effect/unlisted" : "effect/target";
    return [{ rule, level: "error", message: says, ...placeOf(file, [key]) }];
  });

/** Patterns of specs, requirements and the policy that no effect answers to: they would never speak. */
export function strangeEffects(fleet: Fleet): Finding[] {
  const { require, policy, effects } = fleet.config;
  const names = Object.keys(effects);
  const strange = (glob: string): string | null =>
    names.some((name) => matches(glob, name))
      ? null
      : `the config lists no effect ${glob}${meant(nearest(glob, names))}`;
  const rules = [
    ...require.map(({ effect }, i) => ({ effect, key: ["require", i] })),
    ...policy.grant.map(({ effect }, i) => ({ effect, key: ["policy", "grant", i] })),
    ...policy.raise.map(({ effect }, i) => ({ effect, key: ["policy", "raise", i] })),
  ];
  return [
    ...serving(fleet).flatMap((agent) =>
      agent.spec.effects.flatMap((glob, i): Finding[] => {
        const message = strange(glob);
        if (message === null) return [];
        return [{ rule: "spec/unknown-effect", level: "error", message, ...placeOf(agent, ["effects", i]) }];
      }),
    ),
    ...rules.flatMap(({ effect = [], key }) =>
      effect.flatMap((glob, i): Finding[] => {
        const message = strange(glob);
        if (message === null) return [];
        const place = inConfig(fleet, [...key, "effect", i]);
        return [{ rule: "policy/unknown-effect", level: "error", message, ...place }];
      }),
    ),
  ];
}
