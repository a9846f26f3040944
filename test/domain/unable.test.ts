import { expect, test } from "vitest";
import { plan } from "../../src/domain/plan/planner.ts";
import { snapshot } from "./fleet.ts";

test("an agent whose engine cannot work rests and says why, and its paths are free for others", () => {
  const both = {
    ada: { schedule: "daily 07:00", produces: ["a.md"] },
    bob: { schedule: "daily 07:00", produces: ["a.md"] },
  };
  const tasks = {
    "t-ada": { agent: "ada", produces: ["a.md"] },
    "t-bob": { agent: "bob", produces: ["a.md"] },
  };
  expect(plan(snapshot({ agents: both, tasks })).beats.map((b) => b.agent)).toEqual(["ada"]);
  const given = { agents: both, tasks, unable: { ada: "no key: set OPENAI_API_KEY" } };
  expect(plan(snapshot(given)).rests[0]).toEqual({
    agent: "ada",
    slot: "20261122T0700Z",
    code: "unable",
    reason: "no key: set OPENAI_API_KEY",
  });
  expect(plan(snapshot(given)).beats.map((b) => b.agent)).toEqual(["bob"]);
});
