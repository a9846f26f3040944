import { startModel } from "./endpoint.ts";
import { makeField } from "./field.ts";
import { compare } from "./measure.ts";
import type { Part } from "./report.ts";

const CONFIG = (url: string): string => `version: 1
roster:
  - { login: ann, emails: [ann@example.com] }
limits: { chain: 1 }
engines:
  openai: { base_url: "${url}", key: BENCH_KEY, model: instant }
`;

const SPEC = `---
name: writer
description: Writes one page for each task
engine: { kind: openai }
produces: ["reports/*.md"]
budget: { beat: { tasks: 1 }, day: { beats: 1000 } }
---
Writes one page for each task.
`;

const task = (n: number): string =>
  `---\nid: page-${n}\ntitle: Write page ${n}\nagent: writer\n---\n## Brief\n\nWrite it.\n`;

/** Each round has a minute of its own: an agent begins one beat a minute at most. */
const at = (round: number): string => new Date(Date.UTC(2026, 10, 25, 12, round)).toISOString();

/** What one attempt costs around its model: claim, prompt, one call, gates, commit, push, pull. The model answers at once. */
export async function attemptPart(dir: string, rounds: number): Promise<Part> {
  const model = await startModel();
  const tasks = Array.from({ length: rounds }, (_, n): [string, string] => [`board/page-${n}.md`, task(n)]);
  const { pullbeat } = await makeField(
    dir,
    new Map([[".github/pullbeat.yml", CONFIG(model.url)], ["agents/writer.md", SPEC], ...tasks]),
  );
  const env = { BENCH_KEY: "none" };
  const taken = await compare(
    [
      { name: "plan", command: (round) => pullbeat(["plan"], { now: at(round), env }) },
      { name: "tick with one attempt", command: (round) => pullbeat(["tick"], { now: at(round), env }) },
    ],
    rounds,
  );
  model.stop();
  const [idle, worked] = taken;
  const value = (worked?.ms ?? Number.NaN) - (idle?.ms ?? Number.NaN);
  return {
    title: "One attempt, the model answers at once",
    taken,
    ratios: [{ what: "an attempt beyond its plan, in ms", value, aim: null }],
  };
}
