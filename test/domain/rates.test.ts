import { expect, test } from "vitest";
import { ratesOf } from "../../src/domain/plan/rates.ts";
import { attempt, control, name, record, sha, snapshot } from "./fleet.ts";

test("what an agent went through in 30 days is counted, and nobody else's, and nothing older", () => {
  const proposal = {
    branch: "pullbeat/work/t-one--1",
    base: sha("b"),
    parent: sha("b"),
    head: sha("h"),
    title: "",
    kind: "work" as const,
    round: 2,
  };
  const attempts = [
    attempt("t-one", { proposal, feedback: ["evidence: no"] }),
    attempt("t-one", { outcome: "failed", failure: "stalled/repeats" }),
    attempt("t-one", { outcome: "failed", failure: "gate/size" }),
    attempt("t-one", { outcome: "asked" }),
  ];
  const records = [
    record("ada", "20261001T0100Z", { attempts, ended: "2026-10-01T01:00:00Z" }),
    record("ada", "20261122T0100Z", { attempts }),
    record("bob", "20261122T0100Z", { attempts }),
  ];
  const controls = [control("park", "t-one", { who: "pullbeat" })];
  const world = snapshot({ tasks: { "t-one": {} }, records, controls });
  expect(ratesOf(name("ada"), world)).toEqual({
    attempts: 4,
    asksPerWeek: 0.2,
    sentBack: 1,
    rounds: 1,
    stalled: 1,
    failed: 2,
    parked: 1,
  });
  expect(ratesOf(name("cid"), world)).toMatchObject({ attempts: 0, parked: 0 });
});
