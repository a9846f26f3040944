import { expect, test } from "vitest";
import { Config } from "../../src/domain/config.ts";
import { GraderGate } from "../../src/domain/verdict/gates.ts";
import { gradedOf, graderFor } from "../../src/domain/grading/asking.ts";
import { Hearing } from "../../src/domain/verdict/hearing.ts";
import type { GateVerdict } from "../../src/domain/verdict/verdict.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";
import { finding, snapshot } from "../domain/fleet.ts";
import { sha } from "../domain/ruling.ts";
import { agentOf } from "../job.ts";

const GRADES = { criteria: [{ id: "right", one: "wrong", five: "right" }], pass: 3 };
const grader = { ...agentOf({ name: "checker", grades: GRADES }), blob: sha("c") };
const asked = { branch: "pullbeat/work/T-aaaa--1", gate: "honest", of: "this", grader };

function hearing(ruling: GateVerdict["ruling"], more: object = {}): Hearing {
  const spent = { steps: 1, tokens: { input: 1, cached: 0, output: 1 }, usd: 0, ms: 1 };
  const grading = {
    agent: "checker",
    spec: sha("c"),
    engine: { kind: "openai", model: "m", scripted: false },
    spent,
  };
  const verdict = { gate: "honest", ruling, sentence: ruling, details: [], mendable: true };
  const { branch, gate, of } = asked;
  const said = {
    version: 1,
    pull: 1,
    branch,
    gate,
    of,
    head: sha("a"),
    at: "2026-11-22T07:00:00Z",
    verdict,
    grading,
    ...more,
  };
  // As the journal would hold it: a key without a value is none.
  return Hearing.parse(JSON.parse(JSON.stringify(said)));
}

const heard = (hearings: readonly Hearing[], at = "07:30"): string => {
  const found = gradedOf(hearings, asked, new Date(`2026-11-22T${at}:00Z`));
  return found.kind === "said" ? found.verdict.ruling : found.kind;
};

test("a word of exactly this holds, under whatever head, and the newest counts", () => {
  expect(heard([hearing("pass", { head: sha("b") })])).toBe("pass");
  expect(heard([hearing("pass"), hearing("fail")])).toBe("fail");
});

test("a word about anything else, or by anybody else, is none", () => {
  const { grading } = hearing("pass");
  for (const other of [
    { branch: "pullbeat/work/T-bbbb--1" },
    { gate: "other" },
    { of: "that" },
    { grading: { ...grading, agent: "writer" } },
    { grading: { ...grading, spec: sha("d") } },
    { grading: undefined },
  ])
    expect(heard([hearing("pass", other)])).toBe("unheard");
  expect(heard([hearing("inconclusive", { grading: undefined })])).toBe("inconclusive");
});

test("who could not tell is asked again after one hour, then two, then four, and at the latest after a day", () => {
  const vain = (n: number): Hearing[] => Array.from({ length: n }, () => hearing("inconclusive"));
  expect([heard(vain(1), "07:59"), heard(vain(1), "08:00")]).toEqual(["inconclusive", "unheard"]);
  expect([heard(vain(2), "08:59"), heard(vain(2), "09:00")]).toEqual(["inconclusive", "unheard"]);
  expect([heard(vain(3), "10:59"), heard(vain(3), "11:00")]).toEqual(["inconclusive", "unheard"]);
  const dayLater = gradedOf(vain(40), asked, new Date("2026-11-23T07:00:00Z"));
  expect(dayLater.kind).toBe("unheard");
  expect(heard([...vain(3), hearing("fail")], "23:00")).toBe("fail");
  const anew = [hearing("fail"), ...vain(3), hearing("fail"), ...vain(1)];
  expect([heard(anew, "07:59"), heard(anew, "08:00")]).toEqual(["inconclusive", "unheard"]);
});

/** Why the grader `bob` may not judge; null when it may. */
function barred(
  more: {
    authors?: string[];
    models?: string[];
    bob?: object;
    other?: boolean;
    grades?: null;
    findings?: Snapshot["fleet"]["findings"];
  } = {},
): string | null {
  const { authors = ["ada"], models = ["gpt-5-nano"], bob = {}, other = false } = more;
  const engine = { kind: "openai" as const, model: "gpt-5-mini" };
  const settings = GraderGate.parse({
    kind: "grader",
    grader: "bob",
    ...(other ? { other_model: true } : {}),
  });
  const given = snapshot({
    config: Config.parse({ version: 1 }),
    findings: more.findings ?? [],
    agents: { ada: {}, bob: { engine, ...(more.grades === null ? {} : { grades: GRADES }), ...bob } },
  });
  const found = graderFor(settings, { agents: authors, models }, given);
  return "why" in found ? found.why : null;
}

test("a grader judges others' work, while it may work at all, as a model with a rubric", () => {
  expect(barred()).toBeNull();
  expect(barred({ authors: ["bob"] })).toBe("bob made it, and nobody grades their own work");
  expect(barred({ authors: ["ada", "bob"] })).toBe("bob made it, and nobody grades their own work");
  expect(barred({ bob: { status: "paused" } })).toBe("bob is paused by its spec");
  expect(barred({ bob: { status: "retired" } })).toBe("bob is retired by its spec");
  const odd = finding("agents/bob.md");
  expect(barred({ findings: [{ ...odd, level: "note" }] })).toBeNull();
  expect(barred({ findings: [odd, { ...odd, message: "another" }] })).toBe(
    "bob has a broken spec, agents/bob.md:3:1: unknown key",
  );
  expect(barred({ grades: null })).toBe("bob is no grader: its spec has no rubric (grades)");
  expect(barred({ bob: { engine: { kind: "command", run: ["x"] } } })).toContain("bob is a program");
});

test("where another model is asked for, one model under two dates is one, and an unknown one is none", () => {
  expect(barred({ models: ["gpt-5-mini"] })).toBeNull();
  const other = (models: string[]): string | null => barred({ other: true, models });
  expect(other(["gpt-5-nano", "gpt-5"])).toBeNull();
  expect(other(["gpt-5-nano", "gpt-5-mini"])).toBe(
    "gpt-5-mini made it, and bob is gpt-5-mini: another model must judge it (other_model)",
  );
  expect(other(["gpt-5-mini-2025-08-07"])).toContain("another model must judge it");
  expect(other([])).toBe("no record tells which model made it, and its grader must be another");
});
