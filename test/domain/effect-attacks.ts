import { Policy } from "../../src/domain/clearance/policy.ts";
import {
  but,
  change,
  EFFECT,
  effect,
  effectful,
  gate,
  granted,
  human,
  LISTED,
  passed,
  REPORTS,
  type Stage,
} from "./ruling.ts";

/** Stages that would merge, but for one thing about the effect that they propose. */
export const effectAttacks: Record<string, Stage> = {
  "an effect that the config does not list": but(effectful(), { listed: {} }),
  "an effect that may not act on its target": but(effectful(), { effects: [effect({ target: "solar" })] }),
  "an effect that cannot be read, whatever people say": but(human(), {
    changes: [change(EFFECT, "000000")],
  }),
  "an effect that was there and changes": but(human(), { changes: [change(EFFECT)], listed: LISTED }),
  "an effect in a folder in other letters": but(human(), {
    changes: [change("Board/Effects/pause.md", "000000")],
    listed: LISTED,
  }),
  "an effect without its gate": but(effectful(), { required: ["effects"], gates: [...passed] }),
  "a failed gate for effects": but(effectful(), { gates: [...passed, gate("effects", "fail")] }),
  "an effect under a grant for every path": but(effectful(), {
    policy: Policy.parse({ grant: [{ ...REPORTS, only_paths: ["**", "board/effects/**"] }] }),
    reviews: [],
  }),
  "an effect under a grant that names another": but(effectful(), {
    policy: Policy.parse({ grant: [{ ...REPORTS, effect: ["post.*"] }] }),
    reviews: [],
  }),
  "two effects under a grant that names both": but(granted(), {
    effects: [effect(), { ...effect(), path: "board/effects/again.md" }],
    changes: [change(EFFECT, "000000"), change("board/effects/again.md", "000000")],
  }),
  "another file beside an effect that a grant names": but(granted(), {
    changes: [change(EFFECT, "000000"), change("pages/a.md")],
  }),
  "an irreversible effect under a grant that names it": but(granted(), {
    effects: [effect({ effect: "campaign.launch" })],
    policy: Policy.parse({ grant: [{ ...REPORTS, effect: ["*"] }] }),
  }),
  "a raise by effect": but(granted(), {
    policy: Policy.parse({
      grant: [{ ...REPORTS, effect: ["campaign.pause"] }],
      raise: [{ id: "a", effect: ["campaign.*"], tier: "human" }],
    }),
  }),
};
