import { roomFor } from "./attention.ts";
import { supersedes } from "../board/board.ts";
import { custodyOf, orphans } from "./custody.ts";
import { decide, type Desk } from "./decide.ts";
import { factsOf, type Facts } from "./facts.ts";
import { nameIn } from "./halt.ts";
import { AgentName, minuteOf } from "../id.ts";
import { booked, ledgerOf } from "./ledger.ts";
import { occasionOf, type Manual } from "./occasion.ts";
import { heldByLive } from "./pick.ts";
import type { Plan } from "./plan.ts";
import type { Snapshot } from "../snapshot.ts";

export type { Manual };

/**
 * Who works on what now, who rests and why, and which slots end without a beat. Pure, and without any model.
 * Agents come in the order of their names. With `by`, only that agent is planned, whatever its schedule says.
 */
export function plan(snapshot: Snapshot, by?: Manual): Plan {
  const facts = factsOf(snapshot);
  const { base, now, chain } = snapshot;
  const desk: Desk = {
    facts,
    orphans: orphans(facts),
    ledger: ledgerOf(snapshot),
    holding: heldByLive(facts),
    room: roomFor(facts),
    plan: {
      base,
      at: minuteOf(now),
      chain,
      beats: [],
      rests: [],
      closings: [],
      stale: [],
      skipped: [],
      supersedes: supersedes(facts),
    },
    by,
  };
  for (const agent of by === undefined ? namesOf(facts) : [by.agent]) planAgent(agent, desk);
  return desk.plan;
}

/** Agents with a spec, with a broken one, and those that are gone but still hold a claim. */
function namesOf({ snapshot, errors }: Facts): AgentName[] {
  const broken = [...errors.keys()].flatMap((path) => {
    const name = AgentName.safeParse(nameIn(path));
    return name.success ? [name.data] : [];
  });
  const names = [...snapshot.fleet.agents.keys(), ...broken, ...snapshot.claims.map((c) => c.agent)];
  return [...new Set(names)].toSorted();
}

function planAgent(agent: AgentName, desk: Desk): void {
  const { plan: draft, facts, by } = desk;
  const custody = custodyOf(agent, facts);
  const occasion = occasionOf(agent, custody, { facts, by });
  draft.closings.push(...occasion.closings);
  draft.stale.push(...custody.stale);
  const decided = decide(agent, { custody, occasion }, desk);
  if ("tries" in decided) {
    draft.beats.push(decided);
    desk.ledger = booked(desk.ledger, decided.reserved);
    return;
  }
  // A beat by hand that does not take place leaves no trace: no slot of the schedule is closed.
  const slot = occasion.wake === "manual" ? null : occasion.slot;
  draft.rests.push({ agent, slot, ...decided });
  draft.stale.push(...occasion.takes);
}
