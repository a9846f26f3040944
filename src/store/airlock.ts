import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Airlock, Parcel } from "../port/airlock.ts";
import { Refused } from "../domain/airlock.ts";
import { readBundle, writeBundle } from "./bundle.ts";
import { gitIn, lastWords, type Environment, type Git } from "./git.ts";
import { importCommits } from "./import.ts";
import { checkRef } from "./names.ts";
import { tokens } from "./diff.ts";
import { readCommits, type Objects } from "./objects.ts";
import { readPack, type Packed } from "./pack.ts";
import { treeEdits } from "./tree-edits.ts";

interface Clone {
  git: Git;
  gitDir: string;
  objects: Objects;
  env: Environment;
}

/** Everybody's proposals are signed and dated alike: who made them and when is known to those who take them in. */
const WHO = { name: "pullbeat", email: "pullbeat@users.noreply.github.com" };
const AT = new Date(0);
const MESSAGE = "proposal\n";

/** The commit of a proposal, byte for byte. */
const commitText = (tree: string, parent: Sha): string =>
  `tree ${tree}\nparent ${parent}\nauthor ${WHO.name} <${WHO.email}> 0 +0000\ncommitter ${WHO.name} <${WHO.email}> 0 +0000\n\n${MESSAGE}`;

export const airlockIn = (clone: Clone): Airlock => ({
  async wrap(parcel, files) {
    const draft = { parents: [parcel.parent], files, message: MESSAGE, who: WHO, at: AT };
    const [head] = await importCommits(clone, [draft]);
    if (head === undefined) throw new Fault("broken", "a proposal was written and has no id");
    return writeBundle(
      { ...parcel, ref: checkRef(parcel.ref) },
      head,
      await packed(clone.git, head, parcel.parent),
    );
  },
  async unwrap(parcel, bytes) {
    const { head, pack } = readBundle(parcel, Buffer.from(bytes));
    const objects = readPack(pack, parcel.parent.length);
    const tree = treeOf(objects, head, parcel);
    const below = await treeBelow(clone, parcel.parent);
    const edits = await treeEdits(clone.objects, objects, { ...below, now: tree });
    await quarantine(clone, pack);
    return edits;
  },
});

/** Whole objects that `parent` does not have: no deltas, and nothing left out that the other side is to look for. */
async function packed(git: Git, head: Sha, parent: Sha): Promise<Buffer> {
  const flags = ["--revs", "--stdout", "--quiet", "--window=0", "--no-reuse-delta", "--no-reuse-object"];
  return (await git.run(["pack-objects", ...flags], { input: `${head}\n^${parent}\n` })).out;
}

/** The tree of the one commit that a proposal is. Whatever else the commit says, nobody reads; so it may say nothing else. */
function treeOf(objects: ReadonlyMap<Sha, Packed>, head: Sha, { parent }: Parcel): Sha {
  const commit = objects.get(head);
  if (commit?.kind !== "commit") throw new Refused("commit", "its ref names no commit of its pack");
  const text = commit.content.toString("latin1");
  const fields = text.split("\n\n", 1)[0] ?? "";
  const parents = [...fields.matchAll(/^parent (.*)$/gm)].map(([, id]) => id);
  if (parents.length !== 1 || parents[0] !== parent)
    throw new Refused("parents", `its commit has ${parents.length} parents; expected ${parent} alone`);
  const tree = Sha.safeParse(text.slice(5, 5 + parent.length));
  if (!tree.success || text !== commitText(tree.data, parent))
    throw new Refused(
      "commit",
      "its commit says more than a proposal's may: an author, a date, a message or trailers of its own",
    );
  return tree.data;
}

/** The tree of a commit of ours, and the ids of everything in it. */
async function treeBelow({ git, objects }: Clone, parent: Sha): Promise<{ old: Sha; known: Set<string> }> {
  const [commit] = (await readCommits(objects, [parent])).values();
  if (commit === undefined) throw new Fault("git", `the clone does not hold ${parent}`);
  const { out } = await git.run(["ls-tree", "-r", "-t", "-z", "--full-tree", parent]);
  const known = tokens(out).flatMap((line) => line.split("\t", 1)[0]?.split(" ")[2] ?? []);
  return { old: commit.tree, known: new Set(known) };
}

/**
 * git's own look at the objects, in a folder that is thrown away: nothing of them reaches the clone. What is missing
 * is looked up in the clone's objects.
 */
async function quarantine({ gitDir, env }: Clone, pack: Buffer): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "pullbeat-quarantine-"));
  try {
    const apart = { GIT_OBJECT_DIRECTORY: dir, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(gitDir, "objects") };
    const child = gitIn(gitDir, env, apart).start(["index-pack", "--strict", "--stdin"]);
    child.stdin.on("error", () => {});
    child.stdin.end(pack);
    child.stdout.resume();
    const [err, [code]] = await Promise.all([buffer(child.stderr), once(child, "close")]);
    if (code !== 0)
      throw new Refused("objects", `git refuses its objects: ${lastWords(err.toString().trim())}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
