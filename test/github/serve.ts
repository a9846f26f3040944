/**
 * The double of GitHub by itself, for people who want to follow docs/github.md by hand:
 *
 *   node test/github/serve.ts --dir <an empty folder> [--port 4600] [--private] [--protected]
 *
 * It stays until Ctrl-C, lists every request, and says at once when one is not what GitHub's description allows. Nothing is
 * kept but the git repository: pulls, reviews and checks end with it.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { githubDouble } from "./double.ts";
import { actions, app, person } from "./state.ts";

const { values } = parseArgs({
  options: {
    dir: { type: "string", default: "." },
    port: { type: "string", default: "4600" },
    private: { type: "boolean", default: false },
    protected: { type: "boolean", default: false },
  },
});
const origin = join(resolve(values.dir), "fleet.git");
if (!existsSync(origin)) {
  mkdirSync(origin, { recursive: true });
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin]);
}

const accounts = [
  person("ann", "admin"),
  person("bob"),
  actions(),
  app("gates", 77),
  person("mallory", "read"),
];
const hub = githubDouble(() => new Date(), { accounts, private: values.private });
await hub.serve(origin, Number(values.port));
if (values.protected) await hub.protect({ approvals: 1 });

const api = hub.api();
const [ann] = accounts;
console.log(`GitHub's double answers at ${api}; its repository acme/fleet lies in ${origin}

account               token              may
${accounts.map((a) => `${a.login.padEnd(21)} ${a.token.padEnd(18)} ${a.permission}`).join("\n")}

as Ann, whose repository it is:
  git clone ${ann === undefined ? "" : hub.urlFor(ann)} fleet && cd fleet
  export GITHUB_API_URL=${api} GITHUB_TOKEN=${actions().token}
  ask() { curl -sS -X "$1" -H "authorization: token ghp_ann" "${api}/repos/acme/fleet$2" \${3:+-d "$3"}; }
  ask POST /pulls/1/reviews '{"event":"APPROVE"}'
`);

let [heard, faults] = [0, 0];
setInterval(() => {
  for (const { account, method, path, status } of hub.heard.slice(heard))
    console.log(`${account.padEnd(21)} ${status} ${method} ${path}`);
  for (const fault of hub.faults.slice(faults)) console.error(`NOT AS GITHUB: ${fault}`);
  [heard, faults] = [hub.heard.length, hub.faults.length];
}, 200);
