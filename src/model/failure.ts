import { sentence } from "../domain/fault.ts";
import type { Reply } from "../port/model.ts";
import { Malformed } from "./completion.ts";

type Failure = Extract<Reply, { ok: false }>;

/** What went wrong with a call, after all its retries. The key never stands in the reason. */
export function readFailure(error: unknown, key: string): Failure {
  const chain = causes(error);
  const malformed = chain.find((e) => e instanceof Malformed);
  const status = statusOf(error);
  const reason = redact([...new Set(chain.map(sentence))].join(": "), key);
  if (malformed !== undefined)
    return { ok: false, failure: "malformed", reason: redact(sentence(malformed), key) };
  if (status !== null) return { ok: false, failure: byStatus(status, `${codeOf(error)} ${reason}`), reason };
  return { ok: false, failure: isTimeout(chain) ? "timeout" : "network", reason };
}

/** How endpoints say that a request holds more than their model can read. */
const TOO_LONG =
  /context[ _-]?(?:length|window|size)|maximum context|(?:prompt|input|request) is too (?:long|large)|too many (?:input )?tokens/i;

function byStatus(status: number, said: string): Failure["failure"] {
  if (status === 402 || (status < 500 && /insufficient_quota|billing/i.test(said))) return "billing";
  if (status === 401 || status === 403) return "auth";
  if (status === 429) return "rate";
  if (status === 408) return "timeout";
  if (status >= 500 || status === 409) return "server";
  return status === 413 || TOO_LONG.test(said) ? "context" : "request";
}

/** The error and what caused it; a library's own message is seldom the one that says why. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (
    let e = error;
    e !== undefined && e !== null && chain.length < 5;
    e = e instanceof Error ? e.cause : undefined
  )
    chain.push(e);
  return chain;
}

const statusOf = (error: unknown): number | null =>
  error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : null;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const isTimeout = (chain: readonly unknown[]): boolean =>
  chain.some((e) => e instanceof Error && /time(?:d )?-?out|aborted/i.test(`${e.name} ${e.message}`));

/** Endpoints like to quote the key that they refuse, whole or in part. */
function redact(text: string, key: string): string {
  const parts = key.length < 8 ? [] : [key, encodeURIComponent(key)];
  const clean = parts.reduce((t, part) => t.replaceAll(part, "[key]"), text);
  return clean.replaceAll(/\b(?:sk|pk|key|gsk|xai)-[\w*.-]{6,}/g, "[key]").slice(0, 500);
}
