import type { Finding } from "../finding.ts";
import type { ToolName } from "../spec.ts";
import { shown } from "./phrase.ts";
import { NO_TIMING, specOf } from "./role.ts";
import { noteAt, stemOf, type Drafted, type Source } from "./source.ts";
import { timingOf, type Timing } from "./timing.ts";
import { granted, LOOKING, nothing, unknownTools, type Granted } from "./tools.ts";

/**
 * A workflow of GitHub Agentic Workflows (`.github/workflows/*.md`). Its id is the file's name; `name` is for people.
 * https://github.github.io/gh-aw/reference/frontmatter/
 */
export function draftWorkflow(source: Source): Drafted {
  const { timing, notes } = triggers(source);
  return specOf(source, {
    names: [{ text: stemOf(source) }, { text: source.data?.["name"], key: "name" }],
    title: source.data?.["name"],
    timing,
    granted: workflowTools(source),
    understood: ["on", "tools"],
    notes,
  });
}

/** Something under `on`, and where it stands. Schedules go by that name however they are written. */
interface Trigger {
  name: string;
  path: PropertyKey[];
  said: unknown;
}

interface Timed {
  timing: Timing;
  notes: Finding[];
}

/** Ways to start it by hand: here that is what on demand means. */
const BY_HAND = new Set(["workflow_dispatch", "workflow_call"]);

function triggers(source: Source): Timed {
  const events = eventsOf(source.data?.["on"]);
  const notes = events
    .filter(({ name }) => name !== "schedule" && !BY_HAND.has(name))
    .map(({ name, path }) =>
      noteAt(source, path, [
        "trigger",
        `on: ${shown(name)} is not carried over: only its schedule and its tasks wake an agent here`,
      ]),
    );
  const times = events.filter(({ name }) => name === "schedule").flatMap(timesIn);
  const { timing, why } = chosen(
    times,
    events.some(({ name }) => name === "stop-after"),
  );
  if (why === null) return { timing, notes };
  const path = times[0]?.path ?? ["on"];
  return { timing, notes: [...notes, noteAt(source, path, ["schedule", `${why}, so it works on demand`])] };
}

/** `on: daily`, `on: [push, issues]` and `on: { schedule: … }` alike. */
function eventsOf(on: unknown): Trigger[] {
  if (isMapping(on)) return Object.entries(on).map(([name, said]) => ({ name, path: ["on", name], said }));
  if (Array.isArray(on))
    return on.map((said: unknown, i) => ({ name: eventName(said), path: ["on", i], said }));
  return [{ name: eventName(on), path: ["on"], said: on }];
}

function eventName(said: unknown): string {
  if (typeof said !== "string") return JSON.stringify(said ?? null);
  return timingOf(said) === null ? said : "schedule";
}

/** The single times of a schedule: a list of `{ cron: … }`, or the words alone. */
const timesIn = ({ name, path, said }: Trigger): Trigger[] =>
  Array.isArray(said)
    ? said.map((one: unknown, i) => cronIn({ name, path: [...path, i], said: one }))
    : [cronIn({ name, path, said })];

/** An entry that says more than `cron` is not taken for one that does not. */
const cronIn = ({ name, path, said }: Trigger): Trigger =>
  isMapping(said) && Object.keys(said).length === 1 && "cron" in said
    ? { name, path: [...path, "cron"], said: said["cron"] }
    : { name, path, said };

function chosen(times: readonly Trigger[], ends: boolean): { timing: Timing; why: string | null } {
  const onDemand: Timing = { schedule: "on-demand", guess: "its schedule there cannot be said here" };
  const [only, second] = times;
  if (only === undefined) return { timing: NO_TIMING, why: null };
  if (ends) return { timing: onDemand, why: "its schedule ends some day (stop-after), and ours do not" };
  if (second !== undefined)
    return { timing: onDemand, why: `it has ${times.length} schedules, and an agent has one` };
  const timing = typeof only.said === "string" ? timingOf(only.said) : null;
  if (timing === null)
    return { timing: onDemand, why: `the schedule ${shown(only.said)} cannot be said here` };
  return { timing, why: null };
}

/** `edit` is the one tool of theirs that ours can stand for; a workflow sees its repository without any. */
function workflowTools(source: Source): Granted {
  const tools = source.data?.["tools"];
  const guess = "these look; `edit` there became write and edit";
  if (tools === undefined || tools === null) return granted(LOOKING, "the file lists none; these only look");
  if (!isMapping(tools)) return nothing(source, "tools");
  const foreign = Object.keys(tools).filter((name) => name !== "edit");
  const edits = "edit" in tools && tools["edit"] !== false;
  const writing: ToolName[] = edits ? ["write", "edit"] : [];
  const notes = foreign.length === 0 ? [] : [unknownTools(source, foreign)];
  return granted([...LOOKING, ...writing], edits ? guess : "these only look", notes);
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
