import { createHash } from "node:crypto";
import { besideLines } from "../../domain/pull/beside-text.ts";
import { code } from "../../domain/digest/phrase.ts";
import { groundOf, pairsOf, trafficOf } from "../../domain/pull/radar.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { besides } from "../verdict/radar.ts";
import type { World } from "../world.ts";

/** Lines on one pull; a list of everything that is open helps nobody. */
const MOST = 12;

/**
 * Notes on each open pull what it has beside it. A pull tells what was noted last: where nothing of that can have changed,
 * neither git nor the forge is asked. Where two change one path and nothing is to be said of it, git is.
 */
export async function tellBeside(world: World, snapshot: Snapshot): Promise<void> {
  const { note } = world.forge;
  if (note === null) return;
  const traffic = trafficOf(snapshot);
  const pairs = pairsOf(traffic);
  const tip = new Map(snapshot.fleet.entries.map((e) => [e.path, e.blob]));
  const due = snapshot.pulls
    .filter((p) => p.state === "open" && p.head !== null && p.faults === undefined)
    .map((pull) => ({ pull, key: keyOf(groundOf(traffic, pairs, { number: pull.number, tip })) }))
    .filter(({ pull, key }) => key !== (pull.beside ?? ""));
  if (due.length === 0) return;
  const all = due.some((d) => d.key !== "") ? await besides(world, snapshot) : new Map<never, never>();
  for (const { pull, key } of due) {
    const beside = all.get(pull.number);
    const lines = beside === undefined ? [] : besideLines(beside, snapshot.branch, (path) => code(path));
    const isNews = lines.length > 0 || pull.beside !== undefined;
    if (isNews) await note(pull, { key: lines.length === 0 ? "" : key, lines: lines.slice(0, MOST) });
  }
}

const keyOf = (ground: string): string =>
  ground === "" ? "" : createHash("sha256").update(ground).digest("hex").slice(0, 16);
