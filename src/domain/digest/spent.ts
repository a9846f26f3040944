import type { AgentName } from "../id.ts";
import { attemptsOf, type Ground, type Made } from "./ground.ts";

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
  tokens: number;
  usd: number;
  /** Attempts whose price is not known; `usd` is without them. */
  unpriced: number;
  /** Its own budget for one day, in dollars; null for an agent that is gone. */
  day: number | null;
  scripted: boolean;
}

/** Agents that used no tokens, such as programs, are left out. The most expensive first. */
export function spentSince({ records, snapshot }: Ground): SpentSince {
  const { config, agents: specs } = snapshot.fleet;
  const made = attemptsOf(records).filter(({ attempt }) => tokensOf({ attempt }) > 0);
  const agents = [...Map.groupBy(made, (m) => m.agent)]
    .map(([agent, of]) => ({
      agent,
      attempts: of.length,
      tokens: sum(of.map(tokensOf)),
      usd: sum(of.map((m) => m.attempt.spent.usd ?? 0)),
      unpriced: of.filter((m) => m.attempt.spent.usd === null).length,
      day: specs.get(agent)?.spec.budget.day.usd ?? null,
      scripted: of.every((m) => m.attempt.engine.scripted),
    }))
    .toSorted((a, b) => b.usd - a.usd || b.tokens - a.tokens || (a.agent < b.agent ? -1 : 1));
  const unpriced = made
    .filter(({ attempt }) => attempt.spent.usd === null)
    .map((m) => m.attempt.engine.model);
  return {
    tokens: sum(agents.map((a) => a.tokens)),
    usd: sum(agents.map((a) => a.usd)),
    day: config.budgets.day.usd,
    agents,
    unpriced: [...new Set(unpriced)].toSorted(),
  };
}

const tokensOf = ({ attempt }: Pick<Made, "attempt">): number =>
  attempt.spent.tokens.input + attempt.spent.tokens.output;

/** In millionths, so that the order of additions shows in no digit. */
const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, n) => total + Math.round(n * 1e6), 0) / 1e6;
