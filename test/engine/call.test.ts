import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readObject } from "../../src/domain/text/json.ts";
import { answer } from "../../src/engine/call.ts";
import { echo } from "../../src/engine/echo.ts";
import type { Reply } from "../../src/port/model.ts";
import { toolbox } from "../../src/tool/index.ts";
import { deskOf } from "../job.ts";
import { FINISH, invalidHistory, play, saidCalls, says } from "./player.ts";

function rows<Row>(file: string): Row[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Row => JSON.parse(line));
}

test("arguments that are one strict JSON object are read as they are", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      const read = readObject(JSON.stringify(value));
      expect(read).toEqual({ value: JSON.parse(JSON.stringify(value)) });
    }),
  );
});

test.each([
  "",
  " ",
  "null",
  "[]",
  '"{}"',
  "{",
  "{}{}",
  '{"a":1,}',
  "{'a':1}",
  "{a:1}",
  '{"a":1}//',
  '{"a":NaN}',
  '{"a":1,"a":2}',
  '{"a":{"b":1,"\\u0062":2}}',
  '{"__proto__":{"path":"x"}}',
  '{"a":[{"__proto__":1}]}',
  "\uFEFF{}",
  '{"a":"\uD83D"}',
  '{"a":"\\ud83d"}',
  '{"a":"\\uDE00\\uD83D"}',
  '{"a":"\\\\\\ude00"}',
])("%j is refused and nothing is guessed", (text) => {
  expect(readObject(text)).toHaveProperty("fault");
});

test("a key may stand in two objects, a colon in a text makes no key, and escaped pairs are whole", () => {
  expect(readObject(String.raw`{"a":"\ud83d\uDE00","b":"\\ud83d","c":"😀"}`)).toHaveProperty("value");
  expect(readObject('{"a":{"b":1},"c":{"b":1},"d":"\\"a\\":","e":["a","a"]}')).toHaveProperty("value");
});

test("very long and very deep arguments are read or refused, and nothing runs out of stack", () => {
  expect(readObject(JSON.stringify({ text: '\\"\n'.repeat(500_000) }))).toHaveProperty("value");
  expect(readObject(`{"a":${"[".repeat(200_000)}`)).toHaveProperty("fault");
});

const answerTo = async (name: string, args: string): Promise<string> => {
  const desk = deskOf();
  const [call] = echo(null, [{ id: "a", name, arguments: args }]).calls;
  if (call === undefined) throw new Error("the call was dropped");
  return (await answer(call, { toolbox, desk, offered: ["read", "write"] })).text;
};

test("every error says precisely what was wrong, and what there is instead", async () => {
  expect(await answerTo("reed", "{}")).toBe(
    "Error: there is no tool reed. You have read, write. Did you mean read?",
  );
  expect(await answerTo("finish", "{}")).toContain("there is no tool finish");
  expect(await answerTo("constructor", "{}")).toContain("there is no tool constructor");
  expect(await answerTo("read", '{"path": "pages/roof')).toContain("not JSON");
  expect(await answerTo("read", "[]")).toContain("expected a JSON object, got an array");
  expect(await answerTo("read", '{"path":"a","path":"b"}')).toContain('the key "path" stands twice');
  expect(await answerTo("read", '{"file":"a"}')).toMatch(/path: Invalid input.*Unrecognized key: "file"/);
  expect(await answerTo("read", '{"path":"pages/roofing.md","from":"1"}')).toContain("from: ");
});

test("whatever a model sends, nothing runs that was not one object of the tool's own shape", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          id: fc.string(),
          name: fc.constantFrom("write", "edit", "", "x y", "finish"),
          arguments: fc.string(),
        }),
      ),
      async (list) => {
        const { work, requests } = await play([saidCalls(list), FINISH]);
        expect(work.edits.size).toBe(0);
        expect(requests.flatMap(invalidHistory)).toEqual([]);
      },
    ),
    { numRuns: 50 },
  );
});

interface Sent {
  arguments: string;
  should_be: "parse" | "tool-error";
}

const ARGUMENTS = "../shared/cases/tool-arguments.jsonl";
describe.runIf(existsSync(ARGUMENTS))("arguments that models really sent", () => {
  test.each(rows<Sent>(ARGUMENTS))("$id", async ({ arguments: text, should_be }) => {
    expect("value" in readObject(text)).toBe(should_be === "parse");
    const { work, requests } = await play([saidCalls([{ id: "a", name: "write", arguments: text }]), FINISH]);
    expect(work.edits.size).toBe(0);
    expect(work.end.kind).toBe("finished");
    expect(requests.flatMap(invalidHistory)).toEqual([]);
  });
});

interface Wire {
  http: number;
  finish_reason: string | null;
  message: {
    content?: string | null;
    tool_calls?: { id?: string; function?: { name?: string; arguments?: string } }[] | null;
    error?: { message: string };
  };
}

function wired({ http, finish_reason, message }: Wire): Reply {
  if (http >= 400) return { ok: false, failure: "request", reason: message.error?.message ?? "" };
  const list = (message.tool_calls ?? []).map((c) => ({
    id: c.id ?? "",
    name: c.function?.name ?? "",
    arguments: c.function?.arguments ?? "",
  }));
  return list.length > 0
    ? saidCalls(list, message.content ?? null)
    : says(message.content ?? null, finish_reason ?? "stop");
}

const FAULTS = "../shared/cases/wire-faults.jsonl";
describe.runIf(existsSync(FAULTS))("replies that endpoints really sent", () => {
  test.each(rows<Wire>(FAULTS))("$id $kind, repeated for ever", async (row) => {
    const reply = wired(row);
    const { work, requests } = await play([reply], { spec: { budget: { attempt: { steps: 12 } } } });
    expect(work.edits.size).toBe(0);
    expect(requests.flatMap(invalidHistory)).toEqual([]);
    expect(work.end).toMatchObject({ kind: "failed" });
    expect(work.end.kind === "failed" && work.end.failure).toMatch(
      /^(?:stalled\/[a-z-]+|budget\/steps|engine\/request)$/,
    );
  });

  test.each(rows<Wire>(FAULTS))("$id $kind, once", async (row) => {
    const reply = wired(row);
    const { work, requests } = await play([reply, FINISH]);
    expect(requests.flatMap(invalidHistory)).toEqual([]);
    expect(work.edits.size).toBe(0);
    expect(work.end.kind).toBe(reply.ok ? "finished" : "failed");
  });
});
