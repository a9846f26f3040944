import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import { onTestFinished } from "vitest";
import { backend } from "./cgi.ts";

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
