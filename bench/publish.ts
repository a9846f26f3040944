import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { Sha } from "../src/domain/id.ts";
import { openRepo } from "../src/store/repo.ts";
import { GIT_ENV, makeField, type Field } from "./field.ts";
import { AGENTS, agentName, fleetFiles } from "./fleet.ts";
import { median, type Taken } from "./measure.ts";
import type { Part } from "./report.ts";

const PAGE = readFileSync(join(import.meta.dirname, "fleet.ts"), "utf8").slice(0, 2000);
const who = { name: "writer", email: "fleet@example.com" };
const OURS = `${AGENTS} commits and one push`;
const THEIRS = `${AGENTS} work trees, commits and pushes`;

/** The commits of a whole fleet: as pullbeat writes them, and as agents do that each have a work tree. */
export async function publishPart(dir: string, rounds: number): Promise<Part> {
  const field = await makeField(dir, fleetFiles(1000));
  const ours = await repeated(rounds, (round) => batch(field, round));
  const theirs = await repeated(1, () => workTrees(field, join(dir, "trees")));
  const value = ours / theirs;
  return {
    title: "The work of a whole fleet (1,000 tasks on the board)",
    taken: [taken(OURS, ours, rounds), taken(THEIRS, theirs, 1)],
    ratios: [
      { what: `${OURS}, in s`, value: ours / 1000, aim: 0.3 },
      { what: `${OURS} : ${THEIRS}`, value, aim: null },
    ],
  };
}

const taken = (name: string, ms: number, rounds: number): Taken => ({
  name,
  ms,
  cpuMs: null,
  mib: null,
  rounds,
});

async function repeated(rounds: number, once: (round: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await once(round);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Each commit has a file of work and a record, as those of a beat do. */
async function batch({ clone }: Field, round: number): Promise<void> {
  const repo = await openRepo({ dir: clone, remote: "origin", env: { ...process.env, ...GIT_ENV } });
  const base = (await repo.fetch()).get("refs/heads/main") ?? Sha.parse("");
  const ids = await repo.write(
    Array.from({ length: AGENTS }, (_, n) => ({
      parents: [base],
      files: [{ path: `reports/${agentName(n)}/${round}.md`, content: PAGE }],
      message: "a page\n",
      who,
      at: new Date(1_800_000_000_000 + round),
    })),
  );
  const won = await repo.push(
    ids.map((to, n) => ({ ref: `refs/heads/pullbeat/work/${agentName(n)}--${round}`, from: null, to })),
  );
  repo.close();
  if (!won) throw new Error("the push was lost");
}

async function workTrees({ git }: Field, trees: string): Promise<void> {
  for (let n = 0; n < AGENTS; n++) {
    const [branch, tree] = [`tree/${n}`, join(trees, String(n))];
    await git("worktree", "add", "--quiet", "-b", branch, tree, "main");
    const page = join(tree, "reports", agentName(n), "tree.md");
    await mkdir(dirname(page), { recursive: true });
    await writeFile(page, PAGE);
    await git("-C", tree, "add", "--all");
    await git("-C", tree, "commit", "--quiet", "--message=a page");
    await git("-C", tree, "push", "--quiet", "origin", branch);
  }
}
