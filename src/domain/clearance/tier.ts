import { matchesAny } from "../glob.ts";
import { gatesOfTier, highest, isAbove, lowest, type Grant, type Policy, type Tier } from "./policy.ts";
import { protectedBy } from "./protect.ts";
import { oddities, raised } from "./raise.ts";
import { all, counted, fact, type Reason } from "../reason.ts";
import { darkEffects, irreversible, wrongEffects } from "./tier-effects.ts";
import type { Spoken, TierFacts } from "./tier-facts.ts";

/** How much approval a change needs, by which rules, and why. */
export interface Ruling {
  tier: Tier;
  /** `default:human`, `grant:reports`, `raise:money`, `built-in:protected`. */
  rules: string[];
  why: Reason[];
  /** Grants that do not speak for it, and why not. */
  others: string[];
}

/** Merges that a person lets through before any grant speaks for an agent, or for a new body of its spec. */
export const PROBATION = 5;

/** More files than this nobody looks through. */
const MOST_FILES = 3000;

/** The default, lowered by what is granted, then lifted by every raise that applies. There is no order among rules. */
export function tierOf(policy: Policy, facts: TierFacts): Ruling {
  const begin = beginning(policy, facts);
  const lifts = [...builtIn(facts), ...raised(policy, facts)].filter((l) => isAbove(l.tier, begin.tier));
  const tier = highest([begin.tier, ...lifts.map((l) => l.tier)]);
  const last = tier === "reviewed" && policy.tiers.reviewed.gates.length === 0 ? [UNREVIEWED] : [];
  const advised = isAbove("human", tier) ? advisory(policy, facts, tier) : [];
  const spoken = [...lifts, ...last, ...advised];
  return {
    tier: highest([tier, ...[...last, ...advised].map((l) => l.tier)]),
    rules: [begin.rule, ...spoken.map((l) => l.rule)],
    why: [begin, ...spoken].map(({ sentence }) => fact(sentence)),
    others: begin.others,
  };
}

/** A tier that promises a review needs a gate that reviews. */
const UNREVIEWED: Spoken = {
  rule: "built-in:unreviewed",
  tier: "human",
  sentence: "The policy names no gate under tiers.reviewed, so nothing would review it: that needs a person.",
};

/** A gate that nobody may rely on leaves its place to a person. */
function advisory(policy: Policy, { kind, required, advisory: gates }: TierFacts, tier: Tier): Spoken[] {
  const asked = kind === "work" ? [...required, ...gatesOfTier(policy, tier)] : [];
  const found = gates.filter((a) => asked.includes(a.gate)).map((a) => `${a.sentence}. That needs a person.`);
  return lift("advisory", "human", found);
}

interface Beginning extends Spoken {
  /** Grants that do not speak for it, and why not. */
  others: string[];
}

/** Where a change begins, before anything lifts it. */
function beginning(policy: Policy, facts: TierFacts): Beginning {
  if (facts.kind === "question")
    return {
      rule: "built-in:question",
      tier: "human",
      sentence: "A question needs a person's answer.",
      others: [],
    };
  if (facts.kind !== "work") return ownWork(facts);
  const basis = `The policy's default is ${policy.default}`;
  const weighed = policy.grant.map((grant) => ({ grant, fault: misfit(grant, facts) }));
  const fitting = weighed.filter((w) => w.fault === null && isAbove(policy.default, w.grant.tier));
  const least = fitting.length === 0 ? policy.default : lowest(fitting.map((w) => w.grant.tier));
  const chosen = fitting.find((w) => w.grant.tier === least)?.grant;
  const others = weighed.flatMap(({ grant, fault }) =>
    fault === null ? [] : [`The grant ${grant.id} (${grant.tier}) does not apply: ${fault}.`],
  );
  if (chosen === undefined)
    return { rule: `default:${policy.default}`, tier: policy.default, sentence: `${basis}.`, others };
  const sentence = `${basis}; the grant ${chosen.id} makes it ${chosen.tier}: ${reach(chosen, facts)}.`;
  return { rule: `grant:${chosen.id}`, tier: chosen.tier, sentence, others };
}

function ownWork({ regenerated }: TierFacts): Beginning {
  const sentence = regenerated
    ? "pullbeat's own housekeeping needs nobody: done again, it comes out the same, byte for byte."
    : "pullbeat's own housekeeping needs a person here: done again, it does not come out the same.";
  return { rule: "built-in:housekeeping", tier: regenerated ? "routine" : "human", sentence, others: [] };
}

/** Why a grant does not speak for a change; null when it does. */
const misfit = (grant: Grant, facts: TierFacts): string | null =>
  wrongKind(grant, facts) ??
  wrongAgent(grant, facts) ??
  wrongEffects(grant, facts) ??
  wrongPaths(grant, facts) ??
  usedUp(grant, facts);

function wrongKind({ kind }: Grant, { taskKind }: TierFacts): string | null {
  if (taskKind === null) return `it is for ${all(kind, "or")}, and the task has no kind`;
  return matchesAny(kind, taskKind) ? null : `it is for ${all(kind, "or")}, and this is ${taskKind}`;
}

function wrongAgent({ agent: named }: Grant, { agent }: TierFacts): string | null {
  if (agent === null) return "nobody answers for it";
  return named === undefined || named.includes(agent)
    ? null
    : `it is for ${all(named, "or")}, and this is by ${agent}`;
}

function wrongPaths({ only_paths: globs }: Grant, { changes, taskPath, effects }: TierFacts): string | null {
  const outside = (changes ?? []).find(
    ({ path }) => path !== taskPath && !effects.some((e) => e.path === path) && !matchesAny(globs, path),
  );
  return outside === undefined ? null : `it covers only ${all(globs)}, and this changes ${outside.path}`;
}

function usedUp({ id, per_day: most }: Grant, { used, agent }: TierFacts): string | null {
  if (used === null) return "the journal cannot be read, so nobody knows how often it was used today";
  const times = used.get(id) ?? 0;
  return times < most ? null : `${agent} has used it up today, ${times} of ${most}`;
}

const reach = (grant: Grant, { taskKind, used, effects }: TierFacts): string =>
  `its kind is ${taskKind}, it changes only ${all([...grant.only_paths, ...effects.map((e) => `the effect ${e.effect.effect}`)])}, and it is number ${
    (used?.get(grant.id) ?? 0) + 1
  } of ${grant.per_day} today`;

/** What lifts every change, whatever the policy says. */
const builtIn = (facts: TierFacts): Spoken[] => [
  ...lift("incomplete", "never", incomplete(facts)),
  ...lift("protected", "dual", guarded(facts)),
  ...lift("irreversible", "human", irreversible(facts)),
  ...lift("mode", "human", odd(facts)),
  ...lift("probation", "human", onProbation(facts)),
  ...lift("brief", "human", rewritten(facts)),
  ...lift("foreign", "human", foreign(facts)),
  ...lift("closed", "human", closedBefore(facts)),
  ...lift("reverted", "human", takenBack(facts)),
];

/** One sentence is enough for a person. */
const lift = (rule: string, tier: Tier, sentences: readonly string[]): Spoken[] =>
  sentences.slice(0, 1).map((sentence) => ({ rule: `built-in:${rule}`, tier, sentence }));

function incomplete(facts: TierFacts): string[] {
  const { changes, gaps } = facts;
  const because = "and what is not known is not merged (never).";
  if (changes === null) return [`What it changes cannot be told, ${because}`];
  if (changes.length > MOST_FILES)
    return [`It changes ${changes.length} files, more than anybody looks through (never).`];
  return [...gaps.map((gap) => `${gap}, ${because}`), ...darkEffects(facts)];
}

/** Below these pullbeat itself moves files and writes digests. */
const OWN_PLACES: readonly string[] = ["board/archive/**", "digest/**"];

function guarded({ changes, protect, kind }: TierFacts): string[] {
  const own = kind === "work" || kind === "question" ? [] : OWN_PLACES;
  return (changes ?? []).flatMap(({ path }) => {
    const guard = protectedBy(path, { protect });
    if (guard === null || own.includes(guard)) return [];
    return [`It changes ${path}, which is protected (${guard}): that needs two people (dual).`];
  });
}

function odd({ changes }: TierFacts): string[] {
  const found = (changes ?? []).flatMap((change) =>
    oddities(change)
      .filter((o) => o !== "delete")
      .map((o) => ({ o, path: change.path })),
  );
  const words = { symlink: "is a symbolic link", submodule: "is a submodule", mode: "changes its mode" };
  return found.map(({ o, path }) => `${path} ${words[o]}: that needs a person.`);
}

function onProbation({ kind, agent, proven }: TierFacts): string[] {
  if (kind !== "work" || proven >= PROBATION) return [];
  return [
    `Of ${agent}, as its spec reads now, ${counted(proven, "pull")} ${proven === 1 ? "has" : "have"} been merged; the first ${PROBATION} need a person.`,
  ];
}

const foreign = ({ foreign: n, agent }: TierFacts): string[] =>
  n === 0
    ? []
    : [`Its branch holds ${counted(n, "commit")} that no beat of ${agent}'s made: that needs a person.`];

const rewritten = ({ rewritten: is, taskPath }: TierFacts): string[] =>
  is
    ? [`It changes what ${taskPath} asks for, beyond ticked boxes and lines below it: that needs a person.`]
    : [];

const closedBefore = ({ closed }: TierFacts): string[] =>
  closed === null ? [] : [`A person closed pull ${closed} of the same task: after that it needs a person.`];

const takenBack = ({ reverted }: TierFacts): string[] =>
  reverted === null
    ? []
    : [
        `Pull ${reverted.pull} of the same task was merged and taken back (${reverted.path} is as it was before): after that it needs a person.`,
      ];
