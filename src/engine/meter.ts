import { addTokens } from "../domain/plan/price.ts";
import type { Spent, Tokens } from "../domain/record.ts";
import type { Verdict } from "../domain/verdict/verdict.ts";
import type { End, Job } from "../port/engine.ts";
import type { Model } from "../port/model.ts";

export type Failed = Extract<End, { kind: "failed" }>;

export const failed = (failure: string, reason: string): Failed => ({ kind: "failed", failure, reason });

/** The failure of work that a verdict does not let pass: named after the first gate that did not. */
export function refused({ gates }: Verdict): Failed {
  const first = gates.find((g) => g.ruling !== "pass");
  return failed(`gate/${first?.gate ?? "none"}`, first?.sentence ?? "no gate ran");
}

/** What an attempt has used, held against its budget. */
export interface Meter {
  spent(): Spent;
  /** The limit that a further request of so many bytes would break; null when it may be sent. */
  limit(requestBytes: number): Failed | null;
  /** The end by clock or by abort; null while there is time. */
  outOfTime(): Failed | null;
  /** Ends a call that is under way when the attempt's time does. */
  signal(): AbortSignal;
  /** Counts a call. Without tokens from the endpoint, a quarter of the bytes stands for them. */
  count(tokens: Tokens | null, bytes: { request: number; reply: number }): void;
}

/** Bytes of a token where too few must not be counted: prose has four to five, data and other scripts about three. */
export const BYTES_A_TOKEN = 3;

/** English text has about four bytes a token; used only where nothing better is known. */
const guess = (bytes: number): number => Math.ceil(bytes / 4);

/** Milliseconds; a longer timer would fire at once. */
const LONGEST = 2 ** 31 - 1;

/** Starts counting for a job. A limit that cannot be read is a limit reached, so tokens bind even without a price. */
export function startMeter(job: Job, price: Model["cost"]): Meter {
  const budget = job.agent.spec.budget.attempt;
  const start = job.clock();
  let steps = 0;
  let guessed = 0;
  let tokens: Tokens = { input: 0, cached: 0, output: 0 };
  let signal = job.signal;

  const left = (): number => budget.minutes * 60_000 - (job.clock() - start);
  const outOfTime = (): Failed | null => {
    if (left() <= 0 || isTimeout(signal) || isTimeout(job.signal))
      return failed("budget/minutes", `${budget.minutes} minutes are used up`);
    return job.signal.aborted ? failed("aborted", "it was stopped from outside") : null;
  };
  const said = (): string =>
    guessed === 0 ? "" : `; ${guessed} replies did not say what they used, so their length was counted`;

  return {
    outOfTime,
    spent: () => ({ steps, tokens, usd: price(tokens), ms: job.clock() - start }),
    limit(requestBytes) {
      const used = tokens.input + tokens.output;
      const next = guess(requestBytes);
      const usd = price(tokens);
      if (steps >= budget.steps) return failed("budget/steps", `${budget.steps} model calls are used up`);
      if (used + next > budget.tokens)
        return failed(
          "budget/tokens",
          `${used} of ${budget.tokens} tokens are used, and the next call takes about ${next}${said()}`,
        );
      if (usd !== null && usd >= budget.usd)
        return failed("budget/usd", `$${usd.toFixed(4)} of $${budget.usd} are used${said()}`);
      return outOfTime();
    },
    signal() {
      const ms = Math.min(LONGEST, Math.max(1, Math.ceil(left())));
      signal = AbortSignal.any([job.signal, AbortSignal.timeout(ms)]);
      return signal;
    },
    count(counted, bytes) {
      steps++;
      if (counted === null) guessed++;
      tokens = addTokens(
        tokens,
        counted ?? { input: guess(bytes.request), cached: 0, output: guess(bytes.reply) },
      );
    },
  };
}

const isTimeout = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof DOMException && reason.name === "TimeoutError";
