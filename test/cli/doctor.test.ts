import { spawnSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pageOf } from "../../src/cli/doctor.ts";
import { examine } from "../../src/flow/doctor.ts";
import { checkupOf, giveWorkflows } from "../doctor/checkup.ts";
import { makeFleet, specText } from "../fleet.ts";
import { ann, makeHub } from "../github/fleet.ts";
import { json, MAIN, pullbeat, quietTerminal } from "./cli.ts";

const FILES = { "agents/writer.md": specText("writer") };
const KEYED = { env: { OPENAI_API_KEY: "sk-nobody-may-see-this" } };

test("a healthy fleet is told so, with exit code 0", async () => {
  const world = await makeFleet({ files: FILES });
  const said = await pullbeat(world, ["doctor"], KEYED);
  expect(said).toEqual({ code: 0, out: "nothing is set up wrong\n", err: "" });
  expect(await json(world, ["doctor"], KEYED)).toEqual({
    code: 0,
    value: { ok: true, counts: { wrong: 0, unknown: 0, notes: 0 }, findings: [] },
  });
});

test("what is wrong ends with exit code 1, and a key shows by its name alone", async () => {
  const world = await makeFleet({ files: { ...FILES, ".github/pullbeat.schema/spec.json": "{}\n" } });
  const without = await pullbeat(world, ["doctor"]);
  expect([without.code, without.err]).toEqual([1, ""]);
  expect(without.out).toMatch(/^1\. +wrong +writer cannot work here: no key: set OPENAI_API_KEY/);
  expect(without.out).toMatch(/\n2 set up wrong\n$/);
  const withKey = await pullbeat(world, ["doctor"], KEYED);
  expect(withKey.out).toContain("git rm .github/pullbeat.schema/spec.json && pullbeat init");
  expect(withKey.out).not.toContain("sk-nobody");
});

test("a folder without a repository is a finding, not a crash", async () => {
  const world = await makeFleet();
  expect(await json(world, ["doctor", "-C", world.dir])).toMatchObject({
    code: 1,
    value: { findings: [{ id: "repository", level: "wrong" }] },
  });
});

/** Somebody who is not root, for whom rights hold. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

test.each(["objects", "objects/pack", "refs/heads", "."])(
  "a clone of which .git/%s may not be written is set up wrong, before a tick fails in it",
  async (folder) => {
    const world = await makeFleet({ files: FILES });
    const now = { PULLBEAT_NOW: world.clock.now().toISOString() };
    const asked = (): unknown => {
      const env = { ...world.env, ...KEYED.env, ...now };
      const args = [MAIN, "doctor", "--json", "-C", world.clone];
      const { status, stdout } = spawnSync(process.execPath, args, { ...NOBODY, env, encoding: "utf8" });
      return { status, findings: JSON.parse(stdout).findings };
    };
    if ("uid" in NOBODY) spawnSync("chown", ["-R", `${NOBODY.uid}:${NOBODY.gid}`, world.dir]);
    expect(asked()).toEqual({ status: 0, findings: [] });
    const sealed = join(world.clone, ".git", folder);
    await chmod(sealed, 0o555);
    const found = asked();
    await chmod(sealed, 0o755);
    expect(found).toMatchObject({
      status: 1,
      findings: [{ id: "sealed", level: "wrong", what: expect.stringContaining(`: ${sealed}`) }],
    });
    expect(asked()).toEqual({ status: 0, findings: [] });
  },
);

test("on GitHub the command line asks with the token that the config names, and shows it nowhere", async () => {
  const world = await makeHub({ files: FILES, settings: { actionsMayOpenPulls: false } });
  const env = { ...KEYED.env, GITHUB_TOKEN: ann.token };
  const said = await json(world, ["doctor"], { env });
  expect(said).toMatchObject({ code: 1, value: { ok: false } });
  expect(Object(said.value).findings[0]).toMatchObject({ id: "open-pulls", level: "wrong" });
  expect(JSON.stringify(said)).not.toContain(ann.token);
  const without = await json(world, ["doctor"], KEYED);
  expect(without).toMatchObject({
    code: 1,
    value: { findings: [{ id: "token", level: "wrong" }, { id: "no-workflows" }] },
  });
  expect(world.hub.faults).toEqual([]);
});

const snapshot = (name: string): string => join(import.meta.dirname, `../snapshots/doctor-${name}.md`);

test("a new repository on GitHub is told what to set first", async () => {
  const world = await makeHub({
    files: FILES,
    settings: { actionsMayOpenPulls: false, methods: ["squash"] },
  });
  const page = async (token: string): Promise<string> => {
    const findings = await examine(checkupOf(world, { env: { GITHUB_TOKEN: token } }));
    return `${pageOf(findings, quietTerminal(100)).join("\n")}\n`.replaceAll(
      world.hub.api(),
      "https://github.com",
    );
  };
  await expect(await page(ann.token)).toMatchFileSnapshot(snapshot("new"));
  await giveWorkflows(world);
  await world.hub.protect({
    approvals: 1,
    dismissStale: true,
    checks: [{ context: "pullbeat", app: 15368 }],
  });
  Object.assign(world.hub.state.settings, { actionsMayOpenPulls: true, methods: ["merge"] });
  await expect(await page(ann.token)).toMatchFileSnapshot(snapshot("healthy"));
  await expect(await page("ghs_actions")).toMatchFileSnapshot(snapshot("untold"));
  await world.hub.protect(null);
  Object.assign(world.hub.state.settings, { private: true, plan: "free" });
  await expect(await page(ann.token)).toMatchFileSnapshot(snapshot("free-plan"));
  expect(world.hub.faults).toEqual([]);
});
