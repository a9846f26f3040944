import { Fault } from "../domain/fault.ts";
import { caughtText, stoppedText, tallyOf, type Calibration } from "../domain/grading/calibration.ts";
import type { FaultKind } from "../domain/grading/seed.ts";
import { AgentName, type PullNumber } from "../domain/id.ts";
import { calibrate as calibrateWith, type Calibrated } from "../flow/grading/calibrate.ts";
import { read } from "../flow/read.ts";
import { capital, counted } from "../domain/reason.ts";
import type { ExitCode } from "./exit.ts";
import { numberOf } from "./pull.ts";
import { show, whoami, type Options, type Shell } from "./shell.ts";
import { dollars } from "./words.ts";

const WORKS = 5;
const MOST_WORKS = 50;

/** `pullbeat calibrate <grader>`: what it catches of known faults, and what it stops of accepted work. */
export async function calibrate(
  shell: Shell,
  [name = ""]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const grader = AgentName.safeParse(name);
  if (!grader.success)
    throw new Fault("usage", `${JSON.stringify(name)} is no agent's name`, {
      expected: "pullbeat calibrate <grader>",
    });
  const world = await shell.open();
  const snapshot = await read(world);
  const dryRun = options.dryRun === true;
  const found = await calibrateWith(world, snapshot, {
    grader: grader.data,
    from: pullsIn(options.pulls),
    works: countOf(options.works, "--works", { fallback: WORKS, least: 1, most: MOST_WORKS }),
    seed: countOf(options.seed, "--seed", { fallback: 1, least: 0, most: 2 ** 31 }),
    who: dryRun ? "nobody" : await whoami(shell, snapshot.fleet, options.as),
    dryRun,
  });
  const { calibration, before, after, unasked } = found;
  const rows = found.questions.map(({ pull, fault }, i) => ({
    pull,
    fault: fault === null ? null : { kind: fault.kind, path: fault.path, line: fault.line, what: fault.what },
    ruling: calibration?.samples[i]?.ruling ?? null,
  }));
  const value = {
    grader: grader.data,
    questions: rows,
    ...(calibration === null ? {} : { tally: tallyOf(calibration.samples), spent: calibration.spent }),
    unasked,
    before,
    after,
  };
  show(shell, value, () => (calibration === null ? plannedLines(found) : foundLines(found, calibration)));
  return 0;
}

function pullsIn(text: string | undefined): PullNumber[] {
  return (text ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [numberOf(part.trim())]));
}

function countOf(
  text: string | undefined,
  option: string,
  { fallback, least, most }: { fallback: number; least: number; most: number },
): number {
  if (text === undefined) return fallback;
  const n = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (n >= least && n <= most) return n;
  throw new Fault("usage", `${option} ${text} is no number that can be meant`, {
    expected: `a whole number from ${least} to ${most}`,
  });
}

const KINDS: Readonly<Record<FaultKind, string>> = {
  number: "a number changed",
  dropped: "a line dropped",
  inverted: "a claim inverted",
  rule: "a rule broken",
};

function plannedLines({ questions }: Calibrated): string[] {
  const seeded = questions.filter((q) => q.fault !== null);
  const works = questions.length - seeded.length;
  return [
    `It would be asked about ${counted(works, "accepted work")}, and ${seeded.length} times about one with a fault in it:`,
    ...seeded.map(({ pull, fault }) => `  pull ${pull} ${fault?.path}:${fault?.line} ${fault?.what}`),
  ];
}

/** Each kind with its count, what was missed, and what follows. */
function foundLines(
  { questions, after, unasked }: Calibrated,
  { grader, samples, spent }: Calibration,
): string[] {
  const tally = tallyOf(samples);
  const asked = samples.map((c, i) => ({ ...c, what: questions[i]?.fault?.what ?? "" }));
  const missed = asked.filter((c) => c.fault !== null && c.ruling !== "fail");
  const stopped = asked.filter((c) => c.fault === null && c.ruling !== "pass");
  const { input, output } = spent.tokens;
  return [
    `${grader} ${caughtText(tally)}, and ${stoppedText(tally)}.`,
    ...Object.entries(KINDS).flatMap(([kind, words]) => {
      const of = samples.filter((c) => c.fault?.kind === kind);
      return of.length === 0
        ? [`  ${words}: no place for it in these works`]
        : [`  ${words}: ${of.filter((c) => c.ruling === "fail").length} of ${of.length}`];
    }),
    ...(tally.unsure === 0
      ? []
      : [`It could not tell ${tally.unsure} times; that is neither caught nor let through.`]),
    ...missed.map((c) => `  missed in pull ${c.pull}: ${c.fault?.path}:${c.fault?.line} ${c.what}`),
    ...stopped.map((c) => `  stopped as it was: pull ${c.pull}`),
    `It cost ${dollars(spent.usd)} and ${input + output} tokens in ${counted(samples.length, "question")}.`,
    ...(unasked === 0
      ? []
      : [
          `${capital(counted(unasked, "question"))} more were left out: its day pays for no more (budget.day.usd).`,
        ]),
    STANDS[after.kind](grader, after.why),
  ];
}

const STANDS: Readonly<Record<Calibrated["after"]["kind"], (grader: string, why: string) => string>> = {
  uncalibrated: (grader, why) => `${grader} ${why}: its word counts as before.`,
  calibrated: () => "It reaches its bar: its word counts.",
  advisory: (grader, why) =>
    `${grader} ${why}: its word is advice from now on, and pulls that need it need a person.`,
};
