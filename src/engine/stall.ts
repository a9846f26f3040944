import type { ReadCall } from "./echo.ts";
import { failed, type Failed } from "./meter.ts";

/** Replies in a row that may call nothing; the next one ends the attempt. */
const SILENT = 2;
/** The same call with the same answer so many times in a row ends the attempt. */
const REPEATED = 5;

/** Notices a conversation that gets nowhere. */
export interface StallWatch {
  /** After a reply without a call: what to say to the agent, or the end. */
  silent(dropped: number, finish: string): string | Failed;
  /** After a call was answered: the end, when it was one time too many. */
  answered(call: ReadCall, content: string): Failed | null;
}

export function watchForStalls(): StallWatch {
  let replies = 0;
  let last = { key: "", times: 0 };
  return {
    silent(dropped, finish) {
      replies++;
      if (replies > SILENT) return failed("stalled", `${replies} replies in a row called no tool`);
      return `${whySilent(dropped, finish)} Go on with a tool call, or call finish to hand in your work.`;
    },
    answered({ name, raw }, content) {
      replies = 0;
      const key = JSON.stringify([name, raw, content]);
      last = { key, times: last.key === key ? last.times + 1 : 1 };
      if (last.times < REPEATED) return null;
      const what = `${name} ${REPEATED} times in a row with the same arguments and the same answer`;
      return failed("stalled", `it called ${what}`);
    },
  };
}

function whySilent(dropped: number, finish: string): string {
  if (dropped > 0) return lost(dropped);
  if (finish === "length") return "Your reply was cut off: it was too long.";
  return "Nothing was done: only tool calls act here.";
}

/** What the agent is told of calls that could not stand in history. */
export const lost = (calls: number): string =>
  `${calls} of your calls had no id, no usable name, an id that another had, or were too many at once, and were not run.`;
