import { z } from "zod";
import type { Config } from "../config.ts";
import type { Finding } from "../finding.ts";
import { AgentName, Instant, PullNumber, Sha } from "../id.ts";
import { Spent } from "../record.ts";
import type { AgentFile, Spec } from "../spec.ts";
import { FaultKind } from "./seed.ts";

/** One question of a calibration: accepted work as it was, or with one fault in it. */
const Sample = z.object({
  pull: PullNumber,
  /** Null for work as it was accepted. */
  fault: z.object({ kind: FaultKind, path: z.string(), line: z.int().positive() }).nullable(),
  ruling: z.enum(["pass", "fail", "inconclusive"]),
});
export type Sample = z.infer<typeof Sample>;

/** What a calibration found: `calibrations/<grader>/<time>-<id>.json`. */
export const Calibration = z.object({
  version: z.literal(1),
  grader: AgentName,
  /** Blob of the spec that was calibrated; another text of it has not been. */
  spec: Sha,
  model: z.string(),
  at: Instant,
  who: z.string(),
  /** Which faults were seeded follows from it. */
  seed: z.int().nonnegative(),
  samples: z.array(Sample),
  spent: Spent,
});
export type Calibration = z.infer<typeof Calibration>;

export const calibrationPath = ({ grader, at }: Pick<Calibration, "grader" | "at">, id: string): string =>
  `calibrations/${grader}/${compact(at)}-${id}.json`;

const compact = (at: Instant): string => at.replaceAll(/[-:]/g, "");

/** The name of the model that an agent works with; of a program its kind. */
export const modelOf = ({ engine }: Spec, config: Config): string =>
  engine.kind === "openai" ? (engine.model ?? config.engines.openai.model) : engine.kind;

/** With fewer seeded faults than this, chance decides. */
const LEAST_FAULTS = 4;

/** What came out of a calibration's samples. */
export interface Tally {
  seeded: number;
  caught: number;
  accepted: number;
  /** Accepted work that it did not let pass, for whatever reason. */
  stopped: number;
  /** Of all samples, those of which it could not tell. */
  unsure: number;
}

export function tallyOf(samples: readonly Sample[]): Tally {
  const seeded = samples.filter((c) => c.fault !== null);
  const accepted = samples.filter((c) => c.fault === null);
  return {
    seeded: seeded.length,
    caught: seeded.filter((c) => c.ruling === "fail").length,
    accepted: accepted.length,
    stopped: accepted.filter((c) => c.ruling !== "pass").length,
    unsure: samples.filter((c) => c.ruling === "inconclusive").length,
  };
}

/** How far a grader's word counts. A grader that nobody calibrated counts: the burden lies with those who doubt it. */
export interface GraderStanding {
  kind: "uncalibrated" | "calibrated" | "advisory";
  /** Why, to be put behind the grader's name. */
  why: string;
}

/** What the journal tells of calibrations, oldest first, and which of its files cannot be read. */
export interface Tried {
  calibrations: readonly Calibration[];
  findings: readonly Pick<Finding, "file">[];
}

/**
 * By the newest calibration of this very spec with this very model that tells something: a further one on too few faults
 * takes nothing back. A newer one that cannot be read may have found the grader wanting: its word is advice until the
 * next one.
 */
export function graderStanding({ spec, blob }: AgentFile, config: Config, tried: Tried): GraderStanding {
  const model = modelOf(spec, config);
  const own = tried.calibrations
    .filter((c) => c.grader === spec.name && c.spec === blob && c.model === model)
    .map((c) => ({ ...tallyOf(c.samples), at: c.at }));
  const last = own.at(-1);
  const told = own.findLast((t) => t.seeded >= LEAST_FAULTS);
  const lost = unreadableSince(told?.at ?? null, spec.name, tried.findings);
  if (lost !== null) return { kind: "advisory", why: `was calibrated, and ${lost} cannot be read` };
  if (last === undefined) return { kind: "uncalibrated", why: "is not calibrated as its spec reads now" };
  if (told === undefined)
    return { kind: "uncalibrated", why: `was tried on ${last.seeded} faults, too few to tell` };
  const bar = spec.grades?.calibration;
  const short = bar === undefined ? [] : shortOf(told, bar);
  const found = `${caughtText(told)} and ${stoppedText(told)}`;
  return short.length === 0
    ? { kind: "calibrated", why: found }
    : { kind: "advisory", why: `${found}, and ${short.join(" and ")}` };
}

/** The file of a grader's calibration that is newer than `at`, by its name, and cannot be read. */
function unreadableSince(at: Instant | null, grader: AgentName, findings: Tried["findings"]): string | null {
  const folder = `calibrations/${grader}/`;
  const since = at === null ? "" : compact(at);
  const lost = findings.find(({ file }) => file.startsWith(folder) && file.slice(folder.length) > since);
  return lost?.file ?? null;
}

export const caughtText = ({ caught, seeded }: Tally): string =>
  `caught ${caught} of ${seeded} seeded faults`;
export const stoppedText = ({ stopped, accepted }: Tally): string =>
  `stopped ${stopped} of ${accepted} accepted works`;

function shortOf(tally: Tally, bar: { caught: number; false_stops: number }): string[] {
  const { seeded, caught, accepted, stopped } = tally;
  return [
    ...(caught < bar.caught * seeded - 1e-9 ? [`${percent(bar.caught)} must be caught`] : []),
    ...(stopped > bar.false_stops * accepted + 1e-9 ? [`${percent(bar.false_stops)} may be stopped`] : []),
  ];
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

/** Gates whose grader is below its bar: their word is advice, and what needs them needs a person. */
export function advisoryGates(
  { config, agents }: { config: Config; agents: ReadonlyMap<AgentName, AgentFile> },
  tried: Tried,
): { gate: string; sentence: string }[] {
  return Object.entries(config.gates).flatMap(([gate, settings]) => {
    const grader = settings.kind === "grader" ? agents.get(settings.grader) : undefined;
    const standing = grader === undefined ? null : graderStanding(grader, config, tried);
    if (grader === undefined || standing?.kind !== "advisory") return [];
    const sentence = `The word of ${gate} is advice: its grader ${grader.spec.name} ${standing.why}`;
    return [{ gate, sentence }];
  });
}
