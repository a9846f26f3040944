import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Login } from "../../src/domain/id.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, writes, type FleetWorld } from "../fleet.ts";
import {
  ATTACKS,
  blob,
  bundleAt,
  deliver,
  FILES,
  git,
  planted,
  proposal,
  rewrite,
  SCRIPTS,
  withTree,
} from "../forgeries.ts";
import { relay } from "../relay.ts";

const start = (): Promise<FleetWorld> => makeFleet({ files: FILES, scripts: SCRIPTS });

/** The journal's word on the writer's attempt. */
async function told(fleet: FleetWorld): Promise<{ outcome: string; attempts: Record<string, unknown>[] }> {
  const text = await fleet.file("beats/2026/11/22/writer@20261122T0700Z/record.json", "pullbeat/journal");
  return JSON.parse(text ?? "null");
}

const heads = async (fleet: FleetWorld): Promise<string> =>
  fleet.far("for-each-ref", "refs/heads/pullbeat/work");

test("what was worked in a job without rights lands as an in-process tick would have made it, byte for byte", async () => {
  const whole = await start();
  await tick(whole.flow);
  const cut = await start();
  const run = await relay(cut, SCRIPTS);
  const report = await run.publish();
  await settle(cut.flow);
  expect(report.beats.map((b) => [b.agent, b.outcome, b.attempts[0]?.pull])).toEqual([
    ["honest", "worked", 1],
    ["writer", "worked", 2],
  ]);
  expect(await heads(cut)).toBe(await heads(whole));
  expect(await told(cut)).toEqual(await told(whole));
  expect(await cut.show()).toBe(await whole.show());
});

test("a second round stands on the branch of the first, and lands on it", async () => {
  const fleet = await start();
  await (await relay(fleet, SCRIPTS)).publish();
  const [pull] = (await fleet.flow.forge.pulls()).filter((p) => p.agent === "writer");
  if (pull === undefined) throw new Error("no pull was opened");
  const said = { verdict: "request-changes" as const, body: "shorter", at: fleet.clock.now() };
  await fleet.flow.forge.review(pull.number, Login.parse("ann"), said);
  fleet.clock.pass(60);
  const rounds = [SCRIPTS.writer, '{"attempt":"*"}', writes({ "reports/one.md": "# 1\n" })];
  const again = { ...SCRIPTS, writer: rounds.join("\n") };
  const run = await relay(fleet, again, 2);
  expect(run.plan.orders[0]?.told.asked).toEqual([["ann: shorter"]]);
  await run.publish();
  expect(await fleet.file("reports/one.md", pull.branch)).toBe("# 1\n");
  expect((await fleet.far("rev-list", "--count", `main..${pull.branch}`)).trim()).toBe("2");
});

test("what crosses is a bundle that git itself can read", async () => {
  const fleet = await start();
  const { box, bench, plan } = await relay(fleet, SCRIPTS);
  const said = execFileSync("git", ["bundle", "verify", join(box, "writer/0.bundle")], {
    cwd: bench,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(said).toContain(`refs/pullbeat/proposals/${plan.id}/one--1`);
});

test.each(ATTACKS)(
  "$name is refused with its reason, and what lies beside it lands",
  async ({ forge, failure, says }) => {
    const fleet = await start();
    const run = await relay(fleet, SCRIPTS);
    await forge(run, fleet);
    const report = await run.publish();
    expect(report.beats.map((b) => [b.agent, b.outcome])).toEqual([
      ["honest", "worked"],
      ["writer", "failed"],
    ]);
    const record = await told(fleet);
    expect(record).toMatchObject({ outcome: "failed", attempts: [{ unit: "one", failure, proposal: null }] });
    expect(String(record.attempts[0]?.["reason"])).toMatch(says);
    expect((await heads(fleet)).replaceAll(/^\S+ commit\t/gm, "")).toBe("refs/heads/pullbeat/work/fair--1\n");
    expect(await fleet.show()).not.toContain("refs/pullbeat/claims");
    expect(await fleet.file("reports/one.md")).toBeNull();
  },
);

test("what publishing looks at never enters its clone, whether it is taken in or not", async () => {
  const fleet = await start();
  const run = await relay(fleet, SCRIPTS);
  const head = proposal(run);
  const stray = blob(run, "stray\n");
  deliver(run, withTree(run, planted(run, "120000", "stray", stray)));
  const honest = git(run, ["bundle", "list-heads", join(run.box, "honest/0.bundle")]).split(" ")[0] ?? "";
  await run.publish();
  for (const id of [head, stray, honest])
    await expect(fleet.git("cat-file", "-e", id)).rejects.toThrow(/cat-file/);
});

test("a price and a model are what spec and config say, whatever a job tells", async () => {
  const fleet = await makeFleet({
    files: {
      ...FILES,
      ".github/pullbeat.yml":
        "version: 1\nroster:\n  - login: ann\n    emails: [ann@example.com]\ndigest: { at: off }\nengines: { openai: { prices: { scripted: { input: 10, output: 100 } } } }\n",
    },
    scripts: SCRIPTS,
  });
  const run = await relay(fleet, SCRIPTS);
  rewrite(run, (record, work) => ({
    ...record,
    works: [
      {
        ...work,
        engine: { kind: "command", model: "gpt-free", scripted: false },
        spent: { ...work.spent, usd: 0 },
      },
    ],
  }));
  await run.publish();
  const [attempt] = (await told(fleet)).attempts;
  expect(attempt?.["engine"]).toEqual({ kind: "openai", model: "scripted", scripted: false });
  expect(attempt?.["spent"]).toMatchObject({ tokens: { input: 100, output: 20 }, usd: 0.003 });
});

test("what an earlier plan handed over fits no later one, neither whole nor as a bundle alone", async () => {
  const fleet = await start();
  const first = await relay(fleet, SCRIPTS);
  for (const { claims } of first.plan.orders)
    for (const { ref } of claims) await fleet.far("update-ref", "-d", ref);
  const second = await relay(fleet, SCRIPTS, 2);
  cpSync(bundleAt(first), bundleAt(second));
  cpSync(join(first.box, "honest"), join(second.box, "honest"), { recursive: true });
  const { refused } = await second.publish();
  expect(refused.map(({ agent, code, why }) => [agent, code, why.slice(0, 40)])).toEqual([
    ["honest", "replay", "its record belongs to another plan"],
    ["writer", "ref", expect.any(String)],
  ]);
  expect(await heads(fleet)).toBe("");
});

test("a job that died leaves a failed slot, and no claim", async () => {
  const fleet = await start();
  const run = await relay(fleet, SCRIPTS);
  rmSync(join(run.box, "writer"), { recursive: true });
  await run.publish();
  expect(await told(fleet)).toMatchObject({
    outcome: "failed",
    reason: "not taken in: its job handed nothing over",
    attempts: [{ failure: "airlock/missing" }],
  });
  expect(await fleet.show()).not.toContain("refs/pullbeat/beats");
});
