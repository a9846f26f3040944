import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A real smart-HTTP git server on loopback. Call it inside a test: it stops when that test ends. */
export interface GitServer {
  /** For `makeWorld({ serve })`: serves the bare repository, and says under which URL. */
  serve: (origin: string) => Promise<string>;
  /** The same repository's URL with another token. */
  urlFor: (token: string) => string;
  /** Method, path and account of every request. */
  requests: string[];
  /** The next push is applied, and the connection cut before the answer. */
  cutNextPush: () => void;
}

/** Tokens stand in the URL; a hook of the repository sees the account as `REMOTE_USER`. */
export function gitServer(accounts: Readonly<Record<string, string>> = { t0ken: "fleet" }): GitServer {
  const requests: string[] = [];
  let root = "";
  let name = "";
  let port = 0;
  let cut = false;
  const server = createServer((request, response) => void answer(request, response));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const account = accounts[tokenOf(request)];
    requests.push(`${request.method} ${request.url} ${account ?? "-"}`);
    if (account === undefined) {
      response.writeHead(401, { "www-authenticate": "Basic" }).end();
      return;
    }
    const said = await backend({ root, account, request, path: request.url ?? "/" });
    if (cut && request.method === "POST" && request.url?.endsWith("git-receive-pack") === true) {
      cut = false;
      request.socket.destroy();
    } else response.writeHead(said.status, said.headers).end(said.body);
  }

  const urlFor = (token: string): string => `http://x:${token}@127.0.0.1:${port}/${name}`;
  return {
    async serve(origin) {
      [root, name] = [dirname(origin), basename(origin)];
      await once(server.listen(0, "127.0.0.1"), "listening");
      const address = server.address();
      port = address !== null && typeof address === "object" ? address.port : 0;
      return urlFor(Object.keys(accounts)[0] ?? "");
    },
    urlFor,
    requests,
    cutNextPush() {
      cut = true;
    },
  };
}

const tokenOf = (request: IncomingMessage): string =>
  Buffer.from(request.headers.authorization?.replace("Basic ", "") ?? "", "base64")
    .toString()
    .replace(/^.*?:/, "");

/** One CGI call (git-http-backend(1)). `path`: of the repository below `root`, with its query. */
export async function backend({
  root,
  account,
  request,
  path,
}: {
  root: string;
  account: string;
  request: IncomingMessage;
  path: string;
}) {
  const { pathname, search } = new URL(path, "http://localhost");
  const one = (key: string): string => [request.headers[key] ?? ""].flat().join(",");
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: one("content-type"),
      CONTENT_LENGTH: one("content-length"),
      HTTP_CONTENT_ENCODING: one("content-encoding"),
      GIT_PROTOCOL: one("git-protocol"),
      REMOTE_USER: account,
      REMOTE_ADDR: "127.0.0.1",
    },
  });
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  const out = await buffer(child.stdout);
  const end = out.indexOf("\r\n\r\n");
  const fields = out
    .subarray(0, end)
    .toString()
    .split("\r\n")
    .map((line): [string, string] => [
      line.slice(0, line.indexOf(":")),
      line.slice(line.indexOf(":") + 1).trim(),
    ]);
  const { Status = "200", ...headers } = Object.fromEntries(fields);
  return { status: Number.parseInt(Status, 10), headers, body: out.subarray(end + 4) };
}
