import { byWhom, held, paused, pausedUnit, unreadableControl } from "../control/control.ts";
import { graderStanding } from "../grading/calibration.ts";
import { agentOf } from "../plan/halt.ts";
import type { AgentName } from "../id.ts";
import { allowance, ledgerOf } from "../plan/ledger.ts";
import type { Control } from "../record.ts";
import { PERSON } from "../board/standing.ts";
import { gatedNow } from "./decide.ts";
import type { Ground } from "./ground.ts";
import { count, titled } from "./phrase.ts";

/** Something that goes on only when a person acts, or that somebody stopped. */
export interface Stuck {
  kind: "unreadable" | "pause" | "hold" | "parked" | "blocked" | "gate" | "budget" | "missed" | "advisory";
  /** A task, an agent, a file, or `the fleet`. */
  what: string;
  /** Put behind `what`. */
  why: string;
  /** The file to look at; null where there is none on the base branch. */
  file: string | null;
  /** What to type; null where a file has to be edited, or nothing can be done. */
  command: string | null;
}

/** What holds up most first. Tasks that wait for a pull are told with that pull. */
export const stuckNow = (ground: Ground): Stuck[] => [
  ...unreadable(ground),
  ...pauses(ground),
  ...holds(ground),
  ...halted(ground),
  ...parkedTasks(ground),
  ...blockedTasks(ground),
  ...gatedPulls(ground),
  ...budgets(ground),
  ...missed(ground),
  ...doubted(ground),
];

/** Graders that a calibration since the last digest found below their bar. */
function doubted({ snapshot: { fleet, journal }, since }: Ground): Stuck[] {
  return [...fleet.agents.values()].flatMap((file): Stuck[] => {
    const { kind, why } = graderStanding(file, fleet.config, journal);
    const isNews = journal.calibrations.some((c) => c.grader === file.spec.name && c.at >= since);
    if (kind !== "advisory" || !isNews) return [];
    const said = `${why}: its word is advice now, and what needs it needs a person`;
    return [
      {
        kind: "advisory",
        what: file.spec.name,
        why: said,
        file: file.path,
        command: `pullbeat calibrate ${file.spec.name}`,
      },
    ];
  });
}

function unreadable({ snapshot: { fleet, journal } }: Ground): Stuck[] {
  const stopping = unreadableControl(journal);
  const files = fleet.findings.filter((f) => f.level === "error");
  const first = new Map(files.toReversed().map((f) => [f.file, f]));
  return [
    ...journal.findings.map((f) => ({
      kind: "unreadable" as const,
      what: f.file,
      why: `cannot be read in the journal: ${f.message}${f.file === stopping ? "; it may stop anything, so no agent works and nothing merges" : ""}`,
      file: null,
      command: f.file === stopping ? "pullbeat resume fleet" : null,
    })),
    ...[...first.values()].toReversed().map((f) => ({
      kind: "unreadable" as const,
      what: f.file,
      why: `is wrong in line ${f.line}, column ${f.column}: ${f.message}`,
      file: f.file,
      command: "pullbeat check",
    })),
  ];
}

/** Each control once, however many agents or tasks it stops. */
function inForce(found: readonly (Control | null)[]): Control[] {
  return [...new Set(found.filter((c) => c !== null))];
}

function pauses({ snapshot, views }: Ground): Stuck[] {
  const { fleet, journal, now } = snapshot;
  const agents = [...fleet.agents.keys()];
  const units = views.filter((v) => isOpen(v.state)).map((v) => pausedUnit(journal.controls, v.unit, now));
  const found = agents.map((agent) => paused(journal.controls, agent, now));
  return inForce([...found, ...units]).map((control) => {
    const stopped = agents.filter((a) => paused(journal.controls, a, now) === control);
    const tasks = views.filter((v) => stopped.includes(v.agent) && isOpen(v.state));
    const wait = tasks.length === 0 ? "" : `; ${count(tasks.length, "open task")}`;
    return stopper("pause", control, `is paused${byWhom(control)}${wait}`);
  });
}

function holds({ snapshot, views }: Ground): Stuck[] {
  const { fleet, journal, now } = snapshot;
  const on = (agent: AgentName | null, unit: Parameters<typeof held>[1]["unit"]): Control | null =>
    held(journal.controls, { agent, unit }, now);
  const found = [
    on(null, null),
    ...[...fleet.agents.keys()].map((agent) => on(agent, null)),
    ...views.filter((v) => isOpen(v.state)).map((v) => on(v.agent, v.unit)),
  ];
  return inForce(found).map((c) => stopper("hold", c, `is on hold${byWhom(c)}: nothing of it merges`));
}

function stopper(kind: "pause" | "hold", { target }: Control, why: string): Stuck {
  const what = target.kind === "fleet" ? "the fleet" : target.kind === "agent" ? target.agent : target.unit;
  const name = target.kind === "fleet" ? "fleet" : what;
  return { kind, what, why, file: null, command: `pullbeat resume ${name}` };
}

const isOpen = (state: string): boolean => state !== "done" && state !== "dropped";

/** Agents that their own spec stops, or that have none, while they have open tasks. */
function halted({ facts, views }: Ground): Stuck[] {
  const open = Map.groupBy(
    views.filter((v) => isOpen(v.state)),
    (v) => v.agent,
  );
  return [...open].flatMap(([agent, tasks]) => {
    const able = agentOf(agent, facts);
    if (!("halt" in able) || ["broken-journal", "broken-spec"].includes(able.halt.code)) return [];
    const file = facts.snapshot.fleet.agents.get(agent);
    if (file !== undefined && file.spec.status === "active") return [];
    const why = `${able.halt.reason}; ${count(tasks.length, "open task")}`;
    return [{ kind: "blocked" as const, what: agent, why, file: file?.path ?? null, command: null }];
  });
}

const parkedTasks = ({ views }: Ground): Stuck[] =>
  views
    .filter((v) => v.state === "parked")
    .map(({ task, unit, title, reason, file, pull }) => ({
      kind: "parked",
      what: unit,
      why: `${titled(title)} is ${reason}${pull === null ? "" : `; pull ${pull} is open`}`,
      file,
      command: `pullbeat unpark ${task}`,
    }));

/** Needs that can never be met, schedules that never come: their agents work, and still nothing happens. */
function blockedTasks({ facts, views, snapshot: { journal, now } }: Ground): Stuck[] {
  return views
    .filter((v) => v.state === "blocked" && v.acts === PERSON && v.pull === null)
    .filter(
      ({ agent, unit, file }) =>
        !("halt" in agentOf(agent, facts)) &&
        !facts.errors.has(file) &&
        (held(journal.controls, { agent, unit }, now)?.target.kind ?? "fleet") === "fleet" &&
        pausedUnit(journal.controls, unit, now) === null,
    )
    .map(({ unit, title, reason, file }) => ({
      kind: "blocked",
      what: unit,
      why: `${titled(title)} ${reason}`,
      file,
      command: null,
    }));
}

/** What people have decided already, and a gate has not. */
const gatedPulls = (ground: Ground): Stuck[] =>
  gatedNow(ground).map(({ pull, view, why }) => ({
    kind: "gate",
    what: pull.unit ?? `pull ${pull.number}`,
    why: `${titled(view?.title ?? pull.title)} is approved as pull ${pull.number}, and does not merge: ${why}`,
    file: view?.file ?? null,
    command: `pullbeat policy explain ${pull.number}`,
  }));

/** The fleet's own budget is said once. */
function budgets({ facts, snapshot }: Ground): Stuck[] {
  const { fleet, now } = snapshot;
  const ledger = ledgerOf(snapshot);
  const reached = [...fleet.agents.values()].flatMap(({ spec, path }) => {
    if ("halt" in agentOf(spec.name, facts)) return [];
    const allowed = allowance(spec, ledger, { config: fleet.config, now });
    if (!("reason" in allowed)) return [];
    const fleets = allowed.reason.startsWith("the fleet's");
    return [
      {
        kind: "budget" as const,
        what: fleets ? "the fleet" : spec.name,
        why: `can spend no more today: ${allowed.reason}`,
        file: fleets ? ".github/pullbeat.yml" : path,
        command: null,
      },
    ];
  });
  return [...new Map(reached.map((r) => [`${r.what} ${r.why}`, r])).values()];
}

function missed({ records }: Ground): Stuck[] {
  const slots = records.filter((r) => r.outcome === "missed");
  return [...Map.groupBy(slots, (r) => r.agent)].map(([agent, of]) => ({
    kind: "missed",
    what: agent,
    why: `missed ${count(of.length, "slot")}: ${of.at(-1)?.reason}`,
    file: null,
    command: `pullbeat log --agent ${agent}`,
  }));
}
