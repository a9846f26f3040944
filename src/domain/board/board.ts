import { isOlder, nextOccurrence } from "../plan/duty.ts";
import { factsOf, unitsOf, type Facts } from "../plan/facts.ts";
import { unitOf, type AgentName, type PullNumber, type TaskId, type Unit } from "../id.ts";
import type { Supersede } from "../plan/plan.ts";
import type { Snapshot } from "../snapshot.ts";
import { PERSON, stands, type TaskState } from "./standing.ts";
import { standingOf } from "./state.ts";
import { isDuty, type Priority, type TaskFile } from "./task.ts";

/** One line of the board. */
export interface TaskView {
  unit: Unit;
  task: TaskId;
  title: string;
  agent: AgentName;
  priority: Priority;
  state: TaskState;
  /** One sentence: by what the state is known. */
  reason: string;
  /** Who acts next: an agent's name, `a person`, `pullbeat`, `the clock` or `nobody`. */
  acts: string;
  /** Needs that are not met. */
  needs: TaskId[];
  file: string;
  pull: PullNumber | null;
}

/**
 * Every unit of the board with its derived state, by file. A duty shows its newest occurrence, and older ones that are
 * open. Without journal, claims and pulls (all empty) it shows what the files alone say.
 */
export function boardView(snapshot: Snapshot): TaskView[] {
  const facts = factsOf(snapshot);
  const files = [...snapshot.fleet.tasks.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return files.flatMap((file) => {
    const units = unitsOf(file, facts);
    return units.length === 0 ? [idleDuty(file, facts)] : units.map((unit) => viewOf(file, unit, facts));
  });
}

function viewOf(
  file: TaskFile,
  unit: Unit,
  facts: Facts,
  standing = standingOf({ file, unit }, facts),
): TaskView {
  const { id, title, agent, priority } = file.task;
  const { state, reason, acts, needs, pull } = standing;
  return {
    unit,
    task: id,
    title,
    agent,
    priority,
    state,
    reason,
    acts,
    needs,
    file: file.path,
    pull: pull?.number ?? null,
  };
}

/** A duty with no occurrence to speak of yet. */
function idleDuty(file: TaskFile, facts: Facts): TaskView {
  const next = nextOccurrence(file, facts.snapshot);
  const standing =
    next === null
      ? stands("blocked", `${file.task.every} never comes`, PERSON)
      : stands("blocked", `first due at ${next}`, "the clock");
  return viewOf(file, unitOf(file.task.id), facts, standing);
}

/** Pulls of older occurrences that give way to the newest one, of duties with `overlap: replace`. */
export function supersedes(facts: Facts): Supersede[] {
  return [...facts.snapshot.fleet.tasks.values()].flatMap(({ task }) => {
    const by = facts.newest.get(task.id) ?? null;
    if (!isDuty(task) || task.overlap !== "replace" || by === null) return [];
    const older = (facts.open.get(task.id) ?? []).filter((unit) => isOlder(unit, by));
    return older.flatMap((unit) =>
      (facts.pulls.get(unit) ?? [])
        .filter((pull) => pull.state === "open")
        .map((pull) => ({ unit, pull: pull.number, by })),
    );
  });
}
