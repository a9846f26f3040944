import { boardView } from "../board/board.ts";
import { Fault } from "../fault.ts";
import { AgentName, instantOf, Sha, taskOf, Unit, unitOf, type Instant, type PullNumber } from "../id.ts";
import { nearest } from "../text/near.ts";
import type { Control, Target, Verb } from "../record.ts";
import type { Snapshot } from "../snapshot.ts";

/** What a person orders, as typed. */
export interface Order {
  verb: Verb;
  /** `fleet`, an agent's name, a task's id, or a pull's number, which stands for its task. */
  targets: readonly string[];
  who: string;
  why: string;
  until: Instant | null;
  /** Of a `reassign`: the agent that is to do it. */
  to?: string;
}

/** What each verb can be about, in the order in which a name is looked up. */
const ABOUT: Readonly<Record<Verb, readonly Target["kind"][]>> = {
  pause: ["fleet", "agent", "unit"],
  resume: ["fleet", "agent", "unit"],
  hold: ["fleet", "agent", "unit"],
  park: ["agent", "unit"],
  unpark: ["fleet", "agent", "unit"],
  release: ["fleet", "agent", "unit"],
  close: ["unit"],
  reassign: ["unit"],
};

/** As people call them. */
const CALLED = { fleet: "`fleet`", agent: "agents", unit: "tasks or pulls" } as const satisfies Record<
  Target["kind"],
  string
>;

/** What a person who typed the wrong thing probably wants. */
const INSTEAD: Readonly<Partial<Record<Verb, string>>> = {
  park: "pullbeat pause fleet",
  close: "pullbeat park <agent>, or pullbeat hold",
};

/** What an order comes to, as records; none where there is nothing to do. A `Fault` that says what was probably meant. */
export function ordered(snapshot: Snapshot, order: Order): Control[] {
  const all = order.targets.flatMap((name) => {
    const meant = targetOf(snapshot, order.verb, name);
    return meaning(snapshot, meant, order);
  });
  // Whoever names a task and its pull says it once.
  return [...new Map(all.map((c) => [JSON.stringify(c), c])).values()];
}

type Meant = Target & { pull?: PullNumber };

function meaning(snapshot: Snapshot, meant: Meant, order: Order): Control[] {
  const { verb } = order;
  switch (verb) {
    case "pause":
    case "resume":
    case "hold":
    case "release":
      return [said(snapshot, meant, order)];
    case "park":
      return of(parkable(snapshot, meant), snapshot, order);
    case "unpark":
      return of(parkedIn(snapshot, meant), snapshot, order);
    case "close":
      return closing(snapshot, meant, order);
    case "reassign":
      return giving(snapshot, meant, order);
    default:
      return verb satisfies never;
  }
}

const of = (units: readonly Unit[], snapshot: Snapshot, order: Order): Control[] =>
  units.map((unit) => said(snapshot, { kind: "unit", unit }, order));

/** One record. A park or a close names the version of the task's file: an edit of it ends them. */
function said({ fleet, now }: Snapshot, meant: Meant, { verb, who, why, until }: Order): Control {
  const { pull = null, ...target } = meant;
  const blob = target.kind === "unit" ? fleet.tasks.get(taskOf(target.unit))?.blob : undefined;
  const isPark = verb === "park" || verb === "close";
  return {
    version: 1,
    verb,
    target,
    who,
    why,
    at: instantOf(now),
    until,
    taskBlob: isPark && blob !== undefined ? Sha.parse(blob) : null,
    pull: verb === "close" ? pull : null,
  };
}

/** An agent's tasks are parked one by one: what it is given later is worked. */
function parkable({ fleet }: Snapshot, meant: Target): Unit[] {
  if (meant.kind === "unit") return [meant.unit];
  const own = [...fleet.tasks.values()].filter(
    ({ task }) => meant.kind === "agent" && task.agent === meant.agent && task.status === "todo",
  );
  return own.map(({ task }) => unitOf(task.id));
}

/** Tasks that are parked now, whole ones: of a duty, the next occurrence as well. */
function parkedIn(snapshot: Snapshot, meant: Target): Unit[] {
  if (meant.kind === "unit") return [meant.unit];
  const parked = boardView(snapshot).filter(
    (v) => v.state === "parked" && (meant.kind === "fleet" || v.agent === meant.agent),
  );
  return [...new Set(parked.map((v) => unitOf(v.task)))];
}

/** The task's open pulls by their numbers, so that no later one is meant, and the task itself. */
function closing(snapshot: Snapshot, meant: Meant, order: Order): Control[] {
  if (meant.kind !== "unit") return [];
  const { unit, pull: only } = meant;
  const open = snapshot.pulls.filter(
    (p) => p.state === "open" && (only === undefined ? isWithin(p.unit, unit) : p.number === only),
  );
  const pulls = open.map((p) =>
    said(snapshot, { kind: "unit", unit: p.unit ?? unit, pull: p.number }, order),
  );
  const isNamed = open.some((p) => (p.unit ?? unit) === unit);
  return isNamed ? pulls : [...pulls, said(snapshot, { kind: "unit", unit }, order)];
}

const isWithin = (unit: Unit | null, task: Unit): boolean =>
  unit !== null && (unit === task || unitOf(taskOf(unit)) === task);

/** A task is given whole: a duty with all its occurrences. */
function giving(snapshot: Snapshot, meant: Target, order: Order): Control[] {
  if (meant.kind !== "unit") return [];
  const task = taskOf(meant.unit);
  const file = snapshot.fleet.tasks.get(task);
  if (file === undefined)
    throw new Fault("not-found", `${task} is not on the board`, { next: "pullbeat board" });
  if (file.task.status !== "todo")
    throw new Fault("refused", `${task} is ${file.task.status}`, { expected: "a task that is to be done" });
  const to = agentIn(snapshot, order.to ?? "");
  if (to === file.task.agent) return [];
  const control = said(snapshot, { kind: "unit", unit: unitOf(task) }, order);
  return [{ ...control, reassign: { from: file.writtenFor ?? file.task.agent, to } }];
}

function agentIn({ fleet }: Snapshot, typed: string): AgentName {
  const name = AgentName.safeParse(typed.replace(/^@/, ""));
  if (name.success && fleet.agents.has(name.data)) return name.data;
  const near = nearest(typed, fleet.agents.keys());
  throw new Fault("not-found", typed === "" ? "who is to do it?" : `there is no agent called ${typed}`, {
    expected:
      near === null ? `one of ${[...fleet.agents.keys()].slice(0, 12).join(", ")}` : `perhaps ${near}`,
  });
}

/** Whom a typed name means; a `Fault` that says what was probably meant. */
function targetOf(snapshot: Snapshot, verb: Verb, name: string): Meant {
  const meant = meanings(snapshot, name);
  const target = meant.find((t) => ABOUT[verb].includes(t.kind));
  if (target !== undefined) return target;
  const expected = ABOUT[verb].map((kind) => CALLED[kind]).join(" or ");
  const next = INSTEAD[verb] ?? `pullbeat ${verb} --help`;
  if (meant.length > 0) throw new Fault("usage", `nobody can ${verb} ${name}`, { expected, next });
  if (numberIn(name) !== null)
    throw new Fault("not-found", `there is no open pull ${name}`, { expected, next: "pullbeat pull list" });
  const { agents, tasks } = snapshot.fleet;
  const near = nearest(name.replace(/^@/, ""), ["fleet", ...agents.keys(), ...tasks.keys()]);
  throw new Fault("not-found", `there is no agent and no task called ${name}`, {
    expected: near === null ? expected : `perhaps ${near}`,
    next: "pullbeat board lists the tasks",
  });
}

const numberIn = (name: string): number | null => {
  const [, digits] = /^#?([1-9]\d{0,8})$/.exec(name) ?? [];
  return digits === undefined ? null : Number(digits);
};

/** A task and an agent may have the same name, and a task may be called like a number. */
function meanings({ fleet, pulls }: Snapshot, typed: string): Meant[] {
  const isAgent = typed.startsWith("@");
  const agent = AgentName.safeParse(typed.replace(/^@/, ""));
  const unit = Unit.safeParse(typed);
  const pull = pulls.find((p) => p.state === "open" && p.number === numberIn(typed));
  return [
    ...(typed === "fleet" ? [{ kind: "fleet" } as const] : []),
    ...(agent.success && fleet.agents.has(agent.data) ? [{ kind: "agent", agent: agent.data } as const] : []),
    ...(!isAgent && unit.success && fleet.tasks.has(taskOf(unit.data))
      ? [{ kind: "unit", unit: unit.data } as const]
      : []),
    ...(pull?.unit ? [{ kind: "unit", unit: pull.unit, pull: pull.number } as const] : []),
  ];
}
