import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** `gh workflow run <file> --ref <branch> --field chain=<n>`, as far as workflows of ours call it. */
const [, , dir = "", ...args] = process.argv;
const { GH_TOKEN, GH_REPO, GITHUB_API_URL } = process.env;
appendFileSync(join(dir, "gh.log"), `${GH_TOKEN}: ${args.join(" ")}\n`);
if (GITHUB_API_URL !== undefined) {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { ref: { type: "string" }, field: { type: "string", multiple: true } },
  });
  const inputs = Object.fromEntries((values.field ?? []).map((f) => f.split("=", 2)));
  const said = await fetch(
    `${GITHUB_API_URL}/repos/${GH_REPO}/actions/workflows/${positionals[2]}/dispatches`,
    {
      method: "POST",
      headers: { authorization: `token ${GH_TOKEN}` },
      body: JSON.stringify({ ref: values.ref, inputs }),
    },
  );
  if (said.status >= 300) throw new Error(`HTTP ${said.status}: ${await said.text()}`);
}
