import { FIELDS } from "../phone/request.ts";
import { Priority } from "../board/task.ts";
import type { Fleet } from "../snapshot.ts";

export const TASK_FORM = ".github/ISSUE_TEMPLATE/pullbeat-task.yml";

/** GitHub shows no more choices in one list. */
const MOST = 200;

/**
 * An issue form that becomes a task; the label says so. Choices are the agents that may work, in the order of their names; it
 * is written anew when there are others.
 */
export function taskForm({ agents }: Pick<Fleet, "agents">): string {
  const active = [...agents.values()].filter((a) => a.spec.status !== "retired").map((a) => a.spec.name);
  const names = active.toSorted().slice(0, MOST);
  return `# Written by \`pullbeat workflows\`. After a change of the agents, run it again.
name: Task for the fleet
description: Becomes a task on the board, if you are on the roster of .github/pullbeat.yml.
labels: [task]
body:
${names.length === 0 ? input(FIELDS.agent) : dropdown("agent", FIELDS.agent, names)}
${dropdown("priority", FIELDS.priority, Priority.options, Priority.options.indexOf("normal"))}
  - type: textarea
    id: brief
    attributes:
      label: ${FIELDS.brief}
      description: What is to be done, and what its agent should know.
    validations:
      required: true
  - type: textarea
    id: done
    attributes:
      label: ${FIELDS.done}
      description: One fact a line that must hold when it is done.
`;
}

const input = (label: string): string => `  - type: input
    id: agent
    attributes:
      label: ${label}
    validations:
      required: true`;

const dropdown = (
  id: string,
  label: string,
  choices: readonly string[],
  chosen?: number,
): string => `  - type: dropdown
    id: ${id}
    attributes:
      label: ${label}
      options:
${choices.map((choice) => `        - ${JSON.stringify(choice)}`).join("\n")}${chosen === undefined ? "" : `\n      default: ${chosen}`}
    validations:
      required: true`;
