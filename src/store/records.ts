import { Fault } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import type { Sha } from "../domain/id.ts";
import type { Fleet, Journal } from "../domain/snapshot.ts";
import type { Records } from "../port/records.ts";
import type { Repo } from "../port/repo.ts";
import { alignMatter } from "./align.ts";
import { parseCase } from "./case.ts";
import { composeMatter, editMatter } from "./edit.ts";
import { gatherFleet, SMALLEST, type Gathered } from "./fleet.ts";
import { readDigest, readEnded, readJournal, type Item } from "./journal.ts";
import { remembering, type Kept } from "./kept.ts";
import { CONFIG, kindOf, parseText, type Leaf } from "./leaf.ts";
import { frontData } from "./matter.ts";
import { keyOf, type Memo } from "./memo.ts";

/**
 * Records over a repo. Remembers what it parsed for as long as it lives: objects in git never change. With `kept` it
 * remembers longer, and is not to be decided by: anybody may have written there.
 */
export function recordsOf(repo: Repo, kept?: Kept): Records {
  const leaves: Memo<Leaf> = new Map();
  const items: Memo<Item> = new Map();
  const fleet = (at: Sha, memo: Memo<Leaf>): Promise<Gathered> => fleetAt(repo, at, memo);
  const journal = (head: Sha | null, now: Date, memo: Memo<Item>): Promise<Journal> =>
    readJournal(repo, { head, now, memo });
  return {
    fleet: async (at) =>
      whole(await (kept ? remembering(kept.leaves, (memo) => fleet(at, memo)) : fleet(at, leaves)), at),
    journal: (head, now) =>
      kept ? remembering(kept.items, (memo) => journal(head, now, memo)) : journal(head, now, items),
    ended: (head, number) => readEnded(repo, head, number),
    digest: (head, date) => readDigest(repo, head, date),
    inspect(path, text) {
      const leaf = leafOf(path, text);
      return leaf?.kind === "bad" ? leaf.findings : [];
    },
    spec(file) {
      const leaf = parseText("agent", file);
      return leaf.kind === "agent" ? leaf.file : null;
    },
    case: parseCase,
    timing: (path, text, blob) =>
      timingOf(leaves.get(keyOf({ path, blob: blob ?? "" })) ?? leafOf(path, text)),
    front: frontData,
    edit: editMatter,
    align: alignMatter,
    compose: composeMatter,
  };
}

async function fleetAt(repo: Repo, at: Sha, memo: Memo<Leaf>): Promise<Gathered> {
  const entries = await repo.entries(at);
  return gatherFleet({ entries, read: (files) => repo.blobs(files.map((f) => f.blob)) }, memo);
}

/** Nothing runs without a config. */
export function whole(gathered: Gathered, at: Sha): Fleet {
  const { config } = gathered;
  if (config !== null) return { ...gathered, config };
  const wrong = gathered.findings.filter((f) => f.file === CONFIG);
  if (wrong.some((f) => f.rule === "config/missing"))
    throw new Fault("config", `there is no ${CONFIG} at commit ${at.slice(0, 10)}`, {
      expected: "a config on the base branch",
      next: `pullbeat init writes one, to commit and push; the smallest is:\n${SMALLEST}`,
    });
  throw new Fault("config", wrong.map(located).join("\n"), {
    next: "mend it on the base branch; `pullbeat check` reads the file on your disk",
  });
}

const located = (f: Finding): string => `${f.file}:${f.line}:${f.column}: ${f.message}`;

/** A file of `agents/` or `board/`, read on its own. */
function leafOf(path: string, text: string): Leaf | null {
  const kind = kindOf(path);
  return kind === null || kind === "config" ? null : parseText(kind, { path, blob: "", text });
}

function timingOf(leaf: Leaf | null): string {
  if (leaf?.kind === "agent") {
    const { schedule, timezone, wakes, status } = leaf.file.spec;
    return JSON.stringify([schedule, timezone, wakes, status]);
  }
  if (leaf?.kind !== "task" || leaf.file.task.every === undefined) return "";
  return JSON.stringify([leaf.file.task.every, leaf.file.task.status]);
}
