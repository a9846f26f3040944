import { all } from "../reason.ts";
import type { GateVerdict, Verdict } from "../verdict/verdict.ts";
import type { Pull } from "./pull.ts";
import { sections, type Section } from "./pull-section.ts";
import { verdictLines } from "./review-text.ts";

/** Gates that do not let a pull pass. */
export const inItsWay = (gates: readonly GateVerdict[]): GateVerdict[] =>
  gates.filter((g) => g.ruling !== "pass");

/** What lets a pull go on that these gates keep from merging, in one sentence. */
export function wayPast(gates: readonly GateVerdict[]): string {
  const named = (ruling: GateVerdict["ruling"]): string[] =>
    gates.filter((g) => g.ruling === ruling).map((g) => g.gate);
  const [failed, untold] = [named("fail"), named("inconclusive")];
  return [
    ...(failed.length === 0 ? [] : [`${all(failed)} failed, which its agent has to mend in another round`]),
    ...(untold.length === 0
      ? []
      : [
          `mend what keeps ${all(untold)} from judging; settle asks again, programs and graders an hour after they could not tell`,
        ]),
  ].join("; ");
}

/**
 * A pull's text as it is true now. What gates said when it was written is history: they judge anew at the tip, more of
 * them than the beat had. While one is in the way, no way to decide is told that leads nowhere.
 */
export function presentBody(
  { number, kind, body }: Pick<Pull, "number" | "kind" | "body">,
  verdict: Verdict,
): string {
  const judged: Section = ["Gates", verdictLines(verdict)];
  const against = inItsWay(verdict.gates);
  if (against.length === 0) return replaced(body, judged);
  const how = [
    `Nobody's word alone merges it now: ${wayPast(against)}.`,
    "",
    `- \`pullbeat policy explain ${number}\`: the whole decision`,
    ...(kind === "work"
      ? [`- \`pullbeat pull request-changes ${number} -m "…"\`: its agent goes on with it, on this branch`]
      : []),
    `- \`pullbeat pull close ${number}\`${kind === "work" || kind === "question" ? ": the task is parked until somebody edits or unparks it" : ""}`,
  ];
  return replaced(replaced(body, judged, "add"), ["How to decide", how], "add");
}

/** The same text with another section under a title. Agents' words are quoted, so none of their lines is a title. */
function replaced(body: string, section: Section, missing: "add" | "leave" = "leave"): string {
  const parts = body.trimEnd().split(/^(?=## )/m);
  const at = parts.findIndex((p) => p.startsWith(`## ${section[0]}\n`));
  const text = sections([section]).trimEnd();
  if (at < 0) return missing === "add" ? `${[body.trimEnd(), text].join("\n\n")}\n` : body;
  return `${parts.map((p, i) => (i === at ? text : p.trimEnd())).join("\n\n")}\n`;
}
