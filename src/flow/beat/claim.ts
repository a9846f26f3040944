import { readable } from "../../domain/apart.ts";
import { AgentName, Instant, instantOf, Sha, SlotTime, Unit, randomId } from "../../domain/id.ts";
import type { PlannedBeat } from "../../domain/plan/plan.ts";
import { JOURNAL, recordPath } from "../../domain/record.ts";
import type { Claim, Snapshot } from "../../domain/snapshot.ts";
import { stopBefore, withReassigned } from "../../domain/control/stop.ts";
import { composeMessage, readTrailers } from "../../domain/text/trailer.ts";
import type { CommitDraft, RefUpdate, Refs, Repo } from "../../port/repo.ts";
import { signature } from "../journal.ts";
import type { World } from "../world.ts";

const BEATS = "refs/pullbeat/beats/";
const CLAIMS = "refs/pullbeat/claims/";

const beatRef = (agent: AgentName): string => BEATS + agent;
const claimRef = (unit: Unit): string => CLAIMS + unit;

type Unborn = Omit<Claim, "id">;

/**
 * Takes an agent's one live beat and its units, all or nothing, by one atomic push.
 * Returns the claims, or null when somebody else holds one of them: then this beat is lost.
 */
export async function claim(world: World, snapshot: Snapshot, beat: PlannedBeat): Promise<Claim[] | null> {
  const now = world.clock.now();
  const unborn = claimsFor(snapshot, beat, now);
  const drafts = unborn.map((c) => claimDraft(world, snapshot, c));
  const ids = await world.repo.write(drafts);
  const claims = unborn.flatMap((c, i) => {
    const id = ids[i];
    return id === undefined ? [] : [{ ...c, id }];
  });
  if (!(await world.repo.push(updates(claims, beat.takes)))) return null;
  if (!(await overtaken(world, snapshot, beat))) return claims;
  await world.repo.push(claims.map((c) => ({ ref: c.ref, from: c.id, to: null })));
  return null;
}

/**
 * True when the journal tells of this slot or of these units what the snapshot did not know. A claim can be free because
 * its work has just landed, and servers do not show all refs of one push at one moment; or a person has just said that it
 * is not to be worked. Other slots of the agent are no matter: this very tick closes those that were missed.
 */
async function overtaken(world: World, snapshot: Snapshot, beat: PlannedBeat): Promise<boolean> {
  const head = (await world.repo.fetch()).get(JOURNAL) ?? null;
  if (head === snapshot.journal.head) return false;
  const known = new Set(snapshot.journal.records.map(recordPath));
  const units = new Set(beat.tries.map((t) => t.unit));
  const now = world.clock.now();
  const journal = await world.records.journal(head, now);
  const { records, merges } = journal;
  const floor = { journal, now, fleet: withReassigned(snapshot.fleet, journal, now) };
  return (
    beat.tries.some((t) => stopBefore(floor, { agent: beat.agent, unit: t.unit }) !== null) ||
    merges.slice(snapshot.journal.merges.length).some((m) => m.unit !== null && units.has(m.unit)) ||
    records.some(
      (r) =>
        !known.has(recordPath(r)) &&
        ((r.agent === beat.agent && r.slot === beat.slot) || r.attempts.some((a) => units.has(a.unit))),
    )
  );
}

/** The lease runs from the claim, not from the plan: the last of many beats begins long after it was planned. */
function claimsFor(snapshot: Snapshot, beat: PlannedBeat, now: Date): Unborn[] {
  const waited = now.getTime() - snapshot.now.getTime();
  const shared = {
    agent: beat.agent,
    slot: beat.slot,
    base: snapshot.base,
    leaseEnd: instantOf(new Date(Date.parse(beat.leaseEnd) + waited)),
    turn: beat.turn,
  };
  return [
    { ...shared, ref: beatRef(beat.agent), unit: null, attempt: null, reserved: beat.reserved },
    ...beat.tries.map((t) => ({
      ...shared,
      ref: claimRef(t.unit),
      unit: t.unit,
      attempt: t.attempt,
      reserved: 0,
    })),
  ];
}

/** Expired claims are replaced on the value that was read; those of units that are not tried again are ended. */
function updates(claims: readonly Claim[], takes: readonly Claim[]): RefUpdate[] {
  const old = new Map(takes.map((t) => [t.ref, t.id]));
  const taken = claims.map((c) => ({ ref: c.ref, from: old.get(c.ref) ?? null, to: c.id }));
  const refs = new Set(claims.map((c) => c.ref));
  const ended = takes.filter((t) => !refs.has(t.ref)).map((t) => ({ ref: t.ref, from: t.id, to: null }));
  return [...taken, ...ended];
}

/**
 * A commit without files whose trailers are the claim. The nonce makes the object unique to its claimer:
 * two pushes of one and the same object to a new ref would both succeed.
 */
function claimDraft(world: World, snapshot: Snapshot, born: Unborn): CommitDraft {
  const message = composeMessage(`claim ${born.unit ?? born.agent}`, "", [
    ["Pullbeat-Agent", born.agent],
    ["Pullbeat-Slot", born.slot],
    ...(born.unit === null ? [] : [["Pullbeat-Unit", born.unit] as const]),
    ...(born.attempt === null ? [] : [["Pullbeat-Attempt", String(born.attempt)] as const]),
    ["Pullbeat-Base", born.base],
    ["Pullbeat-Lease-End", born.leaseEnd],
    ["Pullbeat-Turn", String(born.turn)],
    ["Pullbeat-Reserved", String(born.reserved)],
    ["Pullbeat-Nonce", randomId(world.clock.chance, 24)],
  ]);
  const who = signature(snapshot.fleet.config.fleet, born.agent);
  return { parents: [], files: [], message, who, at: world.clock.now() };
}

/** Every claim that stands in the refs. A ref that names neither an agent nor a unit claims nothing. */
export async function readClaims(repo: Repo, refs: Refs): Promise<Claim[]> {
  const found = [...refs].flatMap(([ref, id]) => {
    const agent = AgentName.safeParse(ref.startsWith(BEATS) ? ref.slice(BEATS.length) : null);
    const unit = Unit.safeParse(ref.startsWith(CLAIMS) ? ref.slice(CLAIMS.length) : null);
    return agent.success || unit.success ? [{ ref, id, agent: agent.data, unit: unit.data ?? null }] : [];
  });
  const commits = await readable(
    found.map((f) => f.id),
    (ids) => repo.commits(ids),
  );
  return found.map((f) => parseClaim(f, commits.get(f.id)?.message ?? ""));
}

/** A claim that cannot be read is a limit that is reached: it stands until a person releases it. */
function parseClaim(
  found: { ref: string; id: Sha; agent: AgentName | undefined; unit: Unit | null },
  message: string,
): Claim {
  const said = readTrailers(message);
  const one = (key: string): string | undefined => said.get(key)?.[0];
  const attempt = Number(one("Pullbeat-Attempt"));
  return {
    ref: found.ref,
    id: found.id,
    agent: found.agent ?? AgentName.catch(AgentName.parse("unread")).parse(one("Pullbeat-Agent")),
    slot: SlotTime.catch(SlotTime.parse("manual-unread")).parse(one("Pullbeat-Slot")),
    unit: found.unit,
    attempt: attempt > 0 ? attempt : null,
    base: Sha.catch(found.id).parse(one("Pullbeat-Base")),
    leaseEnd: Instant.catch(Instant.parse("9999-12-31T23:59:59Z")).parse(one("Pullbeat-Lease-End")),
    turn: Number(one("Pullbeat-Turn") ?? 1),
    reserved: Number(one("Pullbeat-Reserved") ?? 0),
  };
}
