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
      const target = targetOf(fleet, name);
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
    const files = controls.map((c) => ({
      path: controlPath(c, randomId(world.clock.chance, 6)),
      content: recordText(c),
    }));
    const subject = `${who}: ${verb} ${targets.join(" ")}`;
    if (await land(world, snapshot, { subject, files, updates: [] })) return controls;
    await world.clock.sleep(backoff(world.clock.chance, n));
  }
  throw new Fault("race", `others won the journal ${TRIES} times in a row`, {
    next: "try again in a minute",
  });
}

/** Whom a typed name means; a `Fault` that says what was probably meant. */
function targetOf(fleet: Fleet, name: string): Target {
  if (name === "fleet") return { kind: "fleet" };
  const agent = AgentName.safeParse(name);
  if (agent.success && fleet.agents.has(agent.data)) return { kind: "agent", agent: agent.data };
  const unit = Unit.safeParse(name);
  if (unit.success && fleet.tasks.has(taskOf(unit.data))) return { kind: "unit", unit: unit.data };
  const known = ["fleet", ...fleet.agents.keys(), ...fleet.tasks.keys()];
  const near = nearest(name, known);
  throw new Fault("not-found", `there is no agent and no task called ${name}`, {
    expected: near === null ? "fleet, an agent's name or a task's id" : `perhaps ${near}`,
    next: "pullbeat board lists the tasks",
  });
}
