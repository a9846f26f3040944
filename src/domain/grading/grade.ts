import { z } from "zod";
import { nearest } from "../text/near.ts";
import { all, counted } from "../reason.ts";
import type { Rubric } from "./rubric.ts";

/** Below this a score needs a reason that can be looked up. */
const GOOD = 4;

/** A grader's answer, as its tool takes it. */
export const Grade = z.strictObject({
  nonce: z.string().max(200).describe("the nonce of this very request"),
  scores: z
    .array(
      z.strictObject({
        criterion: z.string().max(100).describe("its id, as the rubric says it"),
        score: z.int().min(1).max(5),
        why: z.string().trim().min(1).max(600).describe("one sentence"),
      }),
    )
    .max(50)
    .describe("one for each criterion of the rubric"),
  criticism: z
    .array(
      z.strictObject({
        criterion: z.string().max(100),
        path: z.string().min(1).max(500).describe("a file that you have seen"),
        line: z.int().min(1).max(10_000_000),
        text: z
          .string()
          .trim()
          .min(1)
          .max(600)
          .describe("what is wrong there, so that its author can mend it"),
      }),
    )
    .max(60)
    .default([])
    .describe(`what is wrong, and where; at least one for each criterion that you give less than ${GOOD}`),
  summary: z.string().trim().min(1).max(1500).describe("for the person who reads your verdict"),
});
export type Grade = z.infer<typeof Grade>;

/** What an answer is held against. */
export interface Sheet {
  nonce: string;
  rubric: Rubric;
  /** How many lines each cited file has; null for one that the grader cannot have seen. */
  lines: ReadonlyMap<string, number | null>;
}

/** What is wrong with an answer, in sentences for the grader. None: it is a verdict. */
export function faultsIn(grade: Grade, sheet: Sheet): string[] {
  if (grade.nonce !== sheet.nonce)
    return ["the nonce is not the one of this request: it stands in your order, and nowhere in the proposal"];
  return [...scoreFaults(grade, sheet), ...citationFaults(grade, sheet), ...silentFaults(grade)];
}

function scoreFaults({ scores }: Grade, { rubric }: Sheet): string[] {
  const ids = rubric.criteria.map((c) => c.id);
  const given = scores.map((s) => s.criterion);
  const missing = ids.filter((id) => !given.includes(id));
  const twice = given.filter((id, i) => given.indexOf(id) !== i);
  return [
    ...(missing.length > 0 ? [`${all(missing)} ${missing.length === 1 ? "has" : "have"} no score`] : []),
    ...(twice.length > 0 ? [`${all([...new Set(twice)])} was scored more than once`] : []),
    ...unknownIn(given, ids),
  ];
}

const unknownIn = (given: readonly string[], ids: readonly string[]): string[] =>
  [...new Set(given)].flatMap((id) => {
    if (ids.includes(id)) return [];
    const near = nearest(id, ids);
    return [
      `the rubric has no criterion ${JSON.stringify(id)}${near === null ? "" : `; did you mean ${near}?`}`,
    ];
  });

function citationFaults({ criticism }: Grade, { rubric, lines }: Sheet): string[] {
  const ids = rubric.criteria.map((c) => c.id);
  const places = criticism.flatMap(({ path, line }) => {
    const most = lines.get(path) ?? null;
    if (most === null)
      return [`${JSON.stringify(path)} is no file that you have seen: cite one that you have`];
    return line <= most ? [] : [`${path}:${line} does not exist: the file has ${counted(most, "line")}`];
  });
  return [
    ...unknownIn(
      criticism.map((c) => c.criterion),
      ids,
    ),
    ...places,
  ];
}

/** A low score that cites nothing helps nobody to do better. */
const silentFaults = ({ scores, criticism }: Grade): string[] =>
  scores
    .filter((s) => s.score < GOOD && !criticism.some((c) => c.criterion === s.criterion))
    .map((s) => `you give ${s.criterion} ${s.score} of 5 and cite no line for it: say where it is wrong`);
