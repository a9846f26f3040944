import type { AgentName } from "../id.ts";
import type { Spent } from "../record.ts";
import { attemptsOf, type Ground } from "./ground.ts";

/** What models used since the last digest. */
export interface SpentSince {
  tokens: number;
  /** Dollars of what has a known price. */
  usd: number;
  /** The fleet's budget for one day, in dollars. */
  day: number;
  agents: AgentSpent[];
  /** Models whose price the config does not know: their tokens count, their dollars do not. */
  unpriced: string[];
}

interface AgentSpent {
  agent: AgentName;
  attempts: number;
  /** Pulls that it judged, as a grader, and questions of its calibrations. */
  judgements: number;
  tokens: number;
  usd: number;
  /** Attempts and judgements whose price is not known; `usd` is without them. */
  unpriced: number;
  /** Its own budget for one day, in dollars; null for an agent that is gone. */
  day: number | null;
  scripted: boolean;
}

/** Agents that used no tokens, such as programs, are left out. The most expensive first. */
export function spentSince(ground: Ground): SpentSince {
  const { config, agents: specs } = ground.snapshot.fleet;
  const made = [...worked(ground), ...judged(ground)].filter((m) => tokensOf(m) > 0);
  const agents = [...Map.groupBy(made, (m) => m.agent)]
    .map(([agent, of]) => ({
      agent,
      attempts: of.filter((m) => m.judgements === 0).length,
      judgements: sum(of.map((m) => m.judgements)),
      tokens: sum(of.map(tokensOf)),
      usd: sum(of.map((m) => m.spent.usd ?? 0)),
      unpriced: of.filter((m) => m.spent.usd === null).length,
      day: specs.get(agent)?.spec.budget.day.usd ?? null,
      scripted: of.every((m) => m.scripted),
    }))
    .toSorted((a, b) => b.usd - a.usd || b.tokens - a.tokens || (a.agent < b.agent ? -1 : 1));
  const unpriced = made.filter((m) => m.spent.usd === null).map((m) => m.model);
  return {
    tokens: sum(agents.map((a) => a.tokens)),
    usd: sum(agents.map((a) => a.usd)),
    day: config.budgets.day.usd,
    agents,
    unpriced: [...new Set(unpriced)].toSorted(),
  };
}

/** What a model was asked for: an attempt, or judgements. */
interface Cost {
  agent: AgentName;
  spent: Spent;
  model: string;
  scripted: boolean;
  judgements: number;
}

const worked = ({ records }: Ground): Cost[] =>
  attemptsOf(records).map(({ agent, attempt: { spent, engine } }) => ({
    agent,
    spent,
    ...engine,
    judgements: 0,
  }));

/** Judgements have no record of their own that a digest could have told of: time decides. */
function judged({ snapshot: { journal }, since, at }: Ground): Cost[] {
  const isNew = (one: { at: string }): boolean => one.at >= since && one.at < at;
  return [
    ...journal.hearings
      .filter(isNew)
      .flatMap(({ grading }) =>
        grading === undefined ? [] : [{ ...grading, ...grading.engine, judgements: 1 }],
      ),
    ...journal.calibrations.filter(isNew).map(({ grader, spent, model, samples }) => ({
      agent: grader,
      spent,
      model,
      scripted: model === "scripted",
      judgements: samples.length,
    })),
  ];
}

const tokensOf = ({ spent: { tokens } }: Cost): number => tokens.input + tokens.output;

/** In millionths, so that the order of additions shows in no digit. */
const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, n) => total + Math.round(n * 1e6), 0) / 1e6;
