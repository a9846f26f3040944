import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { CommitDraft, FileDraft } from "../port/repo.ts";
import { adviceOf, lastWords, type Git } from "./git.ts";
import { checkPath } from "./names.ts";

/** fast-import makes commits only on refs. It writes refs at its end, and by then these have been emptied again. */
const BENCH = "refs/pullbeat-bench";

/** Writes commits in one `git fast-import`, and returns their ids in order. Leaves nothing behind but objects. */
export async function importCommits(
  clone: { git: Git; gitDir: string },
  drafts: readonly CommitDraft[],
): Promise<Sha[]> {
  if (drafts.length === 0) return [];
  const stream = Buffer.concat(
    [...script(drafts)].map((part) => (typeof part === "string" ? Buffer.from(part) : part)),
  );
  // --done: a stream that was cut off by a crash makes nothing at all.
  const child = clone.git.start(["fast-import", "--quiet", "--done", "--date-format=raw"]);
  child.stdin.on("error", () => {});
  child.stdin.end(stream);
  const [out, err, [code]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, "close"),
  ]);
  const ids = out
    .toString()
    .split("\n", drafts.length)
    .map((id) => Sha.safeParse(id));
  if (code === 0 && ids.every((id) => id.success)) return ids.map((id) => Sha.parse(id.data));
  await rm(join(clone.gitDir, `fast_import_crash_${child.pid}`), { force: true });
  const why = err.toString().trim();
  throw new Fault("git", `git fast-import failed (${code}): ${lastWords(why)}`, adviceOf(why));
}

function* script(drafts: readonly CommitDraft[]): Generator<string | Uint8Array> {
  const bench = `${BENCH}/${randomUUID()}`;
  for (const [i, draft] of drafts.entries()) {
    yield* commit(`${bench}/${i}`, i + 1, draft);
    yield `get-mark :${i + 1}\n`;
  }
  for (const i of drafts.keys()) yield `reset ${bench}/${i}\n\n`;
  yield "done\n";
}

function* commit(ref: string, mark: number, draft: CommitDraft): Generator<string | Uint8Array> {
  const who = `${plain(draft.who.name)} <${plain(draft.who.email)}> ${Math.floor(draft.at.getTime() / 1000)} +0000`;
  yield `commit ${ref}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n`;
  if (draft.message.includes("\0")) throw new Fault("broken", "a commit message cannot hold a NUL character");
  yield* data(draft.message);
  const [first, ...others] = draft.parents;
  if (first !== undefined) yield `from ${first}\n`;
  for (const parent of others) yield `merge ${parent}\n`;
  if (draft.tree !== undefined) yield `M 040000 ${draft.tree} ""\n`;
  // Deletions first, so that a file may give way to a folder of its name.
  for (const file of draft.files) if (isDeletion(file)) yield `D ${quoted(file.path)}\n`;
  for (const file of draft.files) if (!isDeletion(file)) yield* write(file);
  yield "\n";
}

const isDeletion = (file: FileDraft): boolean => file.content === null && file.blob === undefined;

function* write({ path, mode = "100644", blob, content }: FileDraft): Generator<string | Uint8Array> {
  if (blob !== undefined) yield `M ${mode} ${blob} ${quoted(path)}\n`;
  else {
    yield `M ${mode} inline ${quoted(path)}\n`;
    yield* data(content ?? "");
  }
}

function* data(content: string | Uint8Array): Generator<string | Uint8Array> {
  yield `data ${Buffer.byteLength(content)}\n`;
  yield content;
  yield "\n";
}

/** As git itself does: a name cannot hold what ends it. */
const plain = (name: string): string => name.replaceAll(/[<>\n\r\0]/g, "").trim();

/** C-style, as fast-import reads it back. */
const quoted = (path: string): string =>
  `"${checkPath(path).replaceAll(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
