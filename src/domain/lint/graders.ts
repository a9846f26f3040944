import type { Finding } from "../finding.ts";
import type { GraderGate } from "../verdict/gates.ts";
import type { Fleet } from "../snapshot.ts";
import type { AgentFile } from "../spec.ts";
import { inConfig, placeOf, serving } from "./rule.ts";

const graderGates = ({ config }: Fleet): [string, GraderGate][] =>
  Object.entries(config.gates).flatMap(([name, gate]) => (gate.kind === "grader" ? [[name, gate]] : []));

/** Gates whose grader could never judge, or does not now. */
export const unfitGraders = (fleet: Fleet): Finding[] =>
  graderGates(fleet).flatMap(([name, { grader }]): Finding[] => {
    const file = fleet.agents.get(grader);
    const isBroken = file === undefined && fleet.entries.some((e) => e.path === `agents/${grader}.md`);
    if (isBroken) return [];
    const wrong = file === undefined ? `and agents/${grader}.md does not exist` : unfit(file);
    if (wrong !== null)
      return [
        {
          rule: "policy/no-grader",
          level: "error",
          message: `the gate ${name} asks ${grader}, ${wrong}`,
          ...inConfig(fleet, ["gates", name, "grader"]),
        },
      ];
    const status = file?.spec.status ?? "active";
    if (status === "active") return [];
    const message = `the gate ${name} asks ${grader}, which is ${status}: nothing that needs it can merge`;
    return [
      { rule: "policy/idle-grader", level: "note", message, ...inConfig(fleet, ["gates", name, "grader"]) },
    ];
  });

function unfit({ spec }: AgentFile): string | null {
  if (spec.grades === undefined)
    return "whose spec does not say how it grades; expected `grades` with criteria";
  return spec.engine.kind === "command"
    ? "which is a program; a grader is a model, and a program is a gate of kind command"
    : null;
}

/** Graders that nobody asks, and those whose own work would need their own word. */
export const graderRoles = (fleet: Fleet): Finding[] =>
  serving(fleet).flatMap((file): Finding[] => {
    const { name, grades, gates } = file.spec;
    const own = graderGates(fleet).flatMap(([gate, { grader }]) => (grader === name ? [gate] : []));
    const asked = gates.findIndex((gate) => own.includes(gate));
    const itself: Finding[] =
      asked < 0
        ? []
        : [
            {
              rule: "spec/grades-itself",
              level: "error",
              message: `${name} asks for ${gates[asked]}, which is its own word: nobody grades their own work, so none of it could merge`,
              ...placeOf(file, ["gates", asked]),
            },
          ];
    const idle: Finding[] =
      grades === undefined || own.length > 0
        ? []
        : [
            {
              rule: "spec/unasked-grader",
              level: "note",
              message: `${name} is a grader, and no gate asks it; expected e.g. gates: { ${name}: { kind: grader, grader: ${name} } } in .github/pullbeat.yml`,
              ...placeOf(file, ["grades"]),
            },
          ];
    return [...itself, ...idle, ...lightCriteria(file)];
  });

/** With less of the whole than this a criterion moves nothing. */
const LEAST = 0.05;

/** A criterion that weighs next to nothing lets everything through that it alone would see. */
function lightCriteria(file: AgentFile): Finding[] {
  const criteria = file.spec.grades?.criteria ?? [];
  const total = criteria.reduce((sum, c) => sum + c.weight, 0);
  return criteria.flatMap((criterion, i): Finding[] => {
    const share = criterion.weight / total;
    if (share >= LEAST || criterion.least !== undefined) return [];
    const message = `${criterion.id} has ${Math.round(share * 1000) / 10}% of the weight, so the worst score in it changes nothing; expected more weight, or least:`;
    return [
      {
        rule: "spec/light-criterion",
        level: "note",
        message,
        ...placeOf(file, ["grades", "criteria", i, "weight"]),
      },
    ];
  });
}
