import { zoneOf } from "./duty.ts";
import type { Facts } from "./facts.ts";
import type { Candidate, Survey } from "./pick.ts";
import { nextSlot } from "../time/schedule.ts";
import type { Spec } from "../spec.ts";

// Sentences for agents that could work and have nothing to do.

/** When an agent is due next by its schedule, as the end of a sentence. */
export function untilWhen(spec: Spec, { snapshot }: Facts): string {
  const next = spec.wakes.includes("slot")
    ? nextSlot(spec.schedule, zoneOf(spec, snapshot.fleet.config), snapshot.now)
    : null;
  return next === null ? "no slot is to come" : `its next slot is ${next}`;
}

/** Why nothing of an agent's own can be tried: the one reason there is, or how many units stand how. */
export function nothingReady({ others }: Survey): string {
  const open = others.filter(({ standing }) => standing.state !== "done" && standing.state !== "dropped");
  const [only] = open;
  if (only === undefined) return "it has no open task";
  if (open.length === 1) return `${only.unit} is ${only.standing.state}: ${only.standing.reason}`;
  const states = Map.groupBy(open, ({ standing }) => standing.state);
  const counts = [...states].map(([state, of]) => `${of.length} ${state}`).toSorted();
  return `none of its ${open.length} open tasks is ready: ${counts.join(", ")}`;
}

/** An agent's own tasks wait for its slots: what it does must not wake it again. */
export const ownWork = ({ unit }: Candidate): string =>
  `${unit} is ready, but the agent made it itself, and that does not wake it`;
