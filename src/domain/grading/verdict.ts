import type { AgentName } from "../id.ts";
import { counted } from "../reason.ts";
import type { GateVerdict } from "../verdict/verdict.ts";
import type { Grade } from "./grade.ts";
import type { Criterion, Rubric } from "./rubric.ts";

/** The weighted mean of complete scores, in millionths' precision, so that 3.5 is 3.5. */
function meanOf({ criteria }: Rubric, scores: Grade["scores"]): number {
  const by = new Map(scores.map((s) => [s.criterion, s.score]));
  const total = criteria.reduce((sum, c) => sum + c.weight, 0);
  const sum = criteria.reduce((so, c) => so + c.weight * (by.get(c.id) ?? 1), 0);
  return Math.round((sum / total) * 1e6) / 1e6;
}

/** Who graded by what; `scripted` where the replies came from a file, and no model judged. */
export interface GradedBy {
  grader: AgentName;
  rubric: Rubric;
  scripted: boolean;
}

/** What a grader's complete answer comes to. Scores are its own; whether they pass is worked out here. */
export function verdictOf(gate: string, { grader, rubric, scripted }: GradedBy, grade: Grade): GateVerdict {
  const mean = meanOf(rubric, grade.scores);
  const low = rubric.criteria.filter((c) => scoreOf(c, grade).score < (c.least ?? 1));
  const passes = mean >= rubric.pass && low.length === 0;
  const found = grade.criticism.length;
  const who = scripted ? `${grader} (scripted)` : grader;
  const why = low.map((c) => `; ${c.id} is ${scoreOf(c, grade).score}, and needs ${c.least}`).join("");
  return {
    gate,
    ruling: passes ? "pass" : "fail",
    sentence: `${who} gives it ${shown(mean)} of 5, and ${rubric.pass} passes${why}${found === 0 ? "" : `; ${counted(found, "criticism")}`}`,
    details: [
      ...worstFirst(rubric, grade).flatMap((c) => criterionLines(c, grade)),
      `In all: ${oneLine(grade.summary)}`,
    ],
    mendable: true,
  };
}

/** Cut, not rounded: 3.499 is not shown as a 3.5 that does not pass. */
const shown = (mean: number): string => String(Math.floor(mean * 100 + 1e-6) / 100);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

type Score = Grade["scores"][number];

const scoreOf = ({ id }: Criterion, { scores }: Grade): Score =>
  scores.find((s) => s.criterion === id) ?? { criterion: id, score: 1, why: "not scored" };

const worstFirst = ({ criteria }: Rubric, grade: Grade): Criterion[] =>
  criteria.toSorted((a, b) => scoreOf(a, grade).score - scoreOf(b, grade).score);

function criterionLines(criterion: Criterion, grade: Grade): string[] {
  const { score, why } = scoreOf(criterion, grade);
  const weight = criterion.weight === 1 ? "" : `, weight ${criterion.weight}`;
  return [
    `${criterion.id} ${score} of 5${weight}: ${oneLine(why)}`,
    ...grade.criticism
      .filter((c) => c.criterion === criterion.id)
      .map((c) => `${c.path}:${c.line}: ${oneLine(c.text)}`),
  ];
}
