import { Fault } from "../../domain/fault.ts";
import type { GraderGate } from "../../domain/verdict/gates.ts";
import {
  Calibration,
  calibrationPath,
  graderStanding,
  modelOf,
  type Sample,
  type GraderStanding,
} from "../../domain/grading/calibration.ts";
import { questionsOn, type Question } from "../../domain/grading/questions.ts";
import { instantOf, randomId, Sha, type AgentName, type PullNumber } from "../../domain/id.ts";
import { dearest, ledgerOf, spentToday } from "../../domain/plan/ledger.ts";
import { nearest } from "../../domain/text/near.ts";
import { addTokens } from "../../domain/plan/price.ts";
import type { Spent } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import type { Tree } from "../../port/engine.ts";
import { treeOf } from "../verdict/collect.ts";
import { keepWords } from "../hearing/hearing.ts";
import { recordText } from "../journal.ts";
import type { World } from "../world.ts";
import { acceptedFor, type AcceptedWork } from "./accepted.ts";

export interface CalibrationOrder {
  grader: AgentName;
  /** These merged pulls only; none: those that the grader's gates judged or would. */
  from: readonly PullNumber[];
  /** Accepted works at most. */
  works: number;
  seed: number;
  who: string;
  /** Says what would be asked, and asks nobody. */
  dryRun: boolean;
}

export interface Calibrated {
  questions: Question[];
  /** Null for a dry run. */
  calibration: Calibration | null;
  before: GraderStanding;
  after: GraderStanding;
  /** Questions that were left out because the grader's day paid for no more. */
  unasked: number;
}

/**
 * Tries a grader on work that people accepted, as it was and with one known fault in it, by the same door through which it
 * is asked about pulls, and puts what came out into the journal.
 */
export async function calibrate(
  world: World,
  snapshot: Snapshot,
  order: CalibrationOrder,
): Promise<Calibrated> {
  const { fleet, journal } = snapshot;
  const { gate, settings, file } = graderOf(snapshot, order.grader);
  const gates = gatesOf(snapshot, order.grader).map(([name]) => name);
  const works = await acceptedFor(world, snapshot, { ...order, grader: file, gates, most: order.works });
  if (works.length === 0)
    throw new Fault("not-found", `there is no merged work that ${order.grader} could be tried on`, {
      expected: `merged pulls of other agents that ${gates.join(" or ")} would judge, in the last months`,
      next: `pullbeat calibrate ${order.grader} --pulls names merged pulls`,
    });
  const asked = works.flatMap((work) =>
    questionsOn(work, order.seed).map((question) => ({ work, question })),
  );
  const questions = asked.map((a) => a.question);
  const before = graderStanding(file, fleet.config, journal);
  if (order.dryRun) return { questions, calibration: null, before, after: before, unasked: 0 };
  const { samples, spent } = await askAll(world, snapshot, { gate, settings, file, asked });
  const calibration = Calibration.parse({
    version: 1,
    grader: order.grader,
    spec: Sha.parse(file.blob),
    model: modelOf(file.spec, fleet.config),
    at: instantOf(world.clock.now()),
    who: order.who,
    seed: order.seed,
    samples,
    spent,
  });
  const path = calibrationPath(calibration, randomId(world.clock.chance, 6));
  const files = [{ path, content: recordText(calibration) }];
  if (
    !(await keepWords(world, snapshot, {
      subject: `${order.who}: calibrate ${order.grader}`,
      files,
      updates: [],
    }))
  )
    throw new Fault("race", "others won the journal again and again, and the result could not be written", {
      next: "run it again when less is going on",
    });
  const after = graderStanding(file, fleet.config, {
    ...journal,
    calibrations: [...journal.calibrations, calibration],
  });
  return { questions, calibration, before, after, unasked: questions.length - samples.length };
}

const gatesOf = ({ fleet }: Snapshot, grader: AgentName): [string, GraderGate][] =>
  Object.entries(fleet.config.gates).flatMap(([name, gate]) =>
    gate.kind === "grader" && gate.grader === grader ? [[name, gate]] : [],
  );

interface Grader {
  gate: string;
  settings: GraderGate;
  file: AgentFile;
}

function graderOf(snapshot: Snapshot, name: AgentName): Grader {
  const graders = [...snapshot.fleet.agents.values()].filter((a) => a.spec.grades !== undefined);
  const file = graders.find((a) => a.spec.name === name);
  const names = graders.map((a) => a.spec.name);
  const near = nearest(name, names);
  if (file === undefined)
    throw new Fault("not-found", `there is no grader ${name}`, {
      expected: near ?? (names.length === 0 ? "an agent whose spec has grades:" : names.join(", ")),
      next: "pullbeat agents",
    });
  const [own] = gatesOf(snapshot, name);
  if (own === undefined)
    throw new Fault("config", `no gate asks ${name}`, {
      expected: `gates: { ${name}: { kind: grader, grader: ${name} } } in .github/pullbeat.yml`,
    });
  const [gate, settings] = own;
  return { gate, settings, file };
}

interface Asked {
  work: AcceptedWork;
  question: Question;
}

const NOTHING: Spent = { steps: 0, tokens: { input: 0, cached: 0, output: 0 }, usd: 0, ms: 0 };

/** Asks one question after the other, for as long as the grader's day pays for a further one. */
async function askAll(
  world: World,
  snapshot: Snapshot,
  { asked, ...grader }: Grader & { asked: readonly Asked[] },
): Promise<{ samples: Sample[]; spent: Spent }> {
  const { budget } = grader.file.spec;
  const left = budget.day.usd - spentToday(grader.file.spec, ledgerOf(snapshot), snapshot).usd;
  const samples: Sample[] = [];
  let spent = NOTHING;
  for (const one of asked) {
    if ((spent.usd ?? 0) + dearest(grader.file.spec) > left + 1e-9) break;
    const { question } = one;
    const what = question.fault === null ? "as it was" : `with a fault (${question.fault.kind})`;
    world.watch({
      kind: "note",
      text: `${asked.indexOf(one) + 1} of ${asked.length}: pull ${question.pull} ${what}`,
    });
    const word = await ask(world, snapshot, grader, one);
    samples.push({ pull: question.pull, ruling: word.ruling, fault: seedOf(question) });
    spent = added(spent, word.spent);
  }
  return { samples, spent };
}

/** The fault without the text that it made. */
const seedOf = ({ fault }: Question): Sample["fault"] =>
  fault === null ? null : { kind: fault.kind, path: fault.path, line: fault.line };

/** One question, as if a pull asked it. */
async function ask(
  world: World,
  { fleet, now }: Snapshot,
  { gate, settings, file: grader }: Grader,
  { work, question: { changes, fault } }: Asked,
): Promise<{ ruling: Sample["ruling"]; spent: Spent }> {
  const { stop } = world;
  const word = await world.judge?.({
    kind: "grader",
    gate,
    settings,
    config: fleet.config,
    grader,
    judged: fault === null ? work.tree : withText(work.tree, fault),
    tip: treeOf(world.repo, fleet.entries),
    task: work.file,
    work: work.work,
    author: work.author,
    changes,
    directives: fleet.directives,
    now,
    ...(stop === undefined ? {} : { stop }),
  });
  if (word === null || word === undefined)
    throw new Fault("config", `the model of ${grader.spec.name} cannot be asked from here`, {
      expected: `the key that the config names (${fleet.config.engines.openai.key}) in the environment`,
      next: "pullbeat doctor",
    });
  return { ruling: word.verdict.ruling, spent: word.grading?.spent ?? NOTHING };
}

/** A tree in which one file says something else. */
const withText = (tree: Tree, { path, text }: { path: string; text: string }): Tree => ({
  entries: tree.entries,
  read: (asked) => (asked === path ? Promise.resolve(Buffer.from(text)) : tree.read(asked)),
});

const added = (a: Spent, b: Spent): Spent => ({
  steps: a.steps + b.steps,
  tokens: addTokens(a.tokens, b.tokens),
  usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  ms: a.ms + b.ms,
});
