import type { AgentName, PullNumber, TaskId } from "../id.ts";
import type { PullKind } from "../pull/pull.ts";
import { attemptsOf, type Ground } from "./ground.ts";

/** A merge since the last digest. */
export interface Landed {
  pull: PullNumber;
  kind: PullKind;
  agent: AgentName | null;
  task: TaskId | null;
  title: string;
  /** Who approved or answered; empty when somebody merged it with git. */
  by: string[];
  /** What was written and still stands, the task's own file left out. */
  files: string[];
  scripted: boolean;
}

/** Beats or attempts of one agent that ended for one reason. */
export interface Grouped {
  agent: AgentName;
  /** A failure's stable code; null for a rest, and for a beat that failed before any attempt. */
  code: string | null;
  /** In one sentence, the newest one. */
  reason: string;
  times: number;
  /** The units, where there were any. */
  units: string[];
}

/** Merges by agent, in the order in which they came. */
export function landedSince({ merges, snapshot }: Ground): Landed[] {
  const { fleet, journal } = snapshot;
  const exists = new Set(fleet.entries.map((e) => e.path));
  const rows = merges.map((m): Landed => {
    const attempts = journal.records.flatMap((r) =>
      r.attempts.filter((a) => a.proposal?.branch === m.branch),
    );
    const file = m.task === null ? undefined : fleet.tasks.get(m.task);
    const wrote = new Set(m.kind === "work" ? attempts.flatMap((a) => a.wrote) : []);
    return {
      pull: m.pull,
      kind: m.kind,
      agent: m.agent,
      task: m.task,
      title:
        m.kind === "archive"
          ? "finished tasks"
          : (file?.task.title ?? attempts.at(-1)?.proposal?.title ?? ""),
      by: m.approvals.map((a) => a.login),
      files: [...wrote].filter((p) => exists.has(p) && p !== file?.path).toSorted(),
      scripted: attempts.some((a) => a.engine.scripted),
    };
  });
  return rows.toSorted((a, b) => order(a.agent ?? "~", b.agent ?? "~"));
}

/** Failed attempts by agent and code, and beats that failed without one; the most frequent first. */
export function failedSince({ records }: Ground): Grouped[] {
  const attempts = attemptsOf(records)
    .filter(({ attempt }) => attempt.outcome === "failed")
    .map(({ agent, attempt: { failure, reason, unit } }) => ({ agent, code: failure, reason, unit }));
  const beats = records
    .filter((r) => r.outcome === "failed" && r.attempts.length === 0)
    .map(({ agent, reason }) => ({ agent, code: null, reason, unit: null }));
  return grouped([...attempts, ...beats], (e) => e.code ?? e.reason);
}

/** Rests by agent and reason. */
export function restedSince({ records }: Ground): Grouped[] {
  const rests = records
    .filter((r) => r.outcome === "rested")
    .map(({ agent, reason }) => ({ agent, code: null, reason, unit: null }));
  return grouped(rests, (e) => e.reason);
}

interface End {
  agent: AgentName;
  code: string | null;
  reason: string;
  unit: string | null;
}

function grouped(ends: readonly End[], by: (end: End) => string): Grouped[] {
  const groups = Map.groupBy(ends, (e) => `${e.agent} ${by(e)}`);
  return [...groups.values()]
    .flatMap((of) => {
      const last = of.at(-1);
      if (last === undefined) return [];
      const { agent, code, reason } = last;
      const units = [...new Set(of.flatMap((e) => e.unit ?? []))];
      return [{ agent, code, reason, times: of.length, units }];
    })
    .toSorted((a, b) => b.times - a.times || order(a.agent, b.agent));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
