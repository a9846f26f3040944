import { Fault } from "../domain/fault.ts";
import type { Options } from "../cli/shell.ts";

/** The jobs that a tick is cut into, and before those that speak as an app: its token. */
export const JOBS = ["plan", "fetch", "work", "publish", "judge", "settle", "token"] as const;
type JobName = (typeof JOBS)[number];

/** Inputs as `action.yml` names them; a test compares both. */
export const INPUTS = [
  "job",
  "dir",
  "plan",
  "docket",
  "digest",
  "shard",
  "chain",
  "in",
  "out",
  "judged",
  "from",
  "token",
  "app-id",
  "app-key",
] as const;
type Input = (typeof INPUTS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** What a step was given: which job, with which options, and the token that git may use. */
export interface Given {
  job: JobName;
  options: Options;
  token: string | null;
  /** An app's id and its private key, for the step that makes a token of them. */
  app: { id: string; key: string };
}

/** Reads the inputs of a step; an input that is empty was not given. */
export function inputsOf(env: Environment): Given {
  const input = (name: Input): string | undefined => env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
  const job = JOBS.find((name) => name === input("job"));
  if (job === undefined)
    throw new Fault("usage", `the input job is ${input("job") ?? "missing"}`, {
      expected: `one of ${JOBS.join(", ")}`,
    });
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  const home = server === undefined || repository === undefined ? undefined : `${server}/${repository}`;
  const said = {
    dir: input("dir"),
    plan: input("plan"),
    docket: input("docket"),
    digest: input("digest"),
    shard: input("shard"),
    chain: input("chain"),
    in: input("in"),
    out: input("out"),
    judged: input("judged"),
    from: input("from") ?? home,
  };
  // What is undefined is left out: an option that is there has a value.
  const options: Options = Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  );
  const app = { id: input("app-id") ?? "", key: input("app-key") ?? "" };
  return { job, options, token: input("token") ?? null, app };
}
