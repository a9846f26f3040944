import type { FarGit } from "./git.ts";
import type { Account, PullRow, State } from "./state.ts";

/** One request, with everything that answering it needs. */
export interface Call {
  state: State;
  git: FarGit;
  account: Account;
  /** Parts of the path, in order, after owner and name. */
  path: readonly string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
  now: string;
  /** What a test lets happen in the middle of a merge. */
  tricks: Tricks;
}

export interface Tricks {
  /** Something that happens after a merge was allowed, and before it is made. */
  beforeMerge: (() => Promise<unknown>) | null;
  /** Makes merges whose tree is the head's, as if the base branch had nothing else. */
  corruptMerges: boolean;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Handler = (call: Call) => Promise<Reply> | Reply;

/** GitHub says no. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Record<string, string>;
  constructor(
    status: number,
    message: string,
    more: { errors?: readonly unknown[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

export const notFound = (message = "Not Found"): Refusal => new Refusal(404, message);

/** As most of GitHub says that a value is wrong. */
export const invalid = (error: Record<string, unknown>): Refusal =>
  new Refusal(422, "Validation Failed", { errors: [{ code: "custom", ...error }] });

/** As reviews say it. */
export const unprocessable = (...errors: string[]): Refusal =>
  new Refusal(422, "Unprocessable Entity", { errors });

export function needWrite({ account }: Call): void {
  if (account.permission === "write" || account.permission === "admin") return;
  throw account.type === "Bot"
    ? new Refusal(403, "Resource not accessible by integration")
    : new Refusal(403, "Must have write access to the repository.");
}

export function needAdmin({ account }: Call): void {
  if (account.permission === "admin") return;
  throw account.type === "Bot" ? new Refusal(403, "Resource not accessible by integration") : notFound();
}

export function pullOf({ state, path }: Call): PullRow {
  const pull = state.pulls.find((p) => p.number === Number(path[0]));
  if (pull === undefined) throw notFound();
  return pull;
}

export const accountOf = (state: State, login: string): Account | undefined =>
  state.accounts.find((a) => a.login.toLowerCase() === login.toLowerCase());

export const text = (value: unknown): string => (typeof value === "string" ? value : "");
