import { spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

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
