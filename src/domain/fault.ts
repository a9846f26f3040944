/** Every way a run can break. A code is stable: scripts and tests may match on it. */
export type FaultCode =
  | "usage" // the caller asked for something that cannot be: exit 2
  | "not-found"
  | "refused" // understood, and not allowed
  | "git" // git failed, or the repository is not what it must be
  | "remote" // the remote could not be reached or would not answer
  | "limit" // a forge wants to be asked less often, or nobody can tell how often
  | "config" // .github/pullbeat.yml is missing or wrong
  | "engine" // the model endpoint or a program failed for good
  | "race" // others won every one of our tries
  | "broken"; // an invariant does not hold: a bug, or somebody edited what they must not

export interface FaultFacts {
  /** What was expected instead. */
  expected?: string;
  /** What to do next: a command to type, a setting to change. */
  next?: string;
  /** `file:line:column` where it applies. */
  where?: string;
  cause?: unknown;
}

/** Thrown when a run cannot go on. Ends that are expected are values instead. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly expected: string | undefined;
  readonly next: string | undefined;
  readonly where: string | undefined;

  constructor(code: FaultCode, message: string, facts: FaultFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "Fault";
    this.code = code;
    this.expected = facts.expected;
    this.next = facts.next;
    this.where = facts.where;
  }
}

/** The sentence of anything that was thrown, for places that must go on. */
export function sentence(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
