import type { Finding } from "../finding.ts";
import { cost } from "../plan/price.ts";
import type { Fleet } from "../snapshot.ts";
import { neverRules } from "../prompt/never.ts";
import { productsOf, type AgentFile } from "../spec.ts";
import { bytesOf } from "../text/text.ts";
import { placeOf, serving } from "./rule.ts";

/** The least that rules, tools and a task take in a request, in tokens; and the least answer. */
const REQUEST = 1000;
const ANSWER = 50;
/** Bytes of a token, at most: prose has four to five. */
const TOKEN = 6;

/** Tokens that one request of the agent takes at least. */
const leastInput = ({ spec, body }: AgentFile): number =>
  REQUEST + Math.floor(bytesOf(spec.description + body) / TOKEN);

const dollars = (usd: number): string => `$${Number(usd.toPrecision(2))}`;

interface Gap {
  key: string[];
  rule: string;
  message: string;
}

/** Budgets that end every attempt before it can do anything. */
export const hopelessBudgets = (fleet: Fleet): Finding[] =>
  serving(fleet).flatMap((agent) =>
    gaps(agent, fleet).map(({ key, rule, message }): Finding => ({
      rule,
      level: "error",
      message,
      ...placeOf(agent, ["budget", ...key]),
    })),
  );

function gaps(agent: AgentFile, { config }: Fleet): Gap[] {
  const { engine, budget } = agent.spec;
  if (engine.kind !== "openai") return [];
  const { attempt, day } = budget;
  const input = leastInput(agent);
  const { prices, model } = config.engines.openai;
  const price = cost({ input, cached: 0, output: ANSWER }, prices[engine.model ?? model]) ?? 0;
  const fleetDay = config.budgets.day.usd;
  return [
    attempt.tokens < input + ANSWER && {
      key: ["attempt", "tokens"],
      rule: "spec/budget-tokens",
      message: `an attempt may use ${attempt.tokens} tokens, and one request takes about ${input}`,
    },
    attempt.usd < price && {
      key: ["attempt", "usd"],
      rule: "spec/budget-usd",
      message: `an attempt may cost ${dollars(attempt.usd)}, and one step costs about ${dollars(price)}`,
    },
    day.usd < attempt.usd && {
      key: ["day", "usd"],
      rule: "spec/budget-day",
      message: `a day may cost ${dollars(day.usd)}, and one attempt ${dollars(attempt.usd)}: none is ever begun`,
    },
    fleetDay < attempt.usd && {
      key: ["attempt", "usd"],
      rule: "spec/budget-fleet",
      message: `an attempt may cost ${dollars(attempt.usd)}, and the whole fleet ${dollars(fleetDay)} a day: none is ever begun`,
    },
  ].filter((gap) => gap !== false);
}

/** Rules that no program holds. They reach the prompt and people; that is said, not forbidden. */
export const unheldRules = (fleet: Fleet): Finding[] =>
  serving(fleet).flatMap((agent) =>
    neverRules(agent.spec).flatMap(({ rule, enforce, gate }, i): Finding[] => {
      const holder = gate === null ? holderOf(enforce) : gate === "size" ? sizeOf(agent) : null;
      if (holder === null) return [];
      const message = `"never ${rule}" is held by ${holder}`;
      return [{ rule: "spec/never-unheld", level: "note", message, ...placeOf(agent, ["never", i]) }];
    }),
  );

const holderOf = (enforce: string | undefined): string =>
  enforce === "evidence"
    ? "the prompt; `evidence: { mode: strict }` in this spec would hold it"
    : "the prompt and whoever reviews, not by a machine";

/** `size` holds what a spec bounds; where it bounds nothing, a rule about size is held by the config's wide bounds alone. */
const sizeOf = ({ spec }: AgentFile): string | null =>
  productsOf(spec).some((p) => p.max_files !== undefined || p.max_lines !== undefined)
    ? null
    : "the config's bounds alone, since no product sets max_files or max_lines";
