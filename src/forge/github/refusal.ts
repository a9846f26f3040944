import { z } from "zod";
import { Fault, sentence, type FaultFacts } from "../../domain/fault.ts";

/** GitHub's no, with its status and its own words, for those who can do something about it. */
export class Refusal extends Fault {
  readonly status: number;
  readonly words: string;
  constructor(said: Said, code: Fault["code"], facts: FaultFacts & { message: string }) {
    super(code, facts.message, facts);
    this.status = said.status;
    this.words = said.words;
  }
}

interface Said {
  status: number;
  words: string;
  headers: Readonly<Record<string, string | undefined>>;
}

/** What the client throws, as far as anybody may rely on it. */
const Thrown = z.object({
  status: z.number(),
  message: z.string(),
  response: z
    .object({
      headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()).default({}),
      data: z.unknown(),
    })
    .optional(),
});
const Answer = z.object({
  message: z.string(),
  errors: z
    .array(z.union([z.string(), z.object({ message: z.string().optional(), field: z.string().optional() })]))
    .optional(),
});

/** Turns what went wrong into a `Fault` that says what to do. `token`: the name of its variable. */
export function refusalOf(error: unknown, what: string, token: string): Fault {
  const thrown = Thrown.safeParse(error);
  if (!thrown.success || thrown.data.response === undefined) return unreachable(error, what);
  const { status, response, message } = thrown.data;
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([k, v]) => [k, v === undefined ? v : String(v)]),
  );
  const said = { status, words: wordsIn(response.data) ?? message, headers };
  const facts = factsOf(said, what, token);
  return new Refusal(said, facts.code, facts);
}

const unreachable = (error: unknown, what: string): Fault =>
  new Fault("remote", `GitHub did not answer when pullbeat wanted to ${what}: ${sentence(error)}`, {
    next: "nothing is lost: try again when https://www.githubstatus.com is green",
  });

function wordsIn(data: unknown): string | null {
  const answer = Answer.safeParse(data);
  if (!answer.success) return null;
  const more = (answer.data.errors ?? []).map((e) =>
    typeof e === "string" ? e : (e.message ?? e.field ?? ""),
  );
  return [answer.data.message, ...more.filter((line) => line !== "")].join(": ");
}

type Facts = FaultFacts & { code: Fault["code"]; message: string };

function factsOf({ status, words, headers }: Said, what: string, token: string): Facts {
  const message = `GitHub did not let pullbeat ${what}: ${words} (${status})`;
  if (isLimit({ status, words, headers }))
    return {
      code: "limit",
      message,
      next: `nothing is lost and nothing is repeated: run it again ${whenOf(headers)}`,
    };
  switch (status) {
    case 401:
      return { code: "config", message, next: `set ${token} to a token that is alive` };
    case 403:
      return {
        code: "config",
        message,
        expected: `a token that may do this${permissions(headers)}`,
        next: "`permissions:` of the workflow's job, those of the app, or the scopes of the token",
      };
    case 404:
      return {
        code: "config",
        message,
        expected: "a repository that the token can see",
        next: `look at \`forge.repository\` in .github/pullbeat.yml, and at what ${token} may read`,
      };
    default:
      return status >= 500
        ? { code: "remote", message, next: "nothing is lost: try again later" }
        : { code: "remote", message, next: "read GitHub's words above; `pullbeat settle` tries again" };
  }
}

const permissions = (headers: Said["headers"]): string => {
  const needed = headers["x-accepted-github-permissions"];
  return needed === undefined ? "" : ` (${needed})`;
};

const isLimit = ({ status, words, headers }: Said): boolean =>
  status === 429 ||
  (status === 403 &&
    (/rate limit/i.test(words) ||
      headers["x-ratelimit-remaining"] === "0" ||
      headers["retry-after"] !== undefined));

/** In GitHub's words; what cannot be read is said to be unknown. */
function whenOf(headers: Said["headers"]): string {
  const seconds = Number(headers["retry-after"]);
  if (seconds > 0) return `in ${seconds} seconds`;
  const reset = Number(headers["x-ratelimit-reset"]);
  return reset > 0 ? `after ${new Date(reset * 1000).toISOString()}` : "in an hour: GitHub does not say when";
}
