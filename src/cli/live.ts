import type { AgentName } from "../domain/id.ts";
import type { Happening } from "../flow/world.ts";
import { heardLine, inert, stepLine } from "./step-words.ts";
import type { Terminal } from "./terminal.ts";

/** Shows who works now and their last step, one line an agent, each time in place of the lines before. */
export function openLive({
  progress,
  bold,
  dim,
}: Pick<Terminal, "progress" | "bold" | "dim">): (happening: Happening) => void {
  const working = new Map<AgentName, string>();
  /** The call that came last: while a model thinks, it is the news. */
  const called = new Map<AgentName, string>();
  const show = (...below: string[]): void =>
    progress(...[...working].map(([agent, line]) => `${bold(agent)}  ${line}`), ...below);
  return (happening) => {
    switch (happening.kind) {
      case "note":
        return show(inert(happening.text));
      case "attempt":
        called.delete(happening.agent);
        working.set(happening.agent, `${happening.unit}  ${dim(inert(happening.title))}`);
        return show();
      case "step": {
        const { agent, unit, step } = happening;
        const line = stepLine(step);
        if (step.kind === "calls") called.set(agent, line);
        const last = step.kind === "asks" ? called.get(agent) : undefined;
        working.set(agent, `${unit}  ${line}${last === undefined ? "" : `, last ${last}`}`);
        return show();
      }
      case "judged": {
        const failed = happening.verdict.gates.filter((g) => g.ruling !== "pass").map((g) => g.gate);
        const word = failed.length === 0 ? "passes the gates" : `does not pass ${failed.join(", ")}`;
        working.set(happening.agent, `${happening.unit}  ${word}`);
        return show();
      }
      case "heard":
        return show(inert(`${happening.verdict.gate} ${heardLine(happening.pull, happening.verdict)}`));
      case "ends":
        working.delete(happening.agent);
        return show(`${bold(happening.agent)}  publishes its work`);
      default:
        return happening satisfies never;
    }
  };
}
