import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import { textOf } from "../domain/text/text.ts";
import type { Home, OnDisk, Stand } from "../port/home.ts";
import { configured, REMOTE } from "./begin.ts";
import { parseEntries } from "./diff.ts";
import { composeMatter, editMatter, replaceValue } from "./edit.ts";
import { gatherFleet, type Source } from "./fleet.ts";
import { gitAt, noRepository } from "./folder.ts";
import { checkVersion, gitIn, lastWords, type Git } from "./git.ts";
import { importCommits } from "./import.ts";
import type { Leaf } from "./leaf.ts";
import type { Memo } from "./memo.ts";
import { checkPath } from "./names.ts";
import { objectsOf } from "./objects.ts";
import { whole } from "./records.ts";
import { LS_TREE } from "./repo.ts";
import { lastTip, unseen, type Checkout } from "./worktree.ts";

/** The clone in which a person works. `close` ends the reading process, which otherwise ends with ours. */
export async function homeIn(checkout: Checkout): Promise<Home & { close(): void }> {
  const { top, gitDir } = await foldersOf(checkout);
  const git = gitIn(top, checkout.env);
  const objects = objectsOf(git);
  const leaves: Memo<Leaf> = new Map();
  return {
    stand: () => standOf(git),
    hasRemote: async () => (await configured(git, `remote.${REMOTE}.url`)) !== null,
    identity: async () => ({
      name: await configured(git, "user.name"),
      email: await configured(git, "user.email"),
    }),
    look: (path, tip) => look({ dir: top, env: checkout.env }, path, tip),
    put: (path, text) => writeFile(join(top, checkPath(path)), text),
    keep: (name, text, how) =>
      keep(join(gitDir, "pullbeat", name), text, how?.secret === true ? 0o600 : 0o666),
    async fleet(at) {
      const entries = parseEntries((await git.run([...LS_TREE, at])).out);
      const source: Source = {
        entries,
        read: (files) =>
          objects.read(
            "blob",
            files.map((f) => f.blob),
          ),
      };
      return whole(await gatherFleet(source, leaves), at);
    },
    async read(blob) {
      const bytes = (await objects.read("blob", [blob])).get(blob);
      return bytes === undefined ? null : textOf(bytes);
    },
    async write(draft) {
      const [id] = await importCommits({ git, gitDir }, [draft]);
      if (id === undefined) throw new Fault("broken", "a commit was written and has no id");
      return id;
    },
    follow: (commit) => follow(git, commit),
    edit: editMatter,
    replace: replaceValue,
    compose: composeMatter,
    close: () => objects.close(),
  };
}

async function foldersOf({ dir, env }: Checkout): Promise<{ top: string; gitDir: string }> {
  const git = await gitAt(dir, env);
  await checkVersion(git);
  const said = await git.run(["rev-parse", "--show-toplevel", "--absolute-git-dir"], { ok: "any" });
  const [top, gitDir] = said.out.toString().split("\n");
  if (said.code !== 0 || top === undefined || gitDir === undefined) throw noRepository(dir, said.err);
  return { top, gitDir };
}

async function standOf(git: Git): Promise<Stand> {
  const head = await git.run(["symbolic-ref", "--quiet", "--short", "HEAD"], { ok: [0, 1] });
  const commit = await git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { ok: "any" });
  const id = Sha.safeParse(commit.out.toString().trim());
  return { branch: head.out.toString().trim() || null, commit: id.success ? id.data : null };
}

async function look(checkout: Checkout, path: string, tip: Sha | undefined): Promise<OnDisk> {
  const at = join(checkout.dir, checkPath(path));
  const isFile = (await lstat(at).catch(() => null))?.isFile() === true;
  const files = await unseen(checkout, tip ?? (await lastTip(checkout, REMOTE)));
  return {
    text: isFile ? textOf(await readFile(at)) : null,
    unseen: files.find((f) => f.file === path)?.why ?? null,
  };
}

/** git itself sees to it that nothing of the person's is lost: it refuses where a file would be written over. */
async function follow(git: Git, commit: Sha): Promise<string | null> {
  const said = await git.run(["merge", "--ff-only", "--quiet", "--no-stat", "--no-autostash", commit], {
    ok: "any",
  });
  return said.code === 0 ? null : lastWords(said.err);
}

/** An older text of that name stays: this one gets a number. */
async function keep(path: string, text: string, mode: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  for (let n = 1; ; n++) {
    const free = n === 1 ? path : path.replace(/(\.[a-z]+)?$/, `-${n}$1`);
    const taken = await writeFile(free, text, { flag: "wx", mode }).then(
      () => false,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
        return true;
      },
    );
    if (!taken) return free;
  }
}
