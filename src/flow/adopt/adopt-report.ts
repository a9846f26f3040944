import type { Finding, Place } from "../../domain/finding.ts";
import type { AgentName } from "../../domain/id.ts";
import type { Placed } from "./adopt-place.ts";

/** A file and what it has become. */
interface Move {
  from: string;
  to: string;
}

/** Keys of tasks that no field of ours holds, once a kind. The place is that of the first. */
interface NotCarried extends Place {
  key: string;
  files: number;
}

/** What `pullbeat adopt` says: each file that was given ends in exactly one of the three lists. */
export interface Adoption {
  created: Move[];
  unchanged: Move[];
  refused: Omit<Finding, "level">[];
  /** Of what was created: what a person should look at. */
  notes: Finding[];
  notCarried: NotCarried[];
  counts: { given: number; created: number; unchanged: number; refused: number; notes: number };
}

/** `stranger`: the agent that was named for tasks and has no spec. */
export function reportOf(placed: readonly Placed[], stranger: AgentName | null): Adoption {
  const made = placed.filter((p) => p.end === "created");
  const created = made.map(({ given, to }) => ({ from: given.file, to }));
  const unchanged = placed.flatMap((p) => (p.end === "unchanged" ? [{ from: p.given.file, to: p.to }] : []));
  const refused = placed.flatMap((p) => (p.end === "refused" ? [listed(p.refusal)] : []));
  const drafts = made.map((p) => p.draft);
  const notes = [...drafts.flatMap((d) => d.notes), ...strangerNotes(stranger, drafts)];
  return {
    created,
    unchanged,
    refused,
    notes,
    notCarried: counted(drafts.flatMap((d) => d.dropped)),
    counts: {
      given: placed.length,
      created: created.length,
      unchanged: unchanged.length,
      refused: refused.length,
      notes: notes.length,
    },
  };
}

const listed = ({ file, line, column, rule, message }: Finding): Omit<Finding, "level"> => ({
  file,
  line,
  column,
  rule,
  message,
});

type Draft = Extract<Placed, { end: "created" }>["draft"];

function strangerNotes(stranger: AgentName | null, drafts: readonly Draft[]): Finding[] {
  const tasks = drafts.filter((d) => d.fields.some((f) => f.key === "agent" && f.value === stranger)).length;
  if (stranger === null || tasks === 0) return [];
  const file = `agents/${stranger}.md`;
  const message = `${tasks === 1 ? "a task waits" : `${tasks} tasks wait`} for ${stranger}, who has no spec yet`;
  return [{ rule: "adopt/no-agent", level: "note", message, file, line: 1, column: 1 }];
}

function counted(dropped: Draft["dropped"]): NotCarried[] {
  const kinds = new Map<string, NotCarried>();
  for (const { key, place } of dropped) {
    const kind = kinds.get(key) ?? { key, files: 0, ...place };
    kinds.set(key, { ...kind, files: kind.files + 1 });
  }
  return [...kinds.values()].toSorted((a, b) => b.files - a.files || (a.key < b.key ? -1 : 1));
}
