import { expect, test } from "vitest";
import { rebuildRequests } from "../../src/domain/prompt/transcript.ts";
import type { Reply } from "../../src/port/model.ts";
import { fails, PASS } from "../job.ts";
import { calls, FINISH, invalidHistory, play, saidCalls, says } from "./player.ts";

const PAGE = "pages/roofing.md";
const READ = calls(["read", { path: PAGE }]);
const WIDE = { spec: { budget: { attempt: { steps: 200, tokens: 50_000_000 } } } };

const cutOff = (reply: Reply): Reply => (reply.ok ? { ...reply, finish: "length" } : reply);
const many = (n: number, more = ""): Reply =>
  saidCalls(
    Array.from({ length: n }, (_, i) => ({
      id: `m${i}`,
      name: "read",
      arguments: `{"path":"pages/${more}${i}.md"}`,
    })),
  );
const note = (i: number): Reply => calls(["note", { kind: "decided", text: `plan ${i}` }]);
const inTurn = (n: number, one: (i: number) => Reply): Reply[] => Array.from({ length: n }, (_, i) => one(i));

/** How a conversation gets nowhere: what is played, the last one for ever; the code it ends with; and after how many calls. */
const NOWHERE: Record<string, [replies: Reply[], failure: string, asked: number]> = {
  "replies that call nothing": [[says("I am done.")], "stalled/silent", 3],
  "replies without anything": [[says(null)], "stalled/silent", 3],
  "replies that are cut off": [[says("I will now", "length")], "stalled/truncated", 3],
  "calls that are cut off": [
    inTurn(9, (i) => cutOff(calls(["write", `{"path":"reports/lp/${i}`]))),
    "stalled/truncated",
    3,
  ],
  "arguments that are no JSON": [inTurn(9, (i) => calls(["write", `{${i}`])), "stalled/malformed", 4],
  "tools that do not exist": [inTurn(9, (i) => calls([`tool${i}`, {}])), "stalled/malformed", 4],
  "calls without an id": [[saidCalls([{ id: "", name: "read", arguments: "{}" }])], "stalled/malformed", 4],
  "the same call with the same answer": [[READ], "stalled/repeats", 5],
  "two calls in turn, with the same answers": [
    inTurn(40, (i) => (i % 2 === 0 ? READ : calls(["list", {}]))),
    "stalled/no-progress",
    10,
  ],
  "a circle of five": [
    inTurn(40, (i) => calls(["read", { path: PAGE, from: (i % 5) + 1, lines: 1 }])),
    "stalled/no-progress",
    13,
  ],
  "writing this and that, for ever": [
    inTurn(40, (i) => calls(["write", { path: "reports/lp/a.md", text: `${i % 2}` }])),
    "stalled/no-progress",
    10,
  ],
  "nothing but refusals": [
    inTurn(40, (i) => calls(["read", { path: `secret/${i}.txt` }])),
    "stalled/no-progress",
    8,
  ],
  "a note in between, so that it looks like work": [
    inTurn(60, (i) => (i % 2 === 0 ? note(i) : calls(["read", { path: `secret/${i}.txt` }]))),
    "stalled/no-progress",
    16,
  ],
  "notes and nothing else": [inTurn(40, note), "stalled/planning", 6],
  "plans, silence and half replies in turn": [
    inTurn(40, (i) => [note(i), says("Hm."), says("Then", "length")][i % 3] ?? FINISH),
    "stalled/truncated",
    6,
  ],
  "more calls at once than are run, again and again": [
    inTurn(9, (i) => many(40, `${i}-`)),
    "stalled/flood",
    3,
  ],
  "hundreds of calls in one reply": [[many(300)], "stalled/flood", 1],
};

test.each(Object.entries(NOWHERE))("%s: stalled, never done", async (_, [replies, failure, asked]) => {
  const { work, bodies, requests } = await play(replies, WIDE);
  expect(work.end).toMatchObject({ kind: "failed", failure });
  expect(bodies).toHaveLength(asked);
  expect(requests.flatMap(invalidHistory)).toEqual([]);
  expect(rebuildRequests(work.transcript, "1.2.3")).toEqual({ kind: "requests", bodies });
});

test("every kind of stall has a code of its own", () => {
  const codes = new Set(Object.values(NOWHERE).map(([, failure]) => failure));
  expect([...codes].sort()).toEqual(
    ["flood", "malformed", "no-progress", "planning", "repeats", "silent", "truncated"].map(
      (kind) => `stalled/${kind}`,
    ),
  );
});

test("of a reply with hundreds of calls none is run, not even the first", async () => {
  const flood = saidCalls(
    Array.from({ length: 200 }, (_, i) => ({
      id: `w${i}`,
      name: "write",
      arguments: JSON.stringify({ path: `reports/lp/${i}.md`, text: "x" }),
    })),
  );
  const { work, job } = await play([flood]);
  expect(work.end).toMatchObject({ failure: "stalled/flood" });
  expect(work.edits.size).toBe(0);
  expect(job.watched.filter((s) => s.kind === "calls")).toEqual([]);
});

test.each<[string, Reply[]]>([
  ["calls that differ", inTurn(30, (i) => calls(["read", { path: PAGE, from: 1, lines: i + 1 }]))],
  ["a stumble between calls", [says("Let me see."), says(null), READ, says("Hm."), says("Hm.")]],
  ["a reply cut off, and mended", [says("I will", "length"), says("I will", "length"), READ]],
  ["many wrong guesses at once", [many(30)]],
  [
    "notes beside work",
    inTurn(12, (i) => (i % 3 === 0 ? calls(["read", { path: PAGE, lines: i + 1 }]) : note(i))),
  ],
  ["looking for what is not there", inTurn(7, (i) => calls(["read", { path: `pages/${i}.md` }]))],
  ["three slips in a row", inTurn(3, (i) => calls(["write", `{${i}`]))],
])("%s: no stall", async (_, replies) => {
  const { work, requests } = await play([...replies, FINISH], WIDE);
  expect(work.end.kind).toBe("finished");
  expect(requests.flatMap(invalidHistory)).toEqual([]);
});

test("work that is handed back is no stall", async () => {
  const back = [fails("size", true), fails("size", true), fails("size", true), PASS];
  expect((await play([FINISH], { verdicts: back })).work.end.kind).toBe("finished");
});

test("a reply that was cut off is told so", async () => {
  const { requests } = await play([says("I will now", "length"), FINISH]);
  expect(requests[1]?.messages.at(-1)?.content).toContain("cut off");
});

test("a stalled attempt hands over none of what it wrote as finished work", async () => {
  const { work } = await play([calls(["write", { path: "reports/lp/a.md", text: "C\n" }]), says("Done!")]);
  expect(work.end).toMatchObject({ kind: "failed", failure: "stalled/silent" });
});
