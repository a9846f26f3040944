import type { Answer } from "./call.ts";
import { MOST_CALLS, type Echo, type ReadCall } from "./echo.ts";
import { failed, type Failed } from "./meter.ts";

/** More calls than this in one reply are no work: none of them is run. */
const FLOOD = 128;
/** The same call with the same answer so many times in a row ends the attempt. */
const REPEATED = 5;
/** So many replies in a row of which every call was refused, or made before with the same answer, end it too. */
const FUTILE = 8;
const NOTHING_NEW = "held only calls that were refused, or that it had made before with the same answer";
/** Idle replies in a row, of whatever kind, that end the attempt. */
const IDLE = 6;

/** How a reply can bring the work no further, and how many of that kind in a row end the attempt. */
const KINDS = {
  silent: { most: 3, says: "called no tool" },
  truncated: { most: 3, says: "were cut off before they held a whole call" },
  malformed: { most: 4, says: "held no call that could be read" },
  flood: { most: 3, says: `called more than ${MOST_CALLS} tools at once` },
  planning: { most: 6, says: "only took notes" },
} as const;
type Kind = keyof typeof KINDS;

/** Notices a conversation that gets nowhere. Every end is a failure `stalled/<how>`, never a finish. */
export interface StallWatch {
  /** Before anything of a reply is run: the end, when it calls hundreds of tools. */
  flooded(calls: number): Failed | null;
  /** After a call was answered: the end, when it was one time too many. */
  answered(call: ReadCall, answer: Answer): Failed | null;
  /** Work was handed in, and handed back: how often that may be is counted elsewhere. */
  handedIn(): null;
  /** After all calls of a reply: what to say to the agent besides its answers, or the end; null when all is well. */
  replied(echo: Echo, finish: string): string | Failed | null;
}

/** `last`: the tool that ends the work. */
export function watchForStalls(last = "finish"): StallWatch {
  const known = new Set<string>();
  let same = { key: "", times: 0 };
  /** Names of the reply's calls that could be read, and whether one of them brought anything new. */
  let usable: string[] = [];
  let isNew = false;
  let futile = 0;
  let row: Kind[] = [];

  const ended = (kind: Kind | null): Failed | null => {
    row = kind === null ? [] : [...row, kind];
    // Notes are always new, and bring nothing.
    if (kind === null) futile = isNew ? 0 : futile + 1;
    [usable, isNew] = [[], false];
    if (futile >= FUTILE) return failed("stalled/no-progress", `its last ${FUTILE} replies ${NOTHING_NEW}`);
    return kind === null ? null : tooMany(row, kind);
  };

  return {
    flooded: (calls) =>
      calls > FLOOD ? failed("stalled/flood", `one reply called ${calls} tools; none of them was run`) : null,
    answered({ name, raw }, { text, refused, malformed }) {
      const key = JSON.stringify([name, raw, text]);
      same = { key, times: same.key === key ? same.times + 1 : 1 };
      if (!malformed) usable.push(name);
      if (name !== "note" && !refused && !known.has(key)) isNew = true;
      known.add(key);
      if (same.times < REPEATED) return null;
      const what = `${name} ${REPEATED} times in a row with the same arguments and the same answer`;
      return failed("stalled/repeats", `it called ${what}`);
    },
    handedIn() {
      usable.push("finish");
      isNew = true;
      return null;
    },
    replied({ calls, dropped }, finish) {
      const kind = kindOf(usable, { calls: calls.length, dropped, finish });
      return ended(kind) ?? remark({ calls: calls.length, dropped, finish }, last);
    },
  };
}

interface Heard {
  calls: number;
  dropped: number;
  finish: string;
}

/** How a reply was idle; null when it held a call that may have brought something. */
function kindOf(usable: readonly string[], { calls, dropped, finish }: Heard): Kind | null {
  if (calls + dropped > MOST_CALLS) return "flood";
  if (usable.length > 0) return usable.every((name) => name === "note") ? "planning" : null;
  if (finish === "length") return "truncated";
  return calls + dropped > 0 ? "malformed" : "silent";
}

function tooMany(row: readonly Kind[], kind: Kind): Failed | null {
  const same = row.length - 1 - row.findLastIndex((other) => other !== kind);
  const { most, says } = KINDS[kind];
  if (same >= most) return failed(`stalled/${kind}`, `${same} replies in a row ${says}`);
  return row.length < IDLE
    ? null
    : failed(`stalled/${kind}`, `${row.length} replies in a row did no work; the last ones ${says}`);
}

/** What a reply needs to hear besides the answers to its calls. */
function remark({ calls, dropped, finish }: Heard, last: string): string | null {
  if (calls > 0) return dropped > 0 ? lost(dropped) : null;
  const hand = last === "finish" ? "call finish to hand in your work" : `call ${last} when you are done`;
  return `${whySilent(dropped, finish)} Go on with a tool call, or ${hand}.`;
}

function whySilent(dropped: number, finish: string): string {
  if (dropped > 0) return lost(dropped);
  if (finish === "length") return "Your reply was cut off: it was too long.";
  return "Nothing was done: only tool calls act here.";
}

const lost = (calls: number): string =>
  `${calls} of your calls had no id, no usable name, an id that another had, or were too many at once, and were not run.`;
