import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { Fault } from "../../domain/fault.ts";
import type { Clock } from "../../port/clock.ts";
import type { Asker, Bucket } from "./limit.ts";
import { Refusal, refusalOf } from "./refusal.ts";

type Params = Readonly<Record<string, unknown>>;

/** The one way to GitHub: every answer is parsed, every no is a `Fault`, every write is counted before it is made. */
export interface Client {
  /** `what` completes "GitHub did not let pullbeat …". */
  read<T>(path: string, what: string, schema: z.ZodType<T>): Promise<T>;
  /** Every page, until `enough` says so of one. */
  all<T>(call: Listing<T>): Promise<T[]>;
  write<T>(call: Writing, schema: z.ZodType<T>): Promise<T>;
  /** Whose token it is; null for an app's, which GitHub does not tell. */
  login(): Promise<string | null>;
  /** Scopes of a classic personal token; null for tokens that have none. */
  scopes(): Promise<readonly string[] | null>;
}

interface Listing<T> {
  path: string;
  query?: Params;
  what: string;
  item: z.ZodType<T>;
  enough?: (page: readonly T[]) => boolean;
}

interface Writing {
  /** `POST /pulls`, below the repository. */
  route: string;
  body: Params;
  what: string;
  asker?: Asker;
  /** Doing it twice is doing it once: it may be tried again blindly, though it is a POST. */
  twice?: true;
}

export interface ClientParts {
  api: string;
  repository: { owner: string; name: string };
  /** The name of the variable, and what it holds. */
  token: { name: string; value: string };
  clock: Clock;
  bucket: Bucket;
  version: string;
  /** Milliseconds that a second of waiting takes; tests are in a hurry. */
  second?: number;
}

/** The longest that a limit may make us wait before we give up and say so. */
const PATIENCE = 60;

export function clientOf(parts: ClientParts): Client {
  const { api, repository, token } = parts;
  const home = `/repos/${repository.owner}/${repository.name}`;
  const wire = wireOf(parts);
  const fetchPage = pagesOf(wire);
  let owner: Promise<Owner> | null = null;
  return {
    read: async (path, what, schema) => parsed(schema, (await fetchPage(`${home}${path}`, what)).data, what),
    async all({ path, query = {}, what, item, enough }) {
      const found = [];
      const first = new URLSearchParams({ ...query, per_page: "100" }).toString();
      for (let url: string | null = `${home}${path}?${first}`; url !== null;) {
        const { data, link } = await fetchPage(url, what);
        const page = parsed(z.array(item), data, what);
        found.push(...page);
        url = enough?.(page) === true ? null : nextOf(link, api);
      }
      return found;
    },
    async write({ route, body, what, asker = "fleet", twice = false }, schema) {
      await allow(parts, asker);
      const [method = "", path = ""] = route.split(" ");
      // What makes something new is looked for before it is tried again, so no plugin may repeat it blindly.
      const repeat = method === "POST" && !twice ? { request: { retries: 0 } } : {};
      const { data } = await wire(`${method} ${home}${path}`, { ...repeat, ...body }, what);
      return parsed(schema, data, what);
    },
    login: async () => (await (owner ??= ownerOf(wire, token))).login,
    scopes: async () => (await (owner ??= ownerOf(wire, token))).scopes,
  };
}

/** One request: `route` is a method and a path. */
type Wire = (route: string, params: Params, what: string) => Promise<{ data: unknown; headers: Headers }>;

/** For what lies outside of a repository; all else goes through a `Client`. */
export function wireOf(parts: ClientParts): Wire {
  const { api, token } = parts;
  let octokit: Promise<Octokit> | null = null;
  return async (route, params, what) => {
    if (token.value === "")
      throw new Fault("config", `the variable ${token.name} is empty, so pullbeat cannot ${what}`, {
        expected: "a token for GitHub's REST API",
        next: `export ${token.name}=… , or name another variable under \`forge.token\` in .github/pullbeat.yml`,
      });
    try {
      octokit ??= connect(parts);
      const { data, headers } = await (await octokit).request(route, { ...params, baseUrl: api });
      return { data, headers: Headers.parse(headers) };
    } catch (error) {
      throw refusalOf(error, what, token.name);
    }
  };
}

interface Page {
  data: unknown;
  link: string;
}

/** Asks with what is known already: an answer that has not changed costs nothing of the limit. */
function pagesOf(wire: Wire): (url: string, what: string) => Promise<Page> {
  const known = new Map<string, Page & { etag: string }>();
  return async (url, what) => {
    const have = known.get(url);
    const headers = have === undefined ? {} : { "if-none-match": have.etag };
    try {
      const { data, headers: said } = await wire(`GET ${url}`, { headers }, what);
      if (said.etag !== "") known.set(url, { data, link: said.link, etag: said.etag });
      return { data, link: said.link };
    } catch (error) {
      if (have !== undefined && error instanceof Refusal && error.status === 304) return have;
      throw error;
    }
  };
}

/** Waits until a write is allowed. What cannot be counted is not allowed. */
async function allow({ bucket, clock }: ClientParts, asker: Asker): Promise<void> {
  for (let wait = bucket.take(asker, clock.tick()); wait !== 0; wait = bucket.take(asker, clock.tick())) {
    if (wait === null)
      throw new Fault("limit", "pullbeat has written as much within an hour as GitHub takes", {
        next: "nothing is lost: the next tick goes on with it",
      });
    await clock.sleep(wait);
  }
}

/** Whose a token is, and what it may do. */
interface Owner {
  login: string | null;
  scopes: readonly string[] | null;
}

/** An app's, or the one that Actions gives to a job. */
export const isAppToken = (value: string): boolean => /^(?:ghs_|v1\.)/.test(value);

/** GitHub does not tell an app's token whose it is. */
async function ownerOf(wire: Wire, token: ClientParts["token"]): Promise<Owner> {
  if (isAppToken(token.value)) return { login: null, scopes: null };
  const what = `see whose token ${token.name} is`;
  const { data, headers } = await wire("GET /user", {}, what);
  const scopes = headers["x-oauth-scopes"]?.split(",").map((scope) => scope.trim()) ?? null;
  return { login: parsed(z.object({ login: z.string() }), data, what).login, scopes };
}

const Headers = z.object({
  etag: z.string().default(""),
  link: z.string().default(""),
  "x-oauth-scopes": z.string().optional(),
});
type Headers = z.infer<typeof Headers>;

export function parsed<T>(schema: z.ZodType<T>, data: unknown, what: string): T {
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  throw new Fault("remote", `GitHub answered something else than expected when pullbeat wanted to ${what}`, {
    expected: z.prettifyError(read.error),
    next: "a newer pullbeat may understand it",
  });
}

/** The next page's address, as long as it lies on the same host. */
function nextOf(link: string, api: string): string | null {
  const [, next] = /<([^>]+)>; rel="next"/.exec(link) ?? [];
  return next?.startsWith(api) === true ? next.slice(api.length) : null;
}

/** The library and its plugins cost more than starting pullbeat, so they are loaded when GitHub is asked. */
async function connect({ token, version, second = 1000 }: ClientParts): Promise<Octokit> {
  const [{ Octokit: Plain }, { retry }, { throttling }] = await Promise.all([
    import("@octokit/rest"),
    import("@octokit/plugin-retry"),
    import("@octokit/plugin-throttling"),
  ]);
  const Client = Plain.plugin(retry, throttling);
  return new Client({
    auth: token.value,
    userAgent: `pullbeat/${version}`,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    retry: {
      doNotRetry: [304, 400, 401, 403, 404, 405, 409, 410, 422, 429, 451],
      retryAfterBaseValue: second,
    },
    throttle: {
      retryAfterBaseValue: second,
      // Without a word on how long, a limit is one that we do not wait for.
      fallbackSecondaryRateRetryAfter: Number.MAX_SAFE_INTEGER,
      onRateLimit: (seconds, _options, _octokit, tries) => isShort(seconds, tries),
      onSecondaryRateLimit: (seconds, _options, _octokit, tries) => isShort(seconds, tries),
      ...(second === 1000 ? {} : UNHURRIED),
    },
  });
}

/** A limit that is over soon is waited for, twice at most. */
const isShort = (seconds: number, tries: number): boolean => tries < 2 && seconds <= PATIENCE;

/** Pacing for tests: GitHub wants a second between writes, and three between those that notify somebody. */
const AT_ONCE = { key: () => ({ schedule: (_options: unknown, job: () => unknown) => job() }) };
const UNHURRIED: object = { write: AT_ONCE, notifications: AT_ONCE };
