import { boardView } from "../domain/board/board.ts";
import { Fault } from "../domain/fault.ts";
import { randomId, taskOf, type AgentName, type Unit } from "../domain/id.ts";
import { agentNamed, unitNamed } from "../domain/names.ts";
import type { Manual } from "../domain/plan/planner.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { read } from "../flow/read.ts";
import type { World } from "../flow/world.ts";
import type { Options } from "./shell.ts";

/** A beat that is asked for by hand: of an agent that there is, on a task that is its own and has not ended. */
export async function byHand(world: World, { agent, task }: Options): Promise<Manual | undefined> {
  if (agent === undefined && task === undefined) return undefined;
  if (agent === undefined)
    throw new Fault("usage", "--task needs --agent", {
      expected: "--agent <name>: whoever the task belongs to",
      next: `pullbeat tick --agent <name> --task ${task}`,
    });
  const snapshot = await read(world);
  const id = randomId(world.clock.chance, 6);
  const name = agentNamed(snapshot.fleet, agent);
  if (task === undefined) return { agent: name, id };
  const unit = unitNamed(snapshot.fleet, task);
  refuse(name, unit, snapshot);
  return { agent: name, id, task: unit };
}

/** What no beat of this agent will ever work on. What only has to wait is for the tick to say. */
function refuse(agent: AgentName, unit: Unit, snapshot: Snapshot): void {
  const owner = snapshot.fleet.tasks.get(taskOf(unit))?.task.agent ?? agent;
  const views = boardView(snapshot).filter((v) => v.unit === unit || v.task === String(unit));
  const states = views.map((v) => v.state);
  const last = states.every((s) => s === "done" || s === "dropped") ? states.at(-1) : undefined;
  if (owner === agent && last === undefined) return;
  const whose = owner === agent ? [] : [`${owner}'s`];
  throw new Fault(
    "refused",
    `${unit} is ${[...whose, ...(last === undefined ? [] : [last])].join(", and ")}`,
    {
      expected: `a task of ${agent}'s that is to be done`,
      next:
        last === undefined
          ? `pullbeat tick --agent ${owner} --task ${unit}`
          : `pullbeat board --agent ${agent} --all`,
    },
  );
}
