import { digestDue } from "../digest/due.ts";
import { dueSlots } from "../plan/due.ts";
import { factsOf } from "../plan/facts.ts";
import type { Finding } from "../finding.ts";
import { dateOf, instantOf, minuteOf, type Instant } from "../id.ts";
import { lint } from "../lint/lint.ts";
import type { Snapshot } from "../snapshot.ts";
import { ticksOnActions } from "./actions.ts";
import type { Diagnosis, FleetFacts, Ground } from "./facts.ts";
import { LOCAL } from "./local-words.ts";

/** What keeps a fleet from standing here at all, first things first. */
export function groundFindings({ git, node, origin, base, clashes, doubts, sealed }: Ground): Diagnosis[] {
  const hasAnswer = origin !== null && doubts.length === 0;
  return [
    ...(isOlder(git, [2, 39]) ? [LOCAL.git(git)] : []),
    ...(isOlder(node, [22, 18]) ? [LOCAL.node(node)] : []),
    ...(origin === null ? [LOCAL.remote()] : []),
    ...doubts.map(LOCAL.doubt),
    ...(hasAnswer && base === null ? [LOCAL.base()] : []),
    ...(sealed.length > 0 ? [LOCAL.sealed(sealed)] : []),
    ...clashes.map(LOCAL.clash),
  ];
}

/** A version that cannot be read is too old. */
function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, first = 0, second = 0] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}

/** What is wrong with the fleet at the tip, whatever forge it uses: who could never decide, who cannot work, what sleeps. */
export function fleetFindings({ snapshot, oldSchemas, inTheWay, workflows }: FleetFacts): Diagnosis[] {
  const { fleet, journal, unable } = snapshot;
  const mistakes = lint(fleet).filter((f) => f.level === "error");
  const [policy, others] = [mistakes.filter(isAboutPolicy), mistakes.filter((f) => !isAboutPolicy(f))];
  const twice = accountsOnRoster(snapshot);
  const [bad, lost] = [filesOf(fleet.findings), filesOf(journal.findings)];
  const isElsewhere = keysAreElsewhere(snapshot, workflows);
  const here = [...unable].filter(([, why]) => !isElsewhere || !isAboutKey(why));
  const reasons = Map.groupBy(here, ([, why]) => why);
  return [
    ...inTheWay.map((branch) => LOCAL.clash(`origin/${branch}`)),
    ...policy.map(LOCAL.policy),
    ...(twice.length > 0 ? [LOCAL.accounts(twice)] : []),
    ...[...reasons].map(([why, who]) =>
      LOCAL.unable(
        why,
        who.map(([agent]) => agent),
      ),
    ),
    ...(lost.length > 0 ? [LOCAL.journal(lost)] : []),
    ...(bad.length > 0 ? [LOCAL.unreadable(bad)] : []),
    ...(others.length > 0 ? [LOCAL.broken(others)] : []),
    ...scheduleFindings(snapshot),
    ...(oldSchemas.length > 0 ? [LOCAL.schemas(oldSchemas)] : []),
  ];
}

/** Where Actions let the fleet tick, its keys are secrets there, and looked for there. */
const keysAreElsewhere = ({ fleet }: Snapshot, workflows: FleetFacts["workflows"]): boolean =>
  fleet.config.forge.kind === "github" && ticksOnActions(workflows);

const isAboutKey = (why: string): boolean => /set [A-Z_][A-Z0-9_]*$/.test(why);

const isAboutPolicy = ({ rule }: Finding): boolean => /^(?:policy|config)\//.test(rule);

const filesOf = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.filter((f) => f.level === "error").map((f) => f.file)),
];

/** Logins of the roster that the fleet itself speaks with. */
function accountsOnRoster({ fleet: { config } }: Snapshot): string[] {
  const { forge, fleet, roster } = config;
  const reviewer = forge.kind === "github" ? forge.reviewer?.account : undefined;
  const own = [
    ...fleet.accounts,
    ...(forge.kind === "github" ? [forge.account] : []),
    ...(reviewer === undefined ? [] : [reviewer]),
  ].map((login) => login.toLowerCase());
  return roster.map((p) => p.login).filter((login) => own.includes(login.toLowerCase()));
}

const HOUR = 3_600_000;

/** Schedules of others come hours late; a slot that is open for longer was woken by nobody. */
const LATE = 6 * HOUR;

function scheduleFindings(snapshot: Snapshot): Diagnosis[] {
  const { fleet, journal, now } = snapshot;
  const late = lateSlots(snapshot);
  // What was due that long ago and is due still.
  const digest = digestDue({ fleet, journal, now: new Date(now.getTime() - LATE) });
  const last =
    journal.records
      .map((r) => r.started)
      .toSorted()
      .at(-1) ?? null;
  const week: string = minuteOf(new Date(now.getTime() - 7 * 24 * HOUR));
  const missed = journal.records.filter((r) => r.outcome === "missed" && r.slot > week).length;
  return [
    ...(late.length > 0 || digest !== null ? [LOCAL.asleep({ late, digest, last })] : []),
    ...(missed > 0 ? [LOCAL.missed(missed)] : []),
  ];
}

/** Slots that have been open for too long, oldest first. */
function lateSlots(snapshot: Snapshot): { agent: string; at: Instant }[] {
  const facts = factsOf(snapshot);
  const agents = [...snapshot.fleet.agents.values()];
  return agents
    .flatMap((file) => dueSlots(file, facts).map((slot) => ({ agent: file.spec.name, at: dateOf(slot) })))
    .filter(({ at }) => snapshot.now.getTime() - at.getTime() > LATE)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ agent, at }) => ({ agent, at: instantOf(at) }));
}
