import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { basename, dirname, join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { backend } from "../cgi.ts";
import { actionsHandlers } from "./actions.ts";
import { answerFaults, operationOf, requestFaults, type Operation } from "./api.ts";
import { Refusal, type Call, type Handler, type Reply, type Tricks } from "./call.ts";
import { appBehind, appHandlers } from "./apps.ts";
import { checkHandlers } from "./checks.ts";
import { farGit, type FarGit } from "./git.ts";
import { issueHandlers } from "./issues.ts";
import { manifestHandlers } from "./manifests.ts";
import { afterPush, mergeHandlers } from "./merging.ts";
import { paged } from "./page.ts";
import { pullHandlers } from "./pulls.ts";
import { repoHandlers } from "./repo.ts";
import { needRight } from "./rights.ts";
import { reviewHandlers } from "./reviews.ts";
import {
  freshState,
  mayPush,
  NOBODY,
  type Account,
  type Protection,
  type Settings,
  type State,
} from "./state.ts";

const HANDLERS: Record<string, Handler> = {
  ...pullHandlers,
  ...reviewHandlers,
  ...mergeHandlers,
  ...issueHandlers,
  ...checkHandlers,
  ...manifestHandlers,
  ...actionsHandlers,
  ...repoHandlers,
  ...appHandlers,
};

/** git's own paths; a repository's URL may leave out `.git`. */
const GIT = /^\/[^/]+\/[^/]+?(?:\.git)?\/(info\/refs|git-(?:upload|receive)-pack)/;

/** One request as the double took it. */
interface Heard {
  operation: string;
  method: string;
  path: string;
  account: string;
  status: number;
  body: unknown;
}

/** Something that goes wrong once, or a few times. */
export interface Trouble {
  /** `pulls/create`; without it any operation. */
  operation?: string;
  /** Which call from now on goes wrong; 1 without it. */
  nth?: number;
  /** How many in a row; 1 without it. */
  times?: number;
  /** The connection is cut where this is missing. */
  status?: number;
  message?: string;
  headers?: Record<string, string>;
  /** What was asked is done, and only the answer goes wrong. */
  done?: boolean;
}

/** A secondary limit in GitHub's own words. */
export const secondaryLimit = (retryAfter: number | null, status = 403): Trouble => ({
  status,
  message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  headers: retryAfter === null ? {} : { "retry-after": String(retryAfter) },
});

/**
 * GitHub over a bare repository: REST as far as `api.json` goes, git over smart HTTP, accounts by token. Every request
 * and every answer is held against GitHub's own description; `faults` must be empty at the end of a test.
 */
export interface Double {
  /** For `makeWorld({ serve })`: serves the bare repository, and says under which URL the first account reaches it. */
  serve: (origin: string, port?: number) => Promise<string>;
  close: () => void;
  /** The same repository's URL for somebody else. */
  urlFor: (account: Account) => string;
  /** Where REST answers. */
  api: () => string;
  state: State;
  git: () => FarGit;
  tricks: Tricks;
  heard: Heard[];
  /** Requests and answers that GitHub's description does not allow. */
  faults: string[];
  /** Calls since the last time this was asked, as `pulls/list 304`. */
  since: () => string[];
  trouble: (trouble: Trouble) => void;
  /** Nothing goes wrong any more. */
  heal: () => void;
  /** The next `reads` requests that only read are answered from how things are now. */
  lag: (reads: number) => void;
  protect: (rule: Partial<Protection> | null) => Promise<void>;
  /** What a person did without REST. */
  touched: (by: string) => Promise<void>;
}

export function githubDouble(
  clock: () => Date,
  { accounts, ...settings }: { accounts: readonly Account[] } & Partial<Settings>,
): Double {
  const state = freshState(settings, accounts);
  const heard: Heard[] = [];
  const faults: string[] = [];
  const tricks: Tricks = { beforeMerge: null, corruptMerges: false };
  const troubles: (Trouble & { seen: number })[] = [];
  let late = { reads: 0, state };
  let [origin, port, told] = ["", 0, 0];
  let git = farGit(".");
  const now = (): string => `${clock().toISOString().slice(0, 19)}Z`;
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const served = GIT.test(path) ? serveGit(request, response) : serveRest(request, response);
    served.catch((error: unknown) => {
      faults.push(`the double broke at ${request.method} ${path}: ${String(error)}`);
      response.writeHead(500).end("{}");
    });
  });
  async function serveGit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = Buffer.from(
      request.headers.authorization?.replace("Basic ", "") ?? "",
      "base64",
    ).toString();
    const account = state.accounts.find((a) => token.endsWith(`:${a.token}`));
    const writes = request.url?.includes("git-receive-pack") === true;
    if (account === undefined) response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end();
    else if (account.permission === "none") response.writeHead(404).end("Repository not found.");
    else if (writes && !mayPush(account))
      response.writeHead(403).end(`Permission to acme/fleet.git denied to ${account.login}.`);
    else {
      const path = (request.url ?? "").replace(GIT, `/${basename(origin)}/$1`);
      const said = await backend({ root: dirname(origin), account: account.login, request, path });
      if (writes) await afterPush({ state, git }, { by: account.login, now: now() });
      response.writeHead(said.status, said.headers).end(said.body);
    }
  }

  async function serveRest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", `http://127.0.0.1:${port}`);
    const method = request.method ?? "GET";
    const sent = await textOf(request);
    const operation = operationOf(method, url.pathname);
    const [, token = ""] = (request.headers.authorization ?? "").split(" ");
    const account = state.accounts.find((a) => a.token === token) ?? appBehind(state.accounts, token);
    const body: unknown = sent === "" ? undefined : JSON.parse(sent);
    const said = await reply({ request, url, operation, account, body });
    heard.push({
      operation: operation?.id ?? "unknown",
      method,
      path: url.pathname + url.search,
      account: account?.login ?? "-",
      status: said?.status ?? 0,
      body,
    });
    if (said === null) request.socket.destroy();
    else {
      const shown = said.body === undefined || said.status === 304 ? "" : JSON.stringify(said.body);
      response.writeHead(said.status, { "content-type": "application/json; charset=utf-8", ...said.headers });
      response.end(shown);
    }
  }

  /** Null: the connection is cut. */
  async function reply(asked: {
    request: IncomingMessage;
    url: URL;
    operation: Operation | undefined;
    account: Account | undefined;
    body: unknown;
  }): Promise<Reply | null> {
    const { request, url, operation, account, body } = asked;
    if (account === undefined && operation?.id !== FREE) return refused(new Refusal(401, "Bad credentials"));
    const handler = HANDLERS[operation?.id ?? ""];
    if (operation === undefined || handler === undefined) {
      faults.push(`nobody taught the double ${request.method} ${url.pathname}`);
      return refused(new Refusal(404, "Not Found"));
    }
    const where = `${request.method} ${url.pathname}`;
    faults.push(...requestFaults(operation, url.searchParams, body).map((f) => `${where}: ${f}`));
    const trouble = troubles.find((t) => isDue(t, operation.id));
    if (trouble !== undefined && trouble.done !== true) return troubled(trouble);
    const call = callFor({ url, operation, account: account ?? NOBODY, body });
    const said = await answer(handler, call, { url, operation });
    const isWhole = said.status < 400 ? Array.isArray(said.body) : true;
    faults.push(...answerFaults(operation, said.status, said.body).map((f) => `answer to ${where}: ${f}`));
    if (trouble !== undefined) return troubled(trouble);
    return isWhole || said.status === 200 ? tagged(request, said) : said;
  }

  function callFor(asked: { url: URL; operation: Operation; account: Account; body: unknown }): Call {
    const { url, operation, account, body } = asked;
    const isLate = operation.method === "GET" && late.reads > 0;
    if (isLate) late.reads -= 1;
    const parts = (operation.pattern.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
    return {
      state: isLate ? late.state : state,
      git,
      account,
      path: operation.path.startsWith("/repos/") ? parts.slice(2) : parts,
      query: url.searchParams,
      body: Object(body),
      now: now(),
      tricks,
    };
  }

  /** Requests are answered one after another, each as one transaction. */
  let last: Promise<unknown> = Promise.resolve();
  async function inTurn<T>(deed: () => Promise<T> | T): Promise<T> {
    const mine = last.then(deed);
    last = mine.catch(() => {});
    return mine;
  }

  async function answer(
    handler: Handler,
    call: Call,
    { url, operation }: { url: URL; operation: Operation },
  ): Promise<Reply> {
    const { owner, name } = state.settings;
    try {
      const isHere =
        !url.pathname.startsWith("/repos/") || url.pathname.startsWith(`/repos/${owner}/${name}`);
      const isStranger =
        call.account.permission === "none" && call.account.publicKey === undefined && call.account !== NOBODY;
      if (!isHere || (isStranger && state.settings.private)) throw new Refusal(404, "Not Found");
      needRight(call.account, state.settings, operation);
      return paged(await inTurn(() => handler(call)), url);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  }

  const isDue = (trouble: Trouble & { seen: number }, operation: string): boolean => {
    if (trouble.operation !== undefined && trouble.operation !== operation) return false;
    const nth = trouble.nth ?? 1;
    trouble.seen += 1;
    return trouble.seen >= nth && trouble.seen < nth + (trouble.times ?? 1);
  };

  const urlFor = ({ token }: Account): string =>
    `http://x:${token}@127.0.0.1:${port}/${state.settings.owner}/${state.settings.name}.git`;
  return {
    close() {
      server.closeAllConnections();
      server.close();
    },
    async serve(at, wanted = 0) {
      origin = at;
      git = farGit(at);
      await writeFile(join(at, "hooks", "update"), HOOK, { mode: 0o755 });
      await writeFile(join(at, "github-protected"), "");
      await once(server.listen(wanted, "127.0.0.1"), "listening");
      const address = server.address();
      port = address !== null && typeof address === "object" ? address.port : 0;
      const [first] = accounts;
      return first === undefined ? "" : urlFor(first);
    },
    urlFor,
    api: () => `http://127.0.0.1:${port}`,
    state,
    git: () => git,
    tricks,
    heard,
    faults,
    since() {
      const fresh = heard.slice(told).map((h) => `${h.operation} ${h.status}`);
      told = heard.length;
      return fresh;
    },
    trouble: (trouble) => void troubles.push({ ...trouble, seen: 0 }),
    heal: () => void troubles.splice(0),
    lag: (reads) => void (late = { reads, state: structuredClone(state) }),
    async protect(rule) {
      const none = { kind: "ruleset", bypass: [], approvals: 0, dismissStale: false, checks: [] } as const;
      state.settings.protection =
        rule === null ? null : { ...none, ...rule, bypass: rule.bypass ?? [], checks: rule.checks ?? [] };
      const line = rule === null ? "" : `refs/heads/main ${[...(rule.bypass ?? []), "-"].join(",")}\n`;
      await writeFile(join(origin, "github-protected"), line);
    },
    touched: (by) => afterPush({ state, git }, { by, now: now() }),
  };
}

/** What needs no token: whoever has the code of a manifest may take its app. */
const FREE = "apps/create-from-manifest";

/** What a push to a protected branch hears. */
const HOOK = `#!/bin/sh
while read -r ref bypass; do
  [ "$ref" = "$1" ] || continue
  case ",$bypass," in *",$REMOTE_USER,"*) exit 0 ;; esac
  echo "error: GH013: Repository rule violations found for $ref." >&2
  echo "- Changes must be made through a pull request." >&2
  exit 1
done < github-protected
`;

const refused = ({ status, message, errors, headers }: Refusal): Reply => ({
  status,
  headers,
  body: {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  },
});

const troubled = ({ status, message = "", headers = {} }: Trouble): Reply | null =>
  status === undefined ? null : refused(new Refusal(status, message, { headers }));

/** The same answer again costs nothing. */
function tagged(request: IncomingMessage, said: Reply): Reply {
  const etag = `W/"${createHash("sha256").update(JSON.stringify(said.body)).digest("hex").slice(0, 32)}"`;
  if (request.method !== "GET" || said.status !== 200) return said;
  const headers = { ...said.headers, etag };
  return request.headers["if-none-match"] === etag ? { status: 304, headers } : { ...said, headers };
}
