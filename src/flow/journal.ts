import type { Config } from "../domain/config.ts";
import type { Sha } from "../domain/id.ts";
import type { CommitDraft, FileDraft } from "../port/repo.ts";

/** What is needed to write in the fleet's name. */
export interface Scribe {
  fleet: Config["fleet"];
  now: Date;
}

/** The fleet's own name on a commit; an agent's work carries the agent's name before it. */
export const signature = (fleet: Config["fleet"], agent?: string): { name: string; email: string } => ({
  name: agent === undefined ? fleet.name : `${agent} (${fleet.name})`,
  email: fleet.email,
});

/** A commit that adds files to the journal. Never a merge: a lost race is re-parented and pushed again. */
export function journalDraft(
  head: Sha | null,
  files: readonly FileDraft[],
  message: string,
  by: Scribe,
): CommitDraft {
  return { parents: head === null ? [] : [head], files, message, who: signature(by.fleet), at: by.now };
}

/** A record's text: two-space JSON, so that people can read a journal commit's diff. Half characters would not be read back. */
export const recordText = (record: unknown): string => `${JSON.stringify(record, whole, 2)}\n`;

const whole = (_: string, value: unknown): unknown =>
  typeof value === "string" ? value.toWellFormed() : value;
