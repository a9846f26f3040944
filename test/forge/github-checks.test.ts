import { expect, test } from "vitest";
import { settle } from "../../src/flow/settle/settle.ts";
import { ann, makeOpened } from "../github/fleet.ts";
import type { CheckRow } from "../github/state.ts";
import { push } from "../github/push.ts";
import { settleBench, CONFIG } from "../flow/settle-bench.ts";

const GATED = `gates:
  ci: { kind: checks, runs: [{ name: test, app: github-actions }] }
require: [{ path: [reports/**], gates: [ci] }]
`;

test("an approved pull waits for CI of its head: nothing but success by the app that is meant lets it merge", async () => {
  const world = await makeOpened();
  const { hub, pull, settle: run, review, isMerged, ask } = world;
  expect(hub.since().join()).not.toContain("checks/list-for-ref");
  await world.commit({
    ".github/pullbeat.yml": `${(await world.file(".github/pullbeat.yml")) ?? ""}${GATED}`,
  });
  await review(ann, "APPROVE");
  const put = (more: Partial<CheckRow>): void => {
    hub.state.checks = hub.state.checks.filter((c) => c.name !== "test");
    hub.state.checks.push({
      id: 9000,
      name: "test",
      sha: pull.head,
      app: { id: 15_368, slug: "github-actions" },
      status: "completed",
      conclusion: "success",
      title: null,
      summary: null,
      ...more,
    });
  };
  const merges = async (): Promise<boolean> => {
    await run();
    return isMerged();
  };
  hub.since();
  expect(await merges()).toBe(false);
  // One call for a pull that asks for it.
  expect(hub.since().filter((call) => call.startsWith("checks/list-for-ref"))).toHaveLength(1);
  // Whoever may write can set a status of that name, and any app a check of that name.
  expect(
    (await ask(ann, "POST", `/statuses/${pull.head}`, { context: "test", state: "success" })).status,
  ).toBe(201);
  expect(await merges()).toBe(false);
  for (const attack of [
    { app: { id: 77, slug: "gatekeeper" } },
    { conclusion: "skipped" },
    { conclusion: "neutral" },
    { status: "in_progress", conclusion: null },
    { sha: (await world.far("rev-parse", "main")).trim() },
  ]) {
    put(attack);
    expect({ attack, merges: await merges() }).toEqual({ attack, merges: false });
  }
  // CI that cannot be read is no CI that passes.
  put({});
  hub.trouble({ operation: "checks/list-for-ref", times: 1, status: 403 });
  expect(await merges()).toBe(false);
  expect(await merges()).toBe(true);
});

test("what CI found on an older head lets no newer one merge", async () => {
  const world = await makeOpened();
  const { hub, pull, settle: run, review, isMerged } = world;
  await world.commit({
    ".github/pullbeat.yml": `${(await world.file(".github/pullbeat.yml")) ?? ""}${GATED}`,
  });
  const app = { id: 15_368, slug: "github-actions" };
  const row = { id: 9000, name: "test", app, status: "completed", title: null, summary: null };
  hub.state.checks.push({ ...row, sha: pull.head, conclusion: "success" });
  await push(world, pull.branch, "reports/first.md");
  await review(ann, "APPROVE");
  await run();
  expect(await isMerged()).toBe(false);
});

test("where pulls live in the remote itself there is no CI, and what asks for it does not merge", async () => {
  const { flow, propose, review, world } = await settleBench({ ".github/pullbeat.yml": `${CONFIG}${GATED}` });
  await review(await propose(), "ann", "approve");
  expect((await settle(flow)).merged).toEqual([]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
});
