import { openRequests, type Voices } from "./approval.ts";
import { peoplePart, type Waits } from "./consent.ts";
import type { DecidedBy } from "./decided.ts";
import { ALWAYS_ON } from "../verdict/gates.ts";
import { gatesOfTier, type Policy, type Tier } from "./policy.ts";
import type { Pull, PullKind } from "../pull/pull.ts";
import { all, capital, fact, inTheWay, speaksFor, type Reason } from "../reason.ts";
import type { Approval } from "../record.ts";
import { tierOf, type Ruling } from "./tier.ts";
import type { TierFacts } from "./tier-facts.ts";
import { combine, type GateVerdict, type Verdict } from "../verdict/verdict.ts";

/** What a pull is and what stands against it: read from the tip, git and the journal. */
export interface Facts extends TierFacts {
  state: Pull["state"];
  /** Why nothing may merge now: holds, and what else stands against it. */
  holds: readonly string[];
}

/** What gates and people said. */
export interface Evidence extends Voices {
  verdict: Pick<Verdict, "gates" | "advice">;
}

interface Ruled extends Pick<Ruling, "tier" | "rules"> {
  /** The whole decision as a tree: a sentence at every node. */
  why: Reason;
}

export type Decision = Ruled &
  (
    | { kind: "merge"; by: DecidedBy; approvals: Approval[] }
    /** Waits for somebody's act or another judgement; nothing stands against it. */
    | { kind: "pending"; reasons: string[]; waits: Waits }
    /** Does not merge before something that stands against it has gone. */
    | { kind: "blocked"; reasons: string[] }
  );

/** Gates that judge every pull of a kind, whatever anybody says. */
const ALWAYS: Record<PullKind, readonly string[]> = {
  work: ALWAYS_ON,
  question: ALWAYS_ON,
  archive: ["archive"],
  digest: ["digest"],
};

/** Gates that work needs besides those that always judge: by config and spec, and by its tier. */
export const askedGates = (policy: Policy, facts: Facts, { tier }: Pick<Ruling, "tier">): string[] =>
  facts.kind === "work" ? [...new Set([...facts.required, ...gatesOfTier(policy, tier)])] : [];

/** Of those, the ones whose word counts. */
const countingGates = (policy: Policy, facts: Facts, ruling: Pick<Ruling, "tier">): string[] =>
  askedGates(policy, facts, ruling).filter((name) => !facts.advisory.some((a) => a.gate === name));

/** Decides about a pull. An error, a gap, a missing word: each keeps it from merging, and says so. */
export function decide(policy: Policy, facts: Facts, evidence: Evidence, now: Date): Decision {
  const ruling = tierOf(policy, facts);
  const parts = {
    tier: tierPart(ruling),
    gates: gatesPart([...ALWAYS[facts.kind], ...countingGates(policy, facts, ruling)], evidence),
    people: peoplePart(ruling.tier, evidence, now),
    holds: holdsPart(ruling, facts, evidence),
  };
  const because = [parts.tier, parts.gates.reason, parts.holds.reason, parts.people.reason];
  const ruled = (sentence: string): Ruled => ({
    tier: ruling.tier,
    rules: ruling.rules,
    why: { sentence, mark: "fact", because },
  });
  const blocks = [...parts.holds.blocks, ...(parts.gates.failed.length > 0 ? ["a gate failed"] : [])];
  if (blocks.length > 0)
    return { ...ruled(`It does not merge: ${blocks[0]}.`), kind: "blocked", reasons: blocks };
  const { missing, waits } = parts.people;
  const reasons = [...(parts.gates.unsure.length > 0 ? ["a gate could not tell"] : []), ...missing];
  if (reasons.length > 0)
    return {
      ...ruled(`It does not merge yet: ${all(reasons)}.`),
      kind: "pending",
      reasons,
      waits: { ...waits, gates: parts.gates.unsure },
    };
  const { by, approvals } = parts.people;
  return {
    ...ruled(
      `It merges: ${facts.kind === "question" ? "its gates passed, and it is answered" : MERGES[by]}.`,
    ),
    kind: "merge",
    by,
    approvals,
  };
}

const MERGES: Record<DecidedBy, string> = {
  auto: "its gates passed, and it needs no person",
  human: "its gates passed, and a person approved this very change",
  dual: "its gates passed, and two people approved this very change",
  "dual(solo)": "its gates passed, and the only person there is approved this very change twice",
  button: "somebody merged it with git",
};

const NEEDS: Record<Tier, string> = {
  routine: "It needs its gates and nobody's word (routine).",
  reviewed: "It needs its gates and a review by one that reviews, and nobody's word (reviewed).",
  human: "It needs one person (human).",
  dual: "It needs two people (dual).",
  never: "No approval lets it merge (never).",
};

const tierPart = ({ tier, why, others }: Ruling): Reason =>
  fact(NEEDS[tier], [...why, ...others.map((sentence) => fact(sentence))]);

const SAYS = { pass: "would let it pass", fail: "would stop it", inconclusive: "could not tell" } as const;

interface GatesPart {
  reason: Reason;
  failed: string[];
  /** Gates that could not tell, and those that have not spoken. */
  unsure: string[];
}

/** Every gate that is asked for must have passed, and so must every other that spoke. */
function gatesPart(asked: readonly string[], { verdict }: Evidence): GatesPart {
  const spoke = new Set(verdict.gates.map((g) => g.gate));
  const silent = [...new Set(asked)].filter((name) => !spoke.has(name));
  const bad = verdict.gates.filter((g) => g.ruling !== "pass");
  const failed = bad.filter((g) => g.ruling === "fail").map((g) => g.gate);
  const unsure = [...bad.filter((g) => g.ruling === "inconclusive").map((g) => g.gate), ...silent];
  const because = [
    ...bad.map((g) => inTheWay(told(g, g.ruling === "fail" ? "failed" : "could not tell"), places(g))),
    ...silent.map((name) => inTheWay(`${name} has not judged it.`)),
  ];
  const { ruling } = combine(verdict.gates);
  const advice = (verdict.advice ?? []).map((g) => fact(told(g, SAYS[g.ruling]), places(g)));
  if (because.length > 0 || ruling !== "pass")
    return { reason: inTheWay("Not every gate passed.", [...because, ...advice]), failed, unsure };
  const passed = verdict.gates.map((g) => speaksFor(`${g.gate}: ${g.sentence}.`, places(g)));
  return { reason: speaksFor("Its gates passed.", [...passed, ...advice]), failed, unsure };
}

const told = ({ gate, sentence }: GateVerdict, says: string): string => `${gate} ${says}: ${sentence}.`;

/** Where a gate found what it says. */
const places = ({ details }: GateVerdict): Reason[] => [
  ...details.slice(0, MOST_PLACES).map((line) => fact(line.trim())),
  ...(details.length > MOST_PLACES ? [fact(`and ${details.length - MOST_PLACES} more`)] : []),
];

/** Enough to see what it is about; the pull shows all of them. */
const MOST_PLACES = 5;

interface HoldsPart {
  reason: Reason;
  blocks: string[];
}

function holdsPart({ tier, why }: Ruling, facts: Facts, evidence: Evidence): HoldsPart {
  const asked = openRequests(evidence).map((r) => `${r.by} asks for changes`);
  const blocks = [
    ...(facts.state === "open" ? [] : [`the pull is ${facts.state}`]),
    ...(evidence.pull.head === null ? ["its branch is gone"] : []),
    ...(tier === "never" ? ["no approval lets it merge"] : []),
    ...asked,
    ...facts.holds,
  ];
  if (blocks.length === 0) return { reason: speaksFor("Nothing stands against it."), blocks };
  const last = tier === "never" ? why.at(-1)?.sentence : undefined;
  const because = blocks.map((b) => inTheWay(`${capital(b)}.`));
  return {
    reason: inTheWay("Something stands against it.", because),
    blocks: blocks.map((b) =>
      b === "no approval lets it merge" && last !== undefined ? `${b}: ${last.replace(/\.$/, "")}` : b,
    ),
  };
}
