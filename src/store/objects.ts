import type { Readable } from "node:stream";
import { Socket } from "node:net";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Commit } from "../port/repo.ts";
import type { Git } from "./git.ts";

type Kind = "blob" | "commit" | "tree";

/** Reads objects by id through one long-lived `git cat-file`. */
export interface Objects {
  /** The bytes of each id, all of the kind asked for. An id that is missing or of another kind is a `Fault` `git`. */
  read(kind: Kind, ids: Iterable<Sha>): Promise<Map<Sha, Buffer>>;
  close(): void;
}

/** The process starts with the first question, and does not keep node alive between questions. */
export function objectsOf(git: Git): Objects {
  let batch: Batch | null = null;
  // One question after the other: answers come in the order of the ids.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read(kind, ids) {
      const wanted = [...new Set(ids)];
      if (wanted.length === 0) return Promise.resolve(new Map());
      const answer = turn.then(() => {
        if (batch === null || batch.ended()) batch = startBatch(git);
        return ask(batch, kind, wanted);
      });
      turn = answer.catch(() => {
        batch?.close();
        batch = null;
      });
      return answer;
    },
    close() {
      batch?.close();
      batch = null;
    },
  };
}

interface Batch {
  write(commands: string): void;
  bytes: Bytes;
  hold(busy: boolean): void;
  ended(): boolean;
  close(): void;
}

function startBatch(git: Git): Batch {
  const child = git.start(["cat-file", "--batch-command", "--buffer"]);
  const streams = [child.stdin, child.stdout, child.stderr];
  // A child that died shows as the end of its output; its streams must not crash us before.
  for (const emitter of [child, ...streams]) emitter.on("error", () => {});
  child.stderr.resume();
  return {
    write: (commands) => void child.stdin.write(commands),
    bytes: bytesOf(child.stdout),
    hold(busy) {
      for (const handle of [child, ...streams.filter((s) => s instanceof Socket)])
        if (busy) handle.ref();
        else handle.unref();
    },
    ended: () => child.exitCode !== null || child.signalCode !== null,
    close: () => void child.kill(),
  };
}

async function ask(batch: Batch, kind: Kind, ids: readonly Sha[]): Promise<Map<Sha, Buffer>> {
  batch.hold(true);
  batch.write(`${ids.map((id) => `contents ${id}\n`).join("")}flush\n`);
  const found = new Map<Sha, Buffer>();
  const wrong: string[] = [];
  for (const id of ids) {
    const [, type, size] = (await batch.bytes.line()).split(" ");
    if (size === undefined) {
      wrong.push(`${id} is missing`);
      continue;
    }
    const content = await batch.bytes.take(Number(size) + 1);
    if (type === kind) found.set(id, content.subarray(0, -1));
    else wrong.push(`${id} is a ${type}`);
  }
  batch.hold(false);
  if (wrong.length === 0) return found;
  throw new Fault("git", `the clone does not hold what was asked for: ${wrong.slice(0, 3).join(", ")}`, {
    expected: `${ids.length} object(s) of kind ${kind}`,
    next: "run `git fsck`, or clone again",
  });
}

interface Bytes {
  /** Up to the next line feed, which is dropped. */
  line(): Promise<string>;
  take(length: number): Promise<Buffer>;
}

function bytesOf(stream: Readable): Bytes {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const next = async (): Promise<Buffer> => {
    const chunk = await chunks.next();
    if (chunk.done === true) throw new Fault("git", "git cat-file ended in the middle of an answer");
    return chunk.value;
  };
  const cut = (length: number): Buffer => {
    const head = held.subarray(0, length);
    held = held.subarray(length);
    return head;
  };
  return {
    async line() {
      while (!held.includes(10)) held = Buffer.concat([held, await next()]);
      return cut(held.indexOf(10) + 1)
        .toString()
        .trimEnd();
    },
    async take(length) {
      const parts = [held];
      for (let size = held.length; size < length;) {
        const part = await next();
        parts.push(part);
        size += part.length;
      }
      if (parts.length > 1) held = Buffer.concat(parts);
      return cut(length);
    },
  };
}

export async function readCommits(objects: Objects, ids: Iterable<Sha>): Promise<Map<Sha, Commit>> {
  const raw = await objects.read("commit", ids);
  return new Map([...raw].map(([id, bytes]) => [id, parseCommit(id, bytes)]));
}

/** A commit object's text, as facts. Text that is not UTF-8 is shown with replacement characters. */
function parseCommit(id: Sha, raw: Buffer): Commit {
  const text = raw.toString();
  const end = text.indexOf("\n\n");
  const head = (end < 0 ? text : text.slice(0, end)).split("\n");
  const all = (key: string): string[] =>
    head.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const author = person(all("author")[0]);
  const committer = person(all("committer")[0]);
  return {
    id,
    tree: Sha.parse(all("tree")[0]),
    parents: all("parent").map((p) => Sha.parse(p)),
    author: { name: author.name, email: author.email },
    committer,
    message: end < 0 ? "" : text.slice(end + 2),
  };
}

function person(line = ""): { name: string; email: string; at: Date } {
  const [, name = "", email = "", seconds = "0"] = /^(.*?) ?<([^>]*)> (-?\d+) [+-]\d{4}$/.exec(line) ?? [];
  return { name, email, at: new Date(Number(seconds) * 1000) };
}
