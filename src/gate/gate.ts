import type { Entry, TextChange } from "../domain/change.ts";
import type { Said } from "../domain/verdict/claims.ts";
import type { Config } from "../domain/config.ts";
import type { Finding } from "../domain/finding.ts";
import type { PullKind } from "../domain/pull/pull.ts";
import type { AgentFile } from "../domain/spec.ts";
import type { TaskFile } from "../domain/board/task.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";

/** Everything a gate may know. Policy (agent, config, task) is the tip's, never the proposal's. */
export interface GateInput {
  /** `work` finishes the task (a duty's occurrence leaves its file alone); `question` only asks. */
  kind: Exclude<PullKind, "archive" | "digest">;
  agent: AgentFile;
  config: Config;
  task: TaskFile;
  /** The whole change from the base, all rounds together; a rename is two of them. */
  changes: readonly TextChange[];
  /** Every file of the base tree. */
  entries: readonly Entry[];
  /** What is wrong with a file of `agents/` or `board/`; nothing for other paths. */
  inspect(path: string, text: string): Finding[];
  sources: GateSources;
  /** What the agent said as it handed the work in; null where a head is judged by itself. */
  said: Said | null;
  /** The highest number that a pull has had so far, 0 for none; null where nobody can tell. */
  pulls: number | null;
  /** A text with front matter fields set and every other byte as it was. */
  edit(text: string, fields: Readonly<Record<string, string>>): string;
}

/** Files that a gate may read besides those of the change. Links, submodules and what is not text are not there: null. */
export interface GateSources {
  base: (path: string) => Promise<string | null>;
  tip: (path: string) => Promise<string | null>;
  /** The front matter of a text as data; null when it has none that can be read. */
  front: (text: string) => Record<string, unknown> | null;
}

/** A check between stages. What it throws counts as inconclusive, and inconclusive is never a pass. */
export interface Gate {
  id: string;
  judge(input: GateInput): GateVerdict | Promise<GateVerdict>;
}

/** The ruling of a gate that lists problems: none is a pass; all of them can be mended by the agent. */
export function ruled(
  gate: string,
  problems: readonly string[],
  words: { pass: string; fail: string },
): GateVerdict {
  const fails = problems.length > 0;
  return {
    gate,
    ruling: fails ? "fail" : "pass",
    sentence: fails ? words.fail : words.pass,
    details: [...problems],
    mendable: true,
  };
}

/** What could not be judged. The agent cannot mend a gap in what is known. */
export const inconclusive = (
  gate: string,
  sentence: string,
  details: readonly string[] = [],
): GateVerdict => ({
  gate,
  ruling: "inconclusive",
  sentence,
  details: [...details],
  mendable: false,
});

/** True when the path is new in the tree. */
export const added = (change: TextChange): boolean => change.oldMode === "000000";
/** True when the path is gone from the tree. */
export const deleted = (change: TextChange): boolean => change.newMode === "000000";

/** The paths of the tree after the change. */
export function pathsAfter({ entries, changes }: Pick<GateInput, "entries" | "changes">): Set<string> {
  const paths = new Set(entries.map((e) => e.path));
  for (const change of changes) {
    if (deleted(change)) paths.delete(change.path);
    else paths.add(change.path);
  }
  return paths;
}
