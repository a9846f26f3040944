import { Fault } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import type { Sha } from "../domain/id.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { Records } from "../port/records.ts";
import type { Repo } from "../port/repo.ts";
import { composeMatter, editMatter } from "./edit.ts";
import { gatherFleet, SMALLEST, type Gathered } from "./fleet.ts";
import { readEnded, readJournal, type Item } from "./journal.ts";
import { CONFIG, kindOf, parseText, type Leaf } from "./leaf.ts";
import { frontData } from "./matter.ts";
import type { Memo } from "./memo.ts";

/** Records over a repo. Remembers what it parsed for as long as it lives: objects in git never change. */
export function recordsOf(repo: Repo): Records {
  const leaves: Memo<Leaf> = new Map();
  const items: Memo<Item> = new Map();
  return {
    fleet: async (at) => whole(await fleetAt(repo, at, leaves), at),
    journal: (head, now) => readJournal(repo, { head, now, memo: items }),
    ended: (head, number) => readEnded(repo, head, number),
    inspect(path, text) {
      const leaf = leafOf(path, text);
      return leaf?.kind === "bad" ? leaf.findings : [];
    },
    timing: (path, text) => timingOf(leafOf(path, text)),
    front: frontData,
    edit: editMatter,
    compose: composeMatter,
  };
}

async function fleetAt(repo: Repo, at: Sha, memo: Memo<Leaf>): Promise<Gathered> {
  const entries = await repo.entries(at);
  return gatherFleet({ entries, read: (files) => repo.blobs(files.map((f) => f.blob)) }, memo);
}

/** Nothing runs without a config. */
function whole(gathered: Gathered, at: Sha): Fleet {
  const { config } = gathered;
  if (config !== null) return { ...gathered, config };
  const wrong = gathered.findings.filter((f) => f.file === CONFIG);
  if (wrong.some((f) => f.rule === "config/missing"))
    throw new Fault("config", `there is no ${CONFIG} at commit ${at.slice(0, 10)}`, {
      expected: "a config on the base branch",
      next: `create it, commit and push; the smallest is:\n${SMALLEST}`,
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
