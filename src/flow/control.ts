import { backoff, TRIES } from "../domain/backoff.ts";
import { Fault } from "../domain/fault.ts";
import { AgentName, instantOf, randomId, Sha, taskOf, Unit, type Instant } from "../domain/id.ts";
import { nearest } from "../domain/near.ts";
import { controlPath, type Control, type Target, type Verb } from "../domain/record.ts";
import type { Fleet } from "../domain/snapshot.ts";
import { recordText } from "./journal.ts";
import { land } from "./land.ts";
import { read } from "./read.ts";
import type { World } from "./world.ts";

/** What a person orders, as typed. */
export interface Order {
  verb: Verb;
  /** `fleet`, an agent's name, or a task's id. */
  targets: readonly string[];
  who: string;
  why: string;
  until: Instant | null;
}

/** Writes a person's verbs into the journal, where plan, publish and merge read them: they hold at once. */
export async function order(world: World, { verb, targets, who, why, until }: Order): Promise<Control[]> {
  for (let n = 1; n <= TRIES; n++) {
    const snapshot = await read(world);
    const { fleet, now } = snapshot;
    const controls = targets.map((name): Control => {
      const target = targetOf(fleet, verb, name);
      const blob = target.kind === "unit" ? fleet.tasks.get(taskOf(target.unit))?.blob : undefined;
      return {
        version: 1,
        verb,
        target,
        who,
        why,
        at: instantOf(now),
        until,
        taskBlob: verb === "park" && blob !== undefined ? Sha.parse(blob) : null,
        pull: null,
      };
    });
    // Within a second the clock puts nothing in order: the names of the files do.
    const before = snapshot.journal.controls.filter((c) => c.at === instantOf(now)).length;
    const files = controls.map((c, i) => ({
      path: controlPath(c, String(before + i).padStart(4, "0") + randomId(world.clock.chance, 6)),
      content: recordText(c),
    }));
    const subject = `${who}: ${verb} ${targets.join(" ")}`;
    if (await land(world, snapshot, { subject, files, updates: [] })) return controls;
    await world.clock.sleep(backoff(world.clock.chance, n));
  }
  throw new Fault("race", `others won the journal ${TRIES} times in a row`, {
    next: `pullbeat ${verb} again in a minute: nothing was written`,
  });
}

/** What each verb can be about. */
const ABOUT: Readonly<Record<Verb, readonly Target["kind"][]>> = {
  pause: ["fleet", "agent"],
  resume: ["fleet", "agent", "unit"],
  hold: ["fleet", "agent", "unit"],
  park: ["unit"],
  unpark: ["unit"],
  release: ["fleet", "agent", "unit"],
  close: ["unit"],
};

/** As people call them. */
const CALLED = { fleet: "`fleet`", agent: "agents", unit: "tasks" } as const satisfies Record<
  Target["kind"],
  string
>;

/** Whom a typed name means; a `Fault` that says what was probably meant. */
function targetOf(fleet: Fleet, verb: Verb, name: string): Target {
  const meant = meanings(fleet, name);
  const target = meant.find((t) => ABOUT[verb].includes(t.kind));
  if (target !== undefined) return target;
  const [other] = meant;
  const expected = ABOUT[verb].map((kind) => CALLED[kind]).join(" or ");
  if (other !== undefined)
    throw new Fault("usage", `nobody can ${verb} ${name}`, { expected, next: `pullbeat ${verb} --help` });
  const near = nearest(name, ["fleet", ...fleet.agents.keys(), ...fleet.tasks.keys()]);
  throw new Fault("not-found", `there is no agent and no task called ${name}`, {
    expected: near === null ? expected : `perhaps ${near}`,
    next: "pullbeat board lists the tasks",
  });
}

/** A task and an agent may have the same name. */
function meanings(fleet: Fleet, name: string): Target[] {
  const agent = AgentName.safeParse(name);
  const unit = Unit.safeParse(name);
  return [
    ...(name === "fleet" ? [{ kind: "fleet" } as const] : []),
    ...(agent.success && fleet.agents.has(agent.data) ? [{ kind: "agent", agent: agent.data } as const] : []),
    ...(unit.success && fleet.tasks.has(taskOf(unit.data))
      ? [{ kind: "unit", unit: unit.data } as const]
      : []),
  ];
}
