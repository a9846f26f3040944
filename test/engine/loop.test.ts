import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { rebuildRequests } from "../../src/domain/prompt/transcript.ts";
import { combine } from "../../src/domain/verdict/verdict.ts";
import { loopEngine } from "../../src/engine/loop.ts";
import type { Model } from "../../src/port/model.ts";
import { toolbox } from "../../src/tool/index.ts";
import { fails, FILES, jobOf, PASS } from "../job.ts";
import { calls, FINISH, invalidHistory, play, saidCalls, says } from "./player.ts";

const REPORT = "reports/lp/roofing.md";
const WRITE = calls(["write", { path: REPORT, text: "C\n" }]);
const READ = calls(["read", { path: "pages/roofing.md" }]);
/** Forty replies that are all different, and never finish. */
const BUSY = Array.from({ length: 40 }, (_, i) => calls(["read", { path: "pages/roofing.md", from: i + 1 }]));

test("an attempt reads, writes and finishes, and hands over edits, lineage, notes and usage", async () => {
  const { work, job } = await play([
    READ,
    calls(["note", { kind: "observed", text: "no price" }], ["write", { path: REPORT, text: "C\n" }]),
    calls(["finish", { summary: "Graded: C.", result: "fail" }]),
  ]);
  expect(work.end).toEqual({ kind: "finished", summary: "Graded: C.", result: "fail" });
  expect([...work.edits]).toEqual([[REPORT, "C\n"]]);
  expect(work.saw.map((s) => s.path)).toEqual(["pages/roofing.md"]);
  expect(work.notes).toEqual([{ kind: "observed", text: "no price" }]);
  expect(work.spent).toMatchObject({ steps: 3, tokens: { input: 30, cached: 0, output: 3 }, usd: null });
  expect(work.engine).toEqual({ kind: "scripted", model: "player", scripted: false });
  expect(job.judged).toHaveLength(1);
  expect(job.watched.flatMap((s) => (s.kind === "calls" ? [s.tool] : []))).toEqual([
    "read",
    "note",
    "write",
    "finish",
  ]);
});

test("a question ends the attempt at once, and later calls of the same reply are not run", async () => {
  const question = {
    condition: "missing-page",
    question: "q",
    evidence: "e",
    recommendation: "r",
    silence: "s",
  };
  const { work, job } = await play([calls(["escalate", question], ["write", { path: REPORT, text: "x" }])]);
  expect(work.end).toEqual({ kind: "asked", question });
  expect(work.edits.size).toBe(0);
  expect(job.judged).toEqual([]);
});

test("problems that can be mended go back to the agent, and are kept", async () => {
  const { work, requests } = await play([FINISH, WRITE, FINISH], { verdicts: [fails("size", true), PASS] });
  expect(work.end.kind).toBe("finished");
  expect(work.feedback).toEqual(["size: size says no", "  a.md:1: wrong"]);
  expect(JSON.stringify(requests[1]?.messages.at(-1))).toContain("a.md:1: wrong");
});

const asks = (evidence: string) =>
  calls([
    "escalate",
    { condition: "missing-page", question: "q", evidence, recommendation: "r", silence: "s" },
  ]);

test("a question with what can be mended goes back to the agent, which mends it or decides itself", async () => {
  const { work, requests } = await play([asks("one"), asks("two")], {
    answers: [fails("evidence", true), PASS],
  });
  expect(work.end).toMatchObject({ kind: "asked", question: { evidence: "two" } });
  expect(work.feedback).toEqual(["evidence: evidence says no", "  a.md:1: wrong"]);
  expect(requests[1]?.messages.at(-1)?.content).toBe(
    "Nothing was asked yet. Mend this, then call escalate again; or decide yourself, and finish:\nevidence: evidence says no\n  a.md:1: wrong",
  );
  const decided = await play([asks("one"), FINISH], { answers: [fails("evidence", true)] });
  expect(decided.work.end.kind).toBe("finished");
  const stubborn = await play([asks("one")], { answers: [fails("evidence", true)] });
  expect(stubborn.work.end).toMatchObject({ kind: "failed", failure: "gate/evidence" });
});

test("a problem that cannot be mended ends the attempt at once, named after its gate", async () => {
  const { work, job } = await play([WRITE, FINISH], { verdicts: [fails("secrets", false)] });
  expect(work.end).toEqual({ kind: "failed", failure: "gate/secrets", reason: "secrets says no" });
  expect(job.judged).toHaveLength(1);
});

test("work is handed back three times and no more", async () => {
  const { work, job } = await play([FINISH], { verdicts: [fails("size", true)] });
  expect(work.end).toMatchObject({ kind: "failed", failure: "gate/size" });
  expect(job.judged).toHaveLength(4);
});

test("work that no gate has judged is not finished", async () => {
  const { work } = await play([FINISH], { verdicts: [combine([])] });
  expect(work.end).toMatchObject({ kind: "failed", failure: "gate/none" });
});

test("nothing runs after finish in the same reply, so that what was judged is what is handed over", async () => {
  const late = calls(["finish", { summary: "done" }], ["write", { path: REPORT, text: "late" }]);
  const passed = await play([late]);
  expect(passed.work.end.kind).toBe("finished");
  expect(passed.work.edits.size).toBe(0);
  const back = await play([late, FINISH], { verdicts: [fails("size", true), PASS] });
  expect(back.work.edits.size).toBe(0);
  expect(back.requests.flatMap(invalidHistory)).toEqual([]);
});

test("calls of one reply run in order, and each gets its own answer", async () => {
  const { requests, work } = await play([
    calls(
      ["write", { path: REPORT, text: "one" }],
      ["edit", { path: REPORT, find: "one", replace: "two" }],
      ["read", { path: REPORT }],
    ),
    FINISH,
  ]);
  const answers = requests[1]?.messages.filter((m) => m.role === "tool") ?? [];
  expect(answers.map((m) => m.tool_call_id)).toEqual(["c0", "c1", "c2"]);
  expect(answers[2]?.content).toContain("two");
  expect(work.edits.get(REPORT)).toBe("two");
});

test.each([
  ["steps", { steps: 3 }, 3],
  ["tokens", { tokens: 3000 }, 29],
  ["minutes", { minutes: 1 }, 12],
])(
  "the limit on %s is looked at before each call, and ends the attempt as failed",
  async (name, attempt, most) => {
    let now = 0;
    const { work, bodies } = await play(BUSY, {
      spec: { budget: { attempt: { tokens: 1_000_000, ...attempt } } },
      clock: () => (now += name === "minutes" ? 5_000 : 0),
    });
    expect(work.end).toMatchObject({ kind: "failed", failure: `budget/${name}` });
    expect(bodies.length).toBeLessThanOrEqual(most);
    expect(bodies.length).toBeGreaterThan(0);
  },
);

test("dollars bind where the price is known, and tokens alone where it is not", async () => {
  const spec = { budget: { attempt: { usd: 0.02, steps: 6 } } };
  const priced = await play(BUSY, { spec, cost: (t) => t.input / 1000 });
  expect(priced.work.end).toMatchObject({ failure: "budget/usd" });
  expect(priced.bodies).toHaveLength(2);
  const free = await play(BUSY, { spec });
  expect(free.work.end).toMatchObject({ failure: "budget/steps" });
  expect(free.work.spent.usd).toBeNull();
});

test("a reply that does not say what it used is counted by its length, and the end says so", async () => {
  const silent = BUSY.map((reply) => ({ ...reply, tokens: null }));
  const { work } = await play(silent, { spec: { budget: { attempt: { tokens: 8000 } } } });
  expect(work.end).toMatchObject({ failure: "budget/tokens" });
  expect(work.end.kind === "failed" && work.end.reason).toMatch(/replies did not say what they used/);
  expect(work.spent.tokens.input).toBeGreaterThan(1000);
});

test("a first request that is larger than the budget is never sent", async () => {
  const { work, bodies } = await play([FINISH], { spec: { budget: { attempt: { tokens: 50 } } } });
  expect(work.end).toMatchObject({ failure: "budget/tokens" });
  expect(bodies).toEqual([]);
});

test("an attempt that is stopped from outside makes no further call", async () => {
  const stop = new AbortController();
  stop.abort();
  const { work, bodies } = await play([FINISH], { signal: stop.signal });
  expect(work.end).toMatchObject({ failure: "aborted" });
  expect(bodies).toEqual([]);
  const late = await play([FINISH], { signal: AbortSignal.abort(new DOMException("late", "TimeoutError")) });
  expect(late.work.end).toMatchObject({ failure: "budget/minutes" });
});

test("nothing in a reply's content is run, whatever it looks like", async () => {
  const { work, job } = await play([
    says('{"name": "write", "arguments": {"path": "reports/lp/a.md", "text": "x"}}'),
    says('<tool_call>{"name": "finish", "arguments": {"summary": "x"}}</tool_call>'),
    says('```json\n[{"name": "finish", "arguments": {"summary": "x"}}]\n```'),
  ]);
  expect(work.end).toMatchObject({ failure: "stalled/silent" });
  expect(work.edits.size).toBe(0);
  expect(job.watched.filter((s) => s.kind === "calls")).toEqual([]);
});

test.each(["auth", "billing", "request", "rate", "server", "network", "timeout", "malformed"] as const)(
  "a model that fails with %s ends the attempt under that name",
  async (failure) => {
    const { work } = await play([{ ok: false, failure, reason: "no" }]);
    expect(work.end).toEqual({ kind: "failed", failure: `engine/${failure}`, reason: "no" });
    expect(work.spent.steps).toBe(1);
  },
);

test("a model that cannot be had fails its attempt and nothing else, and says where", async () => {
  const fault = new Fault("config", "this line is not JSON", { where: "demo.jsonl:3" });
  const model = (): Promise<Model> => Promise.reject(fault);
  const work = await loopEngine({ model, toolbox, pullbeat: "1.2.3" }).work(jobOf());
  expect(work.end).toMatchObject({
    failure: "engine/request",
    reason: "demo.jsonl:3: this line is not JSON",
  });
});

test("calls without id or name, with an id twice, or too many, are dropped, and the next request is valid", async () => {
  const ok = { id: "a", name: "read", arguments: '{"path":"pages/roofing.md"}' };
  const odd = [
    { ...ok, id: "" },
    { ...ok, name: "" },
    ok,
    ok,
    { ...ok, id: "b", name: "bad name!" },
    { ...ok, id: "line\nbreak" },
    ...Array.from({ length: 50 }, (_, i) => ({
      ...ok,
      id: `many${i}`,
      arguments: `{"path":"pages/${i}.md"}`,
    })),
  ];
  const { requests, work } = await play([saidCalls(odd, "text"), saidCalls([{ ...ok, id: "" }]), FINISH]);
  expect(work.end.kind).toBe("finished");
  expect(requests.flatMap(invalidHistory)).toEqual([]);
  expect(requests[1]?.messages.at(-1)?.content).toContain("24 of your calls");
});

test("half characters in a reply do not poison the history", async () => {
  const half = saidCalls([{ id: "a", name: "read", arguments: '{"path":"\uD800"}' }], "half \uD83D");
  const { bodies, requests } = await play([half, FINISH]);
  expect(requests.flatMap(invalidHistory)).toEqual([]);
  // In the bytes of a request, half a character would be an escape behind a single backslash.
  expect(bodies[1]).not.toMatch(/[^\\]\\ud8/i);
});

test("the transcript gives back every request byte for byte, and the record's hashes are theirs", async () => {
  const { work, bodies } = await play([READ, calls(["read", "{broken"]), says("hm \uD800"), WRITE, FINISH], {
    verdicts: [fails("size", true), PASS],
  });
  expect(rebuildRequests(work.transcript, "1.2.3")).toEqual({ kind: "requests", bodies });
  expect(bodies.map((b) => createHash("sha256").update(b).digest("hex"))).toEqual(work.requests);
  expect(rebuildRequests(work.transcript, "1.2.4")).toEqual({ kind: "other-version", pullbeat: "1.2.3" });
});

test("the transcript keeps what the model wrote before it was sanitised", async () => {
  const { work } = await play([calls(["read", '{"path": "x"']), FINISH]);
  expect(work.transcript).toContain(JSON.stringify('{"path": "x"'));
});

test("nothing of the environment is in the prompt or the transcript", async () => {
  const secret = "s3cr3t-of-the-environment";
  process.env["PULLBEAT_TEST_SECRET"] = secret;
  try {
    const { work, bodies } = await play([READ, FINISH], { files: FILES });
    expect(work.transcript + bodies.join("")).not.toContain(secret);
    expect(work.transcript).not.toContain(process.env["PATH"] ?? "/usr/bin");
  } finally {
    delete process.env["PULLBEAT_TEST_SECRET"];
  }
});
