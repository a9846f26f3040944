import { materialOf } from "../domain/grading/material.ts";
import { gradingPrompt } from "../domain/grading/prompt.ts";
import { verdictOf } from "../domain/grading/verdict.ts";
import type { Judgement } from "../domain/verdict/hearing.ts";
import { randomId, Sha, type Chance } from "../domain/id.ts";
import type { Spec } from "../domain/spec.ts";
import { combine } from "../domain/verdict/verdict.ts";
import { inconclusive } from "../gate/gate.ts";
import type { Job, Work } from "../port/engine.ts";
import type { Model } from "../port/model.ts";
import type { GraderTrial } from "../port/program.ts";
import type { LayTable } from "../port/tool.ts";
import { loopEngine } from "./loop.ts";

export interface GraderParts {
  /** The grader's model. `nonce` is for a script, which cannot read the order. */
  model(trial: GraderTrial, nonce: string): Model | Promise<Model>;
  /** Why there is no model to be had; null when there is one. */
  unable(trial: GraderTrial): string | null;
  layTable: LayTable;
  pullbeat: string;
  chance: Chance;
  /** Milliseconds of a clock that only moves forward. */
  tick: () => number;
}

/** Letters and digits of a nonce: nobody guesses twenty of them. */
const NONCE = 20;

/**
 * Lets a grader judge: a conversation with tools that only look, ended by one typed answer. Whatever else it ends in could
 * not tell. Null: its model cannot be asked from here.
 */
export const judgeByGrader =
  (parts: GraderParts) =>
  async (trial: GraderTrial): Promise<Judgement | null> => {
    const { gate, grader, changes } = trial;
    const rubric = grader.spec.grades;
    if (rubric === undefined) return cannot(gate, `${grader.spec.name} has no rubric (grades)`);
    if (parts.unable(trial) !== null) return null;
    const material = materialOf(changes);
    if ("unfit" in material) return cannot(gate, material.unfit);
    const nonce = randomId(parts.chance, NONCE);
    const deleted = new Map(
      changes.flatMap((c) => (c.after === null && c.before !== null ? [[c.path, c.before] as const] : [])),
    );
    const table = parts.layTable({ nonce, rubric, deleted });
    const prompt = gradingPrompt({ ...trial, rubric, files: material.files, nonce });
    const engine = loopEngine({
      model: () => parts.model(trial, nonce),
      toolbox: table.toolbox,
      pullbeat: parts.pullbeat,
    });
    const work = await engine.work(jobOf(trial, { prompt, parts }));
    const { name } = grader.spec;
    const grade = work.end.kind === "finished" ? table.taken() : null;
    const verdict =
      grade === null
        ? inconclusive(gate, `${name} gave no verdict: ${endOf(work)}`)
        : verdictOf(gate, { grader: name, rubric, scripted: work.engine.scripted }, grade);
    const { engine: by, spent } = work;
    return { verdict, grading: { agent: name, spec: Sha.parse(grader.blob), engine: by, spent } };
  };

const cannot = (gate: string, sentence: string): Judgement => ({ verdict: inconclusive(gate, sentence) });

const endOf = ({ end }: Work): string =>
  end.kind === "failed" ? `${end.reason} (${end.failure})` : "it ended without one";

/** Milliseconds; a longer timer would fire at once. */
const LONGEST = 2 ** 31 - 1;

/** A work order in which nothing can be worked: the desk shows, the table takes one answer. */
function jobOf(trial: GraderTrial, { prompt, parts }: { prompt: Job["prompt"]; parts: GraderParts }): Job {
  const { grader, task, work, judged, changes } = trial;
  const ms = Math.ceil(grader.spec.budget.attempt.minutes * 60_000);
  return {
    unit: work.unit,
    attempt: 1,
    round: work.round,
    task,
    agent: { ...grader, spec: looking(grader.spec) },
    config: trial.config,
    colleagues: [],
    taken: new Set(),
    tree: judged,
    base: judged,
    also: new Set(changes.map((c) => c.path)),
    prompt,
    shown: [],
    asked: [],
    now: trial.now,
    chance: parts.chance,
    clock: parts.tick,
    compose: (_fields, body) => body,
    barred: () => "a grader asks nobody",
    judge: () => Promise.resolve(combine([TAKEN])),
    judgeQuestion: () => Promise.resolve(combine([])),
    watch: () => {},
    signal: AbortSignal.any([
      AbortSignal.timeout(Math.min(LONGEST, ms)),
      ...(trial.stop ? [trial.stop] : []),
    ]),
  };
}

/** The table has looked at the answer already; there is no work behind it that gates could judge. */
const TAKEN = { gate: "grade", ruling: "pass" as const, sentence: "taken", details: [], mendable: false };

/** The spec with the rights of one who only looks. */
const looking = (spec: Spec): Spec => ({ ...spec, produces: [], escalates: [] });
