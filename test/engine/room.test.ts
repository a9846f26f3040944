import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "../../src/domain/prompt/message.ts";
import { bytesOf } from "../../src/domain/text/text.ts";
import { rebuildRequests } from "../../src/domain/prompt/transcript.ts";
import { shortenings } from "../../src/engine/shorten.ts";
import type { Reply } from "../../src/port/model.ts";
import { FILES } from "../job.ts";
import { calls, FINISH, invalidHistory, play, type Played } from "./player.ts";

const LINE = 'The roof is new, and so are the gutters. \u{1F3E0} "quoted" \\ back\n';
const LONG = Object.fromEntries(
  [1, 2, 3, 4, 5, 6].map((i) => [`pages/${i}.md`, `# ${i}\n${LINE.repeat(100)}`]),
);
const READS = Object.keys(LONG).map((path) => calls(["read", { path }]));

const talk = (replies: readonly Reply[], context: number): Promise<Played> =>
  play(replies, {
    files: { ...FILES, ...LONG },
    spec: { budget: { attempt: { tokens: 10_000_000 } } },
    config: { engines: { openai: { context } } },
  });

test("a conversation that grows too long is shortened by rule: oldest answers first, the newest whole", async () => {
  const { work, requests, bodies, job } = await talk([...READS, FINISH], 9000);
  expect(work.end.kind).toBe("finished");
  expect(Math.max(...bodies.map(bytesOf))).toBeLessThanOrEqual(27_000);
  const answers =
    requests
      .at(-1)
      ?.messages.filter((m) => m.role === "tool")
      .map((m) => m.content) ?? [];
  expect(answers).toHaveLength(6);
  expect(answers[0]).toMatch(
    /^\[Shortened to make room: read answered \d+ bytes here\. Make the call again .*\]\npages\/1\.md, lines/,
  );
  expect(answers.at(-1)).toContain(LINE.repeat(100));
  expect(requests.flatMap(invalidHistory)).toEqual([]);
  const shortened = answers.filter((a) => a.startsWith("[Shortened")).length;
  expect(work.shortened).toBe(shortened);
  expect(job.watched.flatMap((s) => (s.kind === "shortens" ? [s.answers] : [])).reduce((a, b) => a + b)).toBe(
    shortened,
  );
});

test("a shortened conversation is rebuilt byte for byte", async () => {
  const { work, bodies } = await talk([...READS, ...READS, FINISH], 9000);
  expect(work.shortened).toBeGreaterThan(5);
  expect(rebuildRequests(work.transcript, "1.2.3")).toEqual({ kind: "requests", bodies });
  expect(bodies.map((b) => createHash("sha256").update(b).digest("hex"))).toEqual(work.requests);
});

test("where everything fits nothing is shortened", async () => {
  const { work, bodies } = await talk([...READS, FINISH], 120_000);
  expect(work.shortened).toBe(0);
  expect(bodies.join("")).not.toContain("[Shortened");
});

test("an endpoint that reads less than the config says is asked once more, with less", async () => {
  const tooLong: Reply = { ok: false, failure: "context", reason: "maximum context length is 4096 tokens" };
  const { work, bodies } = await talk([...READS.slice(0, 4), tooLong, FINISH], 120_000);
  expect(work.end.kind).toBe("finished");
  expect(work.shortened).toBeGreaterThan(0);
  expect(bytesOf(bodies.at(-1) ?? "")).toBeLessThan(bytesOf(bodies.at(-2) ?? "") * 0.7);
});

test("when nothing is left to shorten the attempt ends as stalled, and is not asked for ever", async () => {
  const tooLong: Reply = { ok: false, failure: "context", reason: "maximum context length is 40 tokens" };
  const first = await talk([tooLong], 120_000);
  expect(first.work.end).toMatchObject({ kind: "failed", failure: "stalled/context" });
  expect(first.bodies).toHaveLength(1);
  const later = await talk([...READS, tooLong], 120_000);
  expect(later.work.end).toMatchObject({ failure: "stalled/context" });
  expect(later.bodies.length).toBeLessThan(15);
});

test("a first request that no model of this size can read is never sent", async () => {
  const { work, bodies } = await talk([FINISH], 100);
  expect(work.end).toMatchObject({ kind: "failed", failure: "stalled/context" });
  expect(bodies).toEqual([]);
});

const call = (id: string): Message => ({
  role: "assistant",
  content: null,
  tool_calls: [{ id, type: "function", function: { name: "read", arguments: "{}" } }],
});
const tool = (id: string, content: string): Message => ({ role: "tool", tool_call_id: id, content });

test("shortening touches answers of tools alone, and never makes one longer", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary", maxLength: 900 }), { maxLength: 9 }),
      fc.nat(9000),
      (texts, over) => {
        const messages: Message[] = [
          { role: "system", content: "s".repeat(900) },
          { role: "user", content: "u".repeat(900) },
          ...texts.flatMap((text, i) => [call(`c${i}`), tool(`c${i}`, text)]),
        ];
        for (const { at, message, content } of shortenings(messages, over)) {
          expect(messages[at]).toBe(message);
          expect(message.role).toBe("tool");
          expect(at).toBeLessThan(messages.length - 1);
          expect(bytesOf(content)).toBeLessThan(bytesOf(message.content ?? "") + 1);
          expect(content.isWellFormed()).toBe(true);
        }
      },
    ),
  );
});

test("an answer that was shortened is not shortened once more, whatever its letters take", () => {
  const messages = [call("a"), tool("a", "\u5831".repeat(2000)), call("b"), tool("b", "new")];
  const [cut, ...more] = shortenings(messages, 9000);
  expect(more).toEqual([]);
  messages[1] = tool("a", cut?.content ?? "");
  expect(bytesOf(messages[1].content ?? "")).toBeGreaterThan(400);
  expect(shortenings(messages, 9000)).toEqual([]);
});

test("the answers to the newest reply stay whole, however long they are", () => {
  const long = "x".repeat(5000);
  const messages = [call("a"), tool("a", long), call("b"), tool("b", long)];
  expect(shortenings(messages, 9000).map(({ at }) => at)).toEqual([1]);
});
