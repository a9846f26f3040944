import type { TextChange } from "../domain/change.ts";
import { isEffectPath, misfitOf, placesEffect, proposedIn } from "../domain/board/effect.ts";
import { matchesAny } from "../domain/glob.ts";
import { all } from "../domain/reason.ts";
import { added, ruled, type Gate, type GateInput } from "./gate.ts";

/** Holds what an agent may propose to have done to the outside world: what config and spec list, for its own task, once. */
export const effects: Gate = {
  id: "effects",
  judge(input) {
    const touched = input.changes.filter((c) => isEffectPath(c.path));
    const problems = touched.flatMap((c) => problemsOf(c, input).map((p) => `${c.path}: ${p}`));
    return ruled("effects", problems, {
      pass:
        touched.length === 0
          ? "it proposes no effect"
          : "each effect that it proposes is listed, may act on its target, and is for its own task",
      fail: "it proposes an effect that it may not propose",
    });
  },
};

function problemsOf(change: TextChange, input: GateInput): string[] {
  if (!added(change))
    return [
      "an effect is never changed or taken away by an agent: leave this file as it was, and propose another",
    ];
  if (!placesEffect(change.path))
    return ["expected board/effects/<id>.md with a short id such as E-8k2f or pause-roofing-us"];
  const front = change.after === null ? null : input.sources.front(change.after);
  const proposed = proposedIn(change, front);
  if (proposed === null)
    return [
      "it cannot be read as an effect; expected front matter with effect, target, task and perhaps args",
    ];
  const { effect } = proposed;
  const misfit = misfitOf(effect, input.config.effects);
  return [
    ...(misfit === null ? [] : [misfit.says]),
    ...strange(effect.effect, input),
    ...(effect.task === input.task.task.id
      ? []
      : [`task must be ${input.task.task.id}, the task that you work on`]),
  ];
}

function strange(name: string, { agent: { spec } }: GateInput): string[] {
  if (matchesAny(spec.effects, name)) return [];
  const may = spec.effects.length === 0 ? "no effect" : `only ${all(spec.effects)}`;
  return [`${spec.name} may propose ${may}, and this is ${name}`];
}
