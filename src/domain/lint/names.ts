import type { Finding } from "../finding.ts";
import { BUILT_IN } from "../verdict/gates.ts";
import type { AgentName } from "../id.ts";
import { isNamedFor } from "../board/task.ts";
import { nearest } from "../text/near.ts";
import type { Fleet } from "../snapshot.ts";
import { inConfig, openTasks, meant, placeOf, serving } from "./rule.ts";

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

/** Gates that exist: those that pullbeat brings along, and those that the config declares. */
const gatesOf = ({ config }: Fleet): string[] => [...BUILT_IN, ...Object.keys(config.gates)];

/** Gates that a spec, a requirement or a tier names and that do not exist. They could never pass. */
export function unknownGates(fleet: Fleet): Finding[] {
  const names = gatesOf(fleet);
  const unknown = (gate: string, rule: string, where: () => Where): Finding[] => {
    if (names.includes(gate)) return [];
    const message = `there is no gate ${JSON.stringify(gate)}; expected one of ${names.join(", ")}${meant(nearest(gate, names))}`;
    return [{ rule, level: "error", message, ...where() }];
  };
  const { require, policy } = fleet.config;
  const asked = [
    ...require.map(({ gates }, i) => ({ gates, key: ["require", i] })),
    ...Object.entries(policy.tiers).map(([tier, { gates }]) => ({ gates, key: ["policy", "tiers", tier] })),
  ];
  return [
    ...serving(fleet).flatMap((agent) =>
      agent.spec.gates.flatMap((gate, i) =>
        unknown(gate, "spec/unknown-gate", () => placeOf(agent, ["gates", i])),
      ),
    ),
    ...asked.flatMap(({ gates, key }) =>
      gates.flatMap((gate, i) =>
        unknown(gate, "policy/unknown-gate", () => inConfig(fleet, [...key, "gates", i])),
      ),
    ),
  ];
}

/** Schemas that the config names and that are not there: their gates could never tell. */
export const missingSchemas = (fleet: Fleet): Finding[] =>
  Object.entries(fleet.config.gates).flatMap(([name, gate]): Finding[] => {
    if (gate.kind !== "schema" || fleet.entries.some((e) => e.path === gate.schema)) return [];
    const message = `the gate ${name} holds ${gate.schema}, and there is no such file`;
    return [
      { rule: "policy/no-schema", level: "error", message, ...inConfig(fleet, ["gates", name, "schema"]) },
    ];
  });

/** People and links find a task by its file's name. */
export const misnamedTasks = (fleet: Fleet): Finding[] =>
  [...fleet.tasks.values()].flatMap((file): Finding[] => {
    const { id } = file.task;
    if (isNamedFor(file.path, id)) return [];
    const message = `the task's id is ${id}; expected its file to be board/${id}.md or board/${id}-<words>.md`;
    return [{ rule: "task/file-name", level: "error", message, ...placeOf(file, ["id"]) }];
  });
