import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fleetFiles, agentName, idOf } from "./fleet.ts";
import { GIT_ENV, makeField, type Field } from "./field.ts";
import { compare, type Case, type Command, type Taken } from "./measure.ts";
import { makePeer, type Peer } from "./peer.ts";
import type { Part, Ratio } from "./report.ts";

/** What becomes slower as a board grows: an agent's next task, a change of a task, a tick with nothing to do. */
export async function boardPart(dir: string, size: number, rounds: number): Promise<Part> {
  const field = await makeField(dir, fleetFiles(size));
  // Beyond this size one call of the peer takes minutes, which says all there is to say.
  const peer = size > MOST_FOR_PEER ? null : await makePeer(dir, size);
  const few = size > 1000 ? Math.min(rounds, 3) : rounds;
  const ours = await compare([...oursOf(field), ...floorsOf(field)], rounds);
  const theirs = peer === null ? [] : await compare(theirsOf(peer), few);
  // What we can see of it is its launcher, which says nothing about its memory.
  const taken = [...ours, ...theirs.map((t) => ({ ...t, mib: null }))];
  return { title: `A board of ${size.toLocaleString("en")} tasks`, taken, ratios: ratiosOf(taken, size) };
}

const MOST_FOR_PEER = 10_000;

const NEXT = "next task, warm";
const COLD = "next task, cold";
const CHANGE = "park and unpark a task, pushed";
const IDLE = "idle tick";
const NODE = "floor: an empty node process";
const TREE = "floor: git ls-tree -r";
const GITS = "floor: the git calls of an idle tick";
const THEIR_NEXT = "backlog.md: next ready task";
const THEIR_CHANGE = "backlog.md: a task's status, one file";

function oursOf({ clone, pullbeat }: Field): Case[] {
  const next = pullbeat(["next", agentName(4)]);
  const forget = (): Promise<void> => rm(join(clone, ".git/pullbeat"), { recursive: true, force: true });
  return [
    { name: COLD, command: () => next, before: forget },
    { name: NEXT, command: () => next },
    { name: IDLE, command: () => pullbeat(["tick"]) },
    {
      name: CHANGE,
      command: (round) => pullbeat([round % 2 === 0 ? "park" : "unpark", idOf(1), "--as", "ann"]),
    },
  ];
}

function floorsOf({ clone }: Field): Case[] {
  const of = (...argv: string[]): Command => ({ argv, cwd: clone, env: GIT_ENV });
  return [
    { name: NODE, command: () => of(process.execPath, join(import.meta.dirname, "empty.js")) },
    { name: TREE, command: () => of("git", "ls-tree", "-r", "-z", "--full-tree", "origin/main") },
    { name: GITS, command: () => of("sh", "-e", join(import.meta.dirname, "gits.sh")) },
  ];
}

const theirsOf = (peer: Peer): Case[] => [
  { name: THEIR_NEXT, command: () => peer.next },
  { name: THEIR_CHANGE, command: peer.change },
];

function ratiosOf(taken: readonly Taken[], size: number): Ratio[] {
  const ms = (...names: string[]): number =>
    names.reduce((sum, name) => sum + (taken.find((t) => t.name === name)?.ms ?? Number.NaN), 0);
  const mib = taken.find((t) => t.name === NEXT)?.mib ?? Number.NaN;
  const aimed = size === 10_000;
  return [
    { what: "next task, warm : backlog.md", value: ms(NEXT) / ms(THEIR_NEXT), aim: aimed ? 0.03 : null },
    {
      what: "next task, warm : empty node + ls-tree -r",
      value: ms(NEXT) / ms(NODE, TREE),
      aim: aimed ? 2.5 : null,
    },
    { what: "next task, warm, memory in MiB", value: mib, aim: aimed ? 120 : null },
    { what: "idle tick : empty node + its git calls", value: ms(IDLE) / ms(NODE, GITS), aim: 2 },
    { what: "a change, pushed : backlog.md, one file", value: ms(CHANGE) / ms(THEIR_CHANGE), aim: null },
  ];
}
