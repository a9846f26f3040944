import type { Defence } from "./defence.ts";

const grader = (named: string): Pick<Defence, "test" | "named"> => ({
  test: "test/grading/grader.test.ts",
  named,
});
const attacks = (named: string): Pick<Defence, "test" | "named"> => ({
  test: "test/grading/attacks.test.ts",
  named,
});
const asking = (named: string): Pick<Defence, "test" | "named"> => ({
  test: "test/grading/asking.test.ts",
  named,
});
/** Each change of what a grader judges has it asked once more. */
const anew: Pick<Defence, "file" | "test" | "named"> = {
  file: "src/flow/hearing/grader-seat.ts",
  test: "test/grading/settle.test.ts",
  named: "another change, another order, other settings, another policy and another text of its spec",
};
const NAMED = "[gate, settings, fleet.config.policy, blob, order, identity(change)]";

/** By what a grader judges, and what of its word holds. */
export const GRADING: readonly Defence[] = [
  {
    claim: "no model grades what its author's spec names it for, whatever a job told",
    file: "src/flow/hearing/grader-seat.ts",
    code: "models: [...models, ...declared(snapshot, works)]",
    without: "models: declared(snapshot, works).length === 0 ? [] : models",
    test: "test/grading/attacks.test.ts",
    named: "nor what its author's spec names the same model for, whatever a record says",
  },
  {
    claim: "a grader's proposal stays in its fence",
    file: "src/domain/grading/prompt.ts",
    code: "...files.map(({ path, text }) => fenced(",
    without: "...files.map(({ path, text }) => (",
    ...attacks("a proposal that speaks to its grader stays inside its fence"),
  },
  {
    claim: "the name of a proposal's file stays in the fence, too",
    file: "src/domain/grading/prompt.ts",
    code: "fenced(`file: ${oneLine(path)}\\n${text}`)",
    without: "`file: ${oneLine(path)}\\n${fenced(text)}`",
    ...attacks("a proposal that speaks to its grader stays inside its fence"),
  },
  {
    claim: "an answer is of this very request",
    file: "src/domain/grading/grade.ts",
    code: "if (grade.nonce !== sheet.nonce)",
    without: "if (false)",
    ...grader("a forged nonce is no pass"),
  },
  {
    claim: "every criterion is scored",
    file: "src/domain/grading/grade.ts",
    code: "...(missing.length > 0 ?",
    without: "...(false ?",
    ...grader("a criterion without a score is no pass"),
  },
  {
    claim: "no criterion is scored twice",
    file: "src/domain/grading/grade.ts",
    code: "...(twice.length > 0 ?",
    without: "...(false ?",
    ...grader("a criterion that is scored twice is no pass"),
  },
  {
    claim: "nothing is scored but the rubric's criteria",
    file: "src/domain/grading/grade.ts",
    code: "...unknownIn(given, ids),",
    without: "",
    test: "test/grading/grade.test.ts",
    named: "where one is nobody's, it says so",
  },
  {
    claim: "each low score cites a line",
    file: "src/domain/grading/grade.ts",
    code: "s.score < GOOD && ",
    without: "false && ",
    ...grader("a low score without a line is no pass"),
  },
  {
    claim: "a cited line exists",
    file: "src/domain/grading/grade.ts",
    code: "return line <= most ?",
    without: "return true ?",
    ...grader("a line that does not exist is no pass"),
  },
  {
    claim: "a cited file was seen",
    file: "src/domain/grading/grade.ts",
    code: "if (most === null)",
    without: "if (most === null) return []; else if (false)",
    ...grader("a file that it never saw is no pass"),
  },
  {
    claim: "a part is not judged as the whole: neither of much text",
    file: "src/domain/grading/material.ts",
    code: "return bytes > MOST_BYTES",
    without: "return false",
    ...grader("more than it can be shown is not judged as if it had been seen"),
  },
  {
    claim: "a part is not judged as the whole: nor where something is no text",
    file: "src/domain/grading/material.ts",
    code: "if (binary !== undefined) return",
    without: "if (false) return",
    ...grader("what is not text is not judged as if it had been seen"),
  },
  {
    claim: "a grader has tools that look, and no others",
    file: "src/tool/grade.ts",
    code: "toolbox.offer(spec).filter((t) => looking(spec).includes(t.function.name))",
    without: "toolbox.offer(spec)",
    ...grader("a tool that it was not given does nothing"),
  },
  {
    claim: "nobody grades their own work",
    file: "src/domain/grading/asking.ts",
    code: "if (author.agents.includes(grader)) return",
    without: "if (false) return",
    ...attacks("a grader never judges what it made itself"),
  },
  {
    claim: "nobody grades what they made a part of",
    file: "src/flow/hearing/grader-seat.ts",
    code: ", ...works.map((r) => r.record.agent)]",
    without: "]",
    ...attacks("nor what it made a part of, before the task was given to somebody else"),
  },
  {
    claim: "nobody grades their own model's work, where another is asked for",
    file: "src/domain/grading/asking.ts",
    code: "const same = other_model ?",
    without: "const same = false ?",
    ...attacks("where another model is asked for, one never judges what the same model made"),
  },
  {
    claim: "one model under two dates is one",
    file: "src/domain/grading/asking.ts",
    code: "a === b || a.startsWith(`${b}-20`) || b.startsWith(`${a}-20`)",
    without: "a === b",
    ...asking("where another model is asked for, one model under two dates is one"),
  },
  {
    claim: "where another model is asked for, an unknown one is none",
    file: "src/domain/grading/asking.ts",
    code: "if (other_model && author.models.length === 0)",
    without: "if (false)",
    ...asking("where another model is asked for, one model under two dates is one"),
  },
  {
    claim: "a grader's word is of this pull's branch",
    file: "src/domain/grading/asking.ts",
    code: "h.branch === branch && ",
    without: "",
    ...asking("a word about anything else, or by anybody else, is none"),
  },
  {
    claim: "a grader's word is of this gate",
    file: "src/domain/grading/asking.ts",
    code: "h.gate === gate && ",
    without: "",
    ...asking("a word about anything else, or by anybody else, is none"),
  },
  {
    claim: "a grader's word is of this matter",
    file: "src/domain/grading/asking.ts",
    code: "h.of === of && ",
    without: "",
    ...attacks("a word that is really of this holds, and one of another change"),
  },
  {
    claim: "a grader's word is said by somebody",
    file: "src/domain/grading/asking.ts",
    code: '? verdict.ruling === "inconclusive"',
    without: "? true",
    ...attacks("a word that is really of this holds, and one of another change"),
  },
  {
    claim: "a grader's word is by this grader",
    file: "src/domain/grading/asking.ts",
    code: "grading.agent === spec.name && ",
    without: "",
    ...asking("a word about anything else, or by anybody else, is none"),
  },
  {
    claim: "a grader's word is by this spec",
    file: "src/domain/grading/asking.ts",
    code: " && grading.spec === blob",
    without: "",
    ...asking("a word about anything else, or by anybody else, is none"),
  },
  {
    claim: "a grader's word is of this change",
    code: NAMED,
    without: "[gate, settings, fleet.config.policy, blob, order]",
    ...anew,
  },
  {
    claim: "a grader's word is of this order",
    code: NAMED,
    without: "[gate, settings, fleet.config.policy, blob, identity(change)]",
    ...anew,
  },
  {
    claim: "a grader's word is of these settings",
    code: NAMED,
    without: "[gate, fleet.config.policy, blob, order, identity(change)]",
    ...anew,
  },
  {
    claim: "a grader's word is of this policy",
    code: NAMED,
    without: "[gate, settings, blob, order, identity(change)]",
    ...anew,
  },
];
