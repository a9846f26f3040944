import type { Finding } from "../finding.ts";
import type { AgentName } from "../id.ts";
import { nearest } from "../near.ts";
import type { Fleet } from "../snapshot.ts";
import { openTasks, meant, placeOf, serving } from "./rule.ts";

/** Every agent with a file, also with one that cannot be read: that is said elsewhere, once. */
function known({ agents, entries }: Fleet): Set<string> {
  const files = entries.flatMap((e) => /^agents\/([^/]+)\.md$/.exec(e.path)?.[1] ?? []);
  return new Set([...agents.keys(), ...files]);
}

type Where = Pick<Finding, "file" | "line" | "column">;

/** Tasks, specs and directives that name an agent whom nobody knows. */
export function unknownAgents(fleet: Fleet): Finding[] {
  const names = known(fleet);
  const unknown = (agent: AgentName, rule: string, where: () => Where): Finding[] =>
    names.has(agent)
      ? []
      : [
          {
            rule,
            level: "error",
            message: `there is no agent ${agent}: agents/${agent}.md does not exist${meant(nearest(agent, names))}`,
            ...where(),
          },
        ];
  return [
    ...openTasks(fleet).flatMap((t) =>
      unknown(t.task.agent, "task/unknown-agent", () => placeOf(t, ["agent"])),
    ),
    ...[...fleet.agents.values()].flatMap((a) =>
      a.spec.reports_to === undefined
        ? []
        : unknown(a.spec.reports_to, "spec/unknown-agent", () => placeOf(a, ["reports_to"])),
    ),
    ...fleet.directives.flatMap((d) =>
      d.directive.scope === "all"
        ? []
        : d.directive.scope.flatMap((agent, i) =>
            unknown(agent, "directive/unknown-agent", () => placeOf(d, ["scope", i])),
          ),
    ),
  ];
}

/** The gates that exist. All but `evidence` always judge; a spec may name them. */
export const GATES = ["paths", "size", "secrets", "record", "references", "evidence"] as const;

export const unknownGates = (fleet: Fleet): Finding[] =>
  serving(fleet).flatMap((agent) =>
    agent.spec.gates.flatMap((gate, i): Finding[] => {
      if (GATES.some((g) => g === gate)) return [];
      const message = `there is no gate ${JSON.stringify(gate)}; expected one of ${GATES.join(", ")}${meant(nearest(gate, GATES))}`;
      return [{ rule: "spec/unknown-gate", level: "error", message, ...placeOf(agent, ["gates", i]) }];
    }),
  );

/** People and links find a task by its file's name. */
export const misnamedTasks = (fleet: Fleet): Finding[] =>
  [...fleet.tasks.values()].flatMap((file): Finding[] => {
    const { id } = file.task;
    const name = file.path.split("/").at(-1) ?? "";
    if (name === `${id}.md` || name.startsWith(`${id}-`)) return [];
    const message = `the task's id is ${id}; expected its file to be board/${id}.md or board/${id}-<words>.md`;
    return [{ rule: "task/file-name", level: "error", message, ...placeOf(file, ["id"]) }];
  });
