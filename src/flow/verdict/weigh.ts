import { askedGates, type Decision } from "../../domain/clearance/clearance.ts";
import type { Missing, Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { tierOf } from "../../domain/clearance/tier.ts";
import { combine, type Verdict } from "../../domain/verdict/verdict.ts";
import { knownOf, decideOn, type Known } from "./decide.ts";
import { hallOf, type Hall } from "../hearing/hall.ts";
import { join, jointOf } from "../settle/join.ts";
import type { Matter } from "../hearing/matter.ts";
import { judgePull } from "./verdict.ts";
import type { World } from "../world.ts";

/** A pull with what is known of it, what its gates say, and what follows. */
export interface Weighed {
  known: Known;
  verdict: Verdict;
  decision: Decision;
  /** The same as one tells it: a gate that let this head pass counts as passed until it is asked again. */
  told: Verdict;
  /** Programs and graders that should judge it now: nothing else is in their way. */
  due: Matter[];
}

/** Judges a pull and decides about it, by what the tip says now. Writes nothing, and asks neither program nor grader. */
export async function weigh(world: World, snapshot: Snapshot, pull: Pull): Promise<Weighed> {
  const known = await knownOf(world, snapshot, pull);
  const { policy } = snapshot.fleet.config;
  const names = askedGates(policy, known.facts, tierOf(policy, known.facts));
  const hall = await hallOf(world, snapshot, { pull, names });
  const advisory = new Map(known.facts.advisory.map((a) => [a.gate, a.sentence]));
  const bar = { names: names.filter((name) => !advisory.has(name)), outside: hall.verdicts };
  const verdict = withAdvice(await judgePull(world, snapshot, { pull, bar }), { hall, advisory });
  const decision = decideOn(snapshot, known, verdict);
  const told = hoped(hall, verdict);
  return { known, verdict, told, decision, due: dueIn(hall, { verdict, snapshot, known, told }) };
}

/** What graders below their bar say stands beside the verdict, and moves nothing. */
function withAdvice(
  verdict: Verdict,
  { hall, advisory }: { hall: Hall; advisory: ReadonlyMap<string, string> },
): Verdict {
  const advice = [...hall.verdicts].flatMap(([gate, said]) => {
    const why = advisory.get(gate);
    return why === undefined ? [] : [{ ...said, gate, sentence: `${said.sentence}. ${why}` }];
  });
  return advice.length === 0 ? verdict : { ...verdict, advice };
}

/**
 * Programs are asked when the gates that judge here have passed, and graders when the programs have too: a model costs. A
 * program that let this head pass before the base branch moved is asked again only when the pull would merge then: or else
 * each merge would run it for every open pull.
 */
function dueIn(
  hall: Hall,
  { verdict, snapshot, known, told }: Pick<Weighed, "verdict" | "known" | "told"> & { snapshot: Snapshot },
): Matter[] {
  const here = verdict.gates.filter((g) => !hall.verdicts.has(g.gate));
  if (here.some((g) => g.ruling !== "pass")) return [];
  const programs = hall.unheard.filter((m) => m.kind === "command");
  const wouldMerge = hall.moved.length > 0 && decideOn(snapshot, known, told).kind === "merge";
  const due = wouldMerge ? [...programs, ...hall.moved] : programs;
  const { gates } = snapshot.fleet.config;
  const isDone = told.gates.every((g) => g.ruling === "pass" || gates[g.gate]?.kind === "grader");
  return due.length > 0 || !isDone ? due : hall.unheard;
}

function hoped({ moved }: Hall, verdict: Verdict): Verdict {
  const asked = new Set(moved.map((m) => m.gate));
  const hopes = verdict.gates.map((g) => (asked.has(g.gate) ? { ...g, ruling: "pass" as const } : g));
  return { ...verdict, ...combine(hopes) };
}

/** The same world with what a digest keeps of how gates and people stand to each open pull noted on it. */
export async function withMissing(world: World, snapshot: Snapshot): Promise<Snapshot> {
  const pulls: Pull[] = [];
  for (const pull of snapshot.pulls)
    pulls.push(
      pull.state !== "open" || pull.head === null || pull.kind === "digest"
        ? pull
        : { ...pull, missing: missingIn(await weigh(world, snapshot, pull)) },
    );
  return { ...snapshot, pulls };
}

function missingIn({ told, decision }: Weighed): Missing {
  const isPersons = decision.kind === "pending" && decision.waits.people.length > 0;
  return {
    gates: told.gates
      .filter((g) => g.ruling !== "pass")
      .map(({ gate, ruling, sentence }) => ({ gate, ruling, sentence })),
    word: isPersons ? (decision.reasons.at(-1) ?? null) : null,
  };
}

/** Paths in which a pull cannot be merged mechanically; none for one whose branch is gone. */
export async function conflictsOf(world: World, snapshot: Snapshot, pull: Pull): Promise<string[]> {
  if (pull.head === null) return [];
  const merged = await join(world, jointOf(snapshot, pull, pull.head));
  return "conflicts" in merged ? merged.conflicts : [];
}
