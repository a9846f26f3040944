import { ALWAYS_ON } from "../../src/domain/verdict/gates.ts";
import type { Change, Mode } from "../../src/domain/change.ts";
import type { Evidence, Facts } from "../../src/domain/clearance/clearance.ts";
import { Config } from "../../src/domain/config.ts";
import { Effect, Effects, type Proposed } from "../../src/domain/board/effect.ts";
import { AgentName, Instant, Login, Sha } from "../../src/domain/id.ts";
import { Policy } from "../../src/domain/clearance/policy.ts";
import type { Review, ReviewVerdict } from "../../src/domain/pull/pull.ts";
import type { GateVerdict } from "../../src/domain/verdict/verdict.ts";

/** Everything that a decision is made from. */
export interface Stage {
  policy: Policy;
  facts: Facts;
  evidence: Evidence;
  now: Date;
}

export const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));
export const login = (name: string): Login => Login.parse(name);
export const HEAD = sha("a");
export const OLDER = sha("b");
export const BASE = sha("e");
const NOW = new Date("2026-11-22T12:00:00Z");

/** A minute of the day of the tests, from nine o'clock on. */
export const at = (minute: number): Instant =>
  Instant.parse(new Date(Date.UTC(2026, 10, 22, 9, minute)).toISOString().replace(".000", ""));

export function review(by: string, verdict: ReviewVerdict, more: Partial<Review> = {}): Review {
  return { id: `${by}-${verdict}`, by: login(by), verdict, head: HEAD, at: at(0), body: "", ...more };
}

export const change = (path: string, oldMode: Mode = "100644", newMode: Mode = "100644"): Change => ({
  path,
  oldMode,
  oldBlob: oldMode === "000000" ? null : sha("1"),
  newMode,
  newBlob: newMode === "000000" ? null : sha("2"),
});

const SAYS = {
  pass: "it found nothing wrong",
  fail: "it found something wrong",
  inconclusive: "it did not see everything",
};

export const gate = (name: string, ruling: GateVerdict["ruling"] = "pass"): GateVerdict => ({
  gate: name,
  ruling,
  sentence: SAYS[ruling],
  details: [],
  mendable: true,
});

export const passed: readonly GateVerdict[] = ALWAYS_ON.map((g) => gate(g));

export function config(roster: readonly string[], accounts: readonly string[] = []): Config {
  return Config.parse({ version: 1, roster: roster.map((l) => ({ login: l })), fleet: { accounts } });
}

/** A pull that merges without any policy: judged, approved by Ann on the present head, nothing against it. */
export function human(): Stage {
  return {
    now: NOW,
    policy: Policy.parse({}),
    facts: {
      kind: "work",
      agent: AgentName.parse("writer"),
      taskKind: "report",
      taskPath: "board/T-aaaa-write.md",
      result: "pass",
      changes: [change("board/T-aaaa-write.md"), change("reports/a.md", "000000")],
      effects: [],
      listed: {},
      protect: [],
      proven: 9,
      foreign: 0,
      rewritten: false,
      closed: null,
      reverted: null,
      used: new Map(),
      regenerated: false,
      gaps: [],
      state: "open",
      holds: [],
      required: [],
      advisory: [],
    },
    evidence: {
      pull: {
        author: login("fleet-bot"),
        base: BASE,
        head: HEAD,
        kind: "work",
        reviews: [review("ann", "approve")],
      },
      config: config(["ann", "bob"], ["other-bot"]),
      account: login("fleet-bot"),
      coauthors: [],
      stranger: false,
      identities: new Map([
        [HEAD, "the change"],
        [OLDER, "another change"],
      ]),
      verdict: { gates: [...passed] },
    },
  };
}

/** What two reports a day may do by themselves. */
export const REPORTS = {
  id: "reports",
  kind: ["report"],
  only_paths: ["reports/**"],
  tier: "routine",
  per_day: 2,
};

/** A pull that merges because a grant speaks for it, and nobody else. */
export const routine = (): Stage => but(human(), { policy: Policy.parse({ grant: [REPORTS] }), reviews: [] });

/** A pull that merges because a grant and a gate that reviews speak for it. */
export const reviewed = (): Stage =>
  but(human(), {
    policy: Policy.parse({
      tiers: { reviewed: { gates: ["rubric"] } },
      grant: [{ ...REPORTS, tier: "reviewed" }],
    }),
    reviews: [],
    gates: [...passed, gate("rubric")],
  });

/** A pull that merges because both people of the roster approved it. */
export const dual = (): Stage =>
  but(human(), {
    policy: Policy.parse({ default: "dual" }),
    reviews: [review("ann", "approve"), review("bob", "approve")],
  });

/** A pull that merges because the only person there is approved it twice. */
export const solo = (): Stage =>
  but(human(), {
    policy: Policy.parse({ default: "dual" }),
    config: config(["ann"]),
    reviews: [review("ann", "approve"), review("ann", "approve", { id: "again", at: at(10) })],
  });

/** A question that merges because Ann answered it. */
export const question = (): Stage =>
  but(human(), {
    kind: "question",
    changes: [change("board/T-aaaa-write.md")],
    reviews: [review("ann", "answer")],
  });

export const EFFECT = "board/effects/pause.md";
export const LISTED = Effects.parse({
  "campaign.pause": { class: "reversible", target: ["roofing-*"] },
  "campaign.launch": { class: "irreversible", target: ["*"] },
});

/** An effect that a pull proposes. */
export const effect = (more: Readonly<Record<string, string>> = {}): Proposed => ({
  path: EFFECT,
  effect: Effect.parse({ effect: "campaign.pause", target: "roofing-us", task: "T-aaaa", ...more }),
});

/** A pull that merges because Ann approved it, with what it would have done to the world. */
export const effectful = (): Stage =>
  but(human(), {
    changes: [change("board/T-aaaa-write.md"), change("reports/a.md"), change(EFFECT, "000000")],
    effects: [effect()],
    listed: LISTED,
    gates: [...passed, gate("effects")],
  });

/** The same, because a grant names that effect. */
export const granted = (): Stage =>
  but(effectful(), {
    policy: Policy.parse({ grant: [{ ...REPORTS, effect: ["campaign.pause"] }] }),
    reviews: [],
  });

/** pullbeat's own housekeeping, which needs nobody. */
export const housekeeping = (): Stage =>
  but(human(), {
    kind: "archive",
    agent: null,
    taskKind: null,
    taskPath: null,
    changes: [change("board/T-b.md", "100644", "000000"), change("board/archive/2026-11/T-b.md", "000000")],
    regenerated: true,
    reviews: [],
    gates: [gate("archive")],
  });

/** What one attack changes, flat: of the policy, the facts, the evidence or the clock. */
export interface Twist extends Partial<Facts> {
  policy?: Policy;
  reviews?: Review[];
  config?: Config;
  coauthors?: Login[];
  stranger?: boolean;
  identities?: Evidence["identities"];
  gates?: GateVerdict[];
  author?: Login;
  head?: Sha | null;
  now?: Date;
}

/** The same stage with one thing changed. */
export function but(stage: Stage, twist: Twist): Stage {
  const {
    policy,
    reviews,
    config: people,
    coauthors,
    stranger,
    identities,
    gates,
    author,
    head,
    now,
    ...facts
  } = twist;
  const { pull } = stage.evidence;
  return {
    policy: policy ?? stage.policy,
    now: now ?? stage.now,
    facts: { ...stage.facts, ...facts },
    evidence: {
      ...stage.evidence,
      pull: {
        ...pull,
        kind: facts.kind ?? pull.kind,
        ...(reviews === undefined ? {} : { reviews }),
        ...(author === undefined ? {} : { author }),
        ...(head === undefined ? {} : { head }),
      },
      ...(people === undefined ? {} : { config: people }),
      ...(coauthors === undefined ? {} : { coauthors }),
      ...(stranger === undefined ? {} : { stranger }),
      ...(identities === undefined ? {} : { identities }),
      ...(gates === undefined ? {} : { verdict: { gates } }),
    },
  };
}
