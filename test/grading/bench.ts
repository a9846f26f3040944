import { judgeByGrader } from "../../src/engine/grader.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import type { Model, Reply } from "../../src/port/model.ts";
import { layTable } from "../../src/tool/grade.ts";
import { CONFIG, SPEC, settleBench, type Bench } from "../flow/settle-bench.ts";
import type { Files } from "../world.ts";

/** Every report needs the word of a grader. */
export const GATED = `${CONFIG}gates:
  honest: { kind: grader, grader: checker }
require:
  - { path: [reports/**], gates: [honest] }
`;

export const GRADER = `---
name: checker
description: Checks that reports say what the data say
engine: { kind: openai, model: gpt-5-mini }
reads: [data/**]
never: [praise a report to please its author]
grades:
  criteria:
    - { id: true, weight: 3, one: a number is wrong, five: every number is right }
    - { id: plain, one: nobody understands it, five: anybody understands it }
  pass: 3.5
---
Hold each number against data/.
`.replace("id: true", 'id: "correct"');

/** What a grader's model was sent, and the nonce that stands in it. */
export interface Sent {
  system: string;
  order: string;
  nonce: string;
  /** 1 for the first call of a judgement. */
  turn: number;
  /** The answer to its last call. */
  answered: string;
}

type Call = readonly [name: string, args: unknown];
export type Plays = (sent: Sent) => readonly Call[] | Reply;

/** A model that plays what a test says. */
export function playing(plays: Plays, more: Partial<Model> = {}): Model & { asked: number; sent: Sent[] } {
  const model = {
    name: "gpt-5-mini",
    scripted: false,
    asked: 0,
    sent: [] as Sent[],
    cost: () => 0.01,
    complete({ messages }: Parameters<Model["complete"]>[0]): Promise<Reply> {
      model.asked++;
      const [system, order] = messages.map((m) => m.content ?? "");
      const sent = {
        system: system ?? "",
        order: order ?? "",
        nonce: /with the nonce (\w+)\./.exec(order ?? "")?.[1] ?? "none",
        turn: messages.filter((m) => m.role === "assistant").length + 1,
        answered: messages.findLast((m) => m.role === "tool")?.content ?? "",
      };
      model.sent.push(sent);
      const reply = plays(sent);
      if ("ok" in reply) return Promise.resolve(reply);
      const calls = reply.map(([name, args], i) => ({
        id: `c${model.asked}${i}`,
        name,
        arguments: typeof args === "string" ? args : JSON.stringify(args),
      }));
      const tokens = { input: 1000, cached: 0, output: 100 };
      return Promise.resolve({ ok: true, content: null, calls, finish: "tool_calls", tokens });
    },
    ...more,
  };
  return model;
}

interface Scores {
  correct?: number;
  plain?: number;
  /** Criticism, `criterion path:line text`. */
  says?: readonly string[];
}

/** A grader's answer; low scores are cited on the report's first line unless it says otherwise. */
export function grades({ nonce }: Pick<Sent, "nonce">, { correct = 5, plain = 4, says }: Scores = {}): Call {
  const scores = Object.entries({ correct, plain });
  const cited =
    says ?? scores.filter(([, s]) => s < 4).map(([id]) => `${id} reports/T-aaaa.md:1 it is wrong`);
  return [
    "grade",
    {
      nonce,
      scores: scores.map(([criterion, score]) => ({ criterion, score, why: `it is a ${score}` })),
      criticism: cited.map((line) => {
        const [, criterion, path, at, text] = /^(\S+) (\S+):(\d+) (.*)$/.exec(line) ?? [];
        return { criterion, path, line: Number(at), text };
      }),
      summary: "Looked at every number.",
    },
  ];
}

/** A flow whose grader a model plays, over everything that is real. */
export const gradedFlow = (
  flow: FlowWorld,
  model: Model,
  unable: () => string | null = () => null,
): FlowWorld => {
  const judge = judgeByGrader({
    model: () => model,
    unable,
    layTable,
    pullbeat: "0.0.0-test",
    chance: flow.clock.chance,
    tick: () => flow.clock.tick(),
  });
  return {
    ...flow,
    judge: async (trial) => {
      if (trial.kind === "grader") return judge(trial);
      const { gate } = trial;
      return { verdict: { gate, ruling: "pass", sentence: "fine", details: [], mendable: true } };
    },
  };
};

export interface GradedBench extends Bench {
  model: ReturnType<typeof playing>;
}

/** A fleet of a writer and a grader whose model a test plays. */
export async function gradedBench(plays: Plays, files: Files = {}): Promise<GradedBench> {
  const bench = await settleBench({
    ".github/pullbeat.yml": GATED,
    "agents/writer.md": SPEC,
    "agents/checker.md": GRADER,
    "data/ads.json": '{ "rate": 2.3 }\n',
    ...files,
  });
  const model = playing(plays);
  return { ...bench, model, flow: gradedFlow(bench.flow, model) };
}
