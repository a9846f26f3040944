import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Refs } from "../port/repo.ts";
import { lastWords, type Git } from "./git.ts";
import { checkRef } from "./names.ts";

/** Where single refs are kept that were asked for by name; not under `refs/pullbeat/`, whose copy is pruned. */
const SINGLE = "refs/pullbeat-single";

/** Large, and read one by one. */
const TRANSCRIPTS = "refs/pullbeat/transcripts/";

/** A remote, by the name under which the clone knows it. */
export interface Remote {
  git: Git;
  name: string;
}

/** The remote's refs of these names, as they are now. */
export async function readRefs({ git, name }: Remote, refs: readonly string[]): Promise<Map<string, Sha>> {
  const said = await git.run(["ls-remote", "--quiet", "--end-of-options", name, ...refs], { ok: "any" });
  if (said.code !== 0) throw unreachable(name, said.err);
  const wanted = new Set(refs);
  // A pattern also matches longer names that end like it.
  return new Map([...parseRefs(said.out)].filter(([ref]) => wanted.has(ref)));
}

/** Lines `<object><space or tab><ref>`. */
function parseRefs(out: Buffer): Map<string, Sha> {
  const lines = out
    .toString()
    .split("\n")
    .filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [id, ref = ""] = line.split(/[ \t]/);
      return [ref, Sha.parse(id)] as const;
    }),
  );
}

/** What the remote's HEAD names: from the clone where it was noted, else by asking. */
export async function readHead({ git, name }: Remote): Promise<string> {
  const prefix = `refs/remotes/${name}/`;
  const noted = await git.run(["symbolic-ref", "--quiet", `${prefix}HEAD`], { ok: [0, 1] });
  const here = noted.out.toString().trim();
  if (here.startsWith(prefix)) return here.slice(prefix.length);
  const asked = await git.run(["ls-remote", "--quiet", "--symref", "--end-of-options", name, "HEAD"], {
    ok: "any",
  });
  if (asked.code !== 0) throw unreachable(name, asked.err);
  const [, branch] = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(asked.out.toString()) ?? [];
  if (branch !== undefined) return branch;
  throw await headless({ git, name });
}

/** A remote that is empty, or whose HEAD names a branch that nobody pushed. */
async function headless({ git, name }: Remote): Promise<Fault> {
  const said = await git.run(["ls-remote", "--quiet", "--heads", "--end-of-options", name], { ok: "any" });
  const branches = [...parseRefs(said.out).keys()].map((ref) => ref.slice("refs/heads/".length));
  const [branch] = ["main", "master", ...branches].filter((b) => branches.includes(b));
  if (branch === undefined)
    return new Fault("git", `the remote ${name} has no branch yet`, {
      expected: "a base branch on the remote",
      next: `git push -u ${name} HEAD`,
    });
  return new Fault("git", `the HEAD of remote ${name} names a branch that is not there`, {
    expected: `a HEAD that names the base branch; there are ${branches.slice(0, 5).join(", ")}`,
    next: `git remote set-head ${name} ${branch}`,
  });
}

/** Brings the base branch and everything of pullbeat's but transcripts; the answer is keyed by the remote's names. */
export async function fetchRefs(remote: Remote, base: string): Promise<Refs> {
  const { git, name } = remote;
  const ours = `refs/remotes/${name}/`;
  await fetchSpecs(remote, base, [
    `+refs/heads/${base}:${ours}${base}`,
    `+refs/heads/pullbeat/*:${ours}pullbeat/*`,
    "+refs/pullbeat/*:refs/pullbeat/*",
    `^${TRANSCRIPTS}*`,
  ]);
  const patterns = [`${ours}${base}`, `${ours}pullbeat`, "refs/pullbeat"];
  const said = await git.run(["for-each-ref", "--format=%(objectname) %(refname)", ...patterns]);
  const here = [...parseRefs(said.out)].filter(([ref]) => !ref.startsWith(TRANSCRIPTS));
  return new Map(here.map(([ref, id]) => [ref.replace(ours, "refs/heads/"), id]));
}

/** Names of branches, as the remote has them, whose head is in the history of a commit. */
export async function mergedBranches(
  { git, name }: Remote,
  { tip, prefix }: { tip: Sha; prefix: string },
): Promise<Set<string>> {
  const ours = `refs/remotes/${name}/`;
  const listed = ["for-each-ref", `--merged=${tip}`, "--format=%(refname)", `${ours}${prefix}`];
  const refs = (await git.run(listed)).out.toString().split("\n");
  return new Set(refs.flatMap((ref) => (ref === "" ? [] : [ref.slice(ours.length)])));
}

/** Brings one ref more; null when the remote does not have it. */
export async function fetchSingle(remote: Remote, ref: string): Promise<Sha | null> {
  const id = (await readRefs(remote, [checkRef(ref)])).get(ref);
  if (id === undefined) return null;
  const here = `${SINGLE}/${remote.name}/${ref.slice("refs/".length)}`;
  await fetchSpecs(remote, null, [`+${ref}:${here}`]);
  return Sha.parse((await remote.git.run(["rev-parse", "--verify", here])).out.toString().trim());
}

const FETCH = [
  "fetch",
  "--quiet",
  "--no-tags",
  "--prune",
  "--no-write-fetch-head",
  "--no-recurse-submodules",
  "--no-auto-maintenance",
  "--no-show-forced-updates",
  "--refmap=",
  "--end-of-options",
];

/** Tries again when another pullbeat in the same clone moved the same refs meanwhile. */
async function fetchSpecs(remote: Remote, base: string | null, specs: readonly string[]): Promise<void> {
  const { git, name } = remote;
  for (let tries = 1; ; tries++) {
    const said = await git.run([...FETCH, name, ...specs], { ok: "any" });
    if (said.code === 0) return;
    if (tries < 6 && COLLISION.test(said.err)) await sleep(Math.random() * 100 * 2 ** tries);
    else throw await whyNot(remote, base, said.err);
  }
}

const COLLISION = /cannot lock ref|unable to update local ref|unable to (?:create|write|delete)|\.lock/i;

async function whyNot(remote: Remote, base: string | null, err: string): Promise<Fault> {
  if (base === null || (await readRefs(remote, [`refs/heads/${base}`])).size > 0)
    return unreachable(remote.name, err);
  return new Fault("git", `the remote ${remote.name} has no branch ${base}`, {
    expected: `the base branch ${base}, with .github/pullbeat.yml on it`,
    next: `git push -u ${remote.name} ${base}; after renaming it: git remote set-head ${remote.name} --auto`,
  });
}

/** A remote that gives no answer, in git's own words. */
export const unreachable = (name: string, err: string): Fault =>
  new Fault("remote", `the remote ${name} did not answer: ${lastWords(err)}`, {
    expected: `a remote that can be reached, and may be read and pushed to`,
    next: `try \`git ls-remote ${name}\` in the same folder`,
  });
