import type { Entry, Mode, TextChange } from "../../src/domain/change.ts";
import { Config } from "../../src/domain/config.ts";
import { Effect } from "../../src/domain/board/effect.ts";
import { Sha } from "../../src/domain/id.ts";
import { Spec } from "../../src/domain/spec.ts";
import { Task } from "../../src/domain/board/task.ts";
import type { GateInput } from "../../src/gate/gate.ts";
import { editMatter } from "../../src/store/edit.ts";
import { frontData, parseFile } from "../../src/store/matter.ts";

const OWN = "board/T-aaaa-write.md";
export const TASK = `---
# Ann's comment
id: T-aaaa
title: "Write it"   # quoted on purpose
status: todo
agent: writer
produces: [reports/a.md]
---
## Brief
Write it.
`;
export const DONE = TASK.replace("status: todo", "status: done");
const REPORT = "reports/a.md";

const blob = (text: string | null, digit: string): Sha | null =>
  text === null ? null : Sha.parse(digit.repeat(40));
const mode = (text: string | null): Mode => (text === null ? "000000" : "100644");

/** A change by its two texts; null is absent. */
export function change(
  path: string,
  before: string | null,
  after: string | null,
  more: Partial<TextChange> = {},
): TextChange {
  return {
    path,
    oldMode: mode(before),
    oldBlob: blob(before, "1"),
    newMode: mode(after),
    newBlob: blob(after, "2"),
    before,
    after,
    binary: false,
    bytes: Buffer.byteLength(after ?? ""),
    ...more,
  };
}

export const own = (after: string, before = TASK): TextChange => change(OWN, before, after);
export const report = change(REPORT, null, "All is well.\n");

/** Nobody asks a gate where a key stands. */
const at = () => ({ file: OWN, line: 1, column: 1 });

const entry = (path: string): Entry => ({ path, mode: "100644", blob: Sha.parse("1".repeat(40)) });

export const newTask = (lines: Partial<Record<string, string>> = {}): string => {
  const fields = { id: "T-bbbb", title: "Next", agent: "writer", created_by: "writer", depth: "1", ...lines };
  const front = Object.entries(fields).filter(([, value]) => value !== "");
  return `---\n${front.map(([key, value]) => `${key}: ${value}`).join("\n")}\n---\nDo it.\n`;
};

/** An effect's file. */
export const effectText = (lines: Partial<Record<string, string>> = {}): string => {
  const fields = { effect: "campaign.pause", target: "roofing-us", task: "T-aaaa", ...lines };
  const front = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  return `---\n${front.join("\n")}\n---\nIt costs more than it brings in.\n`;
};

interface Setup extends Partial<Pick<GateInput, "kind" | "changes" | "said" | "pulls">> {
  spec?: Record<string, unknown>;
  task?: Record<string, unknown>;
  config?: Record<string, unknown>;
  /** Paths of the base tree besides the task's own file and those that `changes` found there. */
  there?: string[];
  /** Texts of the base tree, for gates that read it; and of the tip's, where it differs. */
  files?: Readonly<Record<string, string>>;
  tip?: Readonly<Record<string, string>>;
}

/** An attempt that every gate passes: it wrote what its task promises, and says that it is done. */
export function attempt(setup: Setup = {}): GateInput {
  const changes = setup.changes ?? [own(DONE), report];
  const there = [
    OWN,
    ...changes.filter((c) => c.oldBlob !== null).map((c) => c.path),
    ...(setup.there ?? []),
    ...Object.keys(setup.files ?? {}),
  ];
  const spec = Spec.parse({
    name: "writer",
    description: "Writes",
    engine: { kind: "scripted", script: "x.jsonl" },
    produces: ["reports/*.md"],
    ...setup.spec,
  });
  const task = Task.parse({
    id: "T-aaaa",
    title: "Write it",
    agent: "writer",
    produces: [REPORT],
    ...setup.task,
  });
  return {
    kind: setup.kind ?? "work",
    agent: { spec, body: "", path: "agents/writer.md", blob: "1".repeat(40), at },
    config: Config.parse({ version: 1, ...setup.config }),
    task: { task, body: "", path: OWN, blob: "1".repeat(40), at },
    changes,
    entries: [...new Set(there)].map(entry),
    inspect(path, text) {
      if (path.startsWith("board/effects/")) {
        const effect = parseFile(path, text, Effect);
        return effect.ok ? [] : effect.findings;
      }
      const read = path.startsWith("board/") ? parseFile(path, text, Task) : { ok: true as const };
      return read.ok ? [] : read.findings;
    },
    edit: editMatter,
    sources: {
      base: (path) => Promise.resolve(setup.files?.[path] ?? null),
      tip: (path) => Promise.resolve((setup.tip ?? setup.files)?.[path] ?? null),
      front: frontData,
    },
    said: setup.said ?? null,
    pulls: setup.pulls ?? null,
  };
}
