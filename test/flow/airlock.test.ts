import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HandedWork, Handover } from "../../src/domain/handover.ts";
import { LIMITS } from "../../src/domain/airlock.ts";
import { settle } from "../../src/flow/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { writeBundle } from "../../src/store/bundle.ts";
import { Login, Sha } from "../../src/domain/id.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { relay, type Relay } from "../relay.ts";

const PRODUCES = 'produces: ["reports/*.md"]\n';
const FILES = {
  "agents/honest.md": specText("honest", PRODUCES),
  "agents/writer.md": specText("writer", PRODUCES),
  "board/fair-it.md": taskText("fair", "honest", "produces: [reports/fair.md]\n"),
  "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "board/two-it.md": taskText("two", "stranger", "produces: [reports/two.md]\n"),
  "reports/old.md": "# Old\n",
};
const SCRIPTS = {
  honest: writes({ "reports/fair.md": "# Fair\n" }),
  writer: writes({ "reports/one.md": "# One\n", "reports/old.md": "# New\n" }),
};

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

interface Attack {
  name: string;
  /** The failure that the journal is to hold, and words of its reason. */
  failure: string;
  says: RegExp;
  forge: (r: Relay, fleet: FleetWorld) => Promise<void> | void;
}

const bundleAt = ({ box }: Relay): string => join(box, "writer/0.bundle");
const recordAt = ({ box }: Relay): string => join(box, "writer/record.json");
const git = ({ bench }: Relay, args: string[], input?: string): string =>
  execFileSync("git", args, {
    cwd: bench,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "x",
      GIT_AUTHOR_EMAIL: "x@y",
      GIT_COMMITTER_NAME: "x",
      GIT_COMMITTER_EMAIL: "x@y",
    },
  }).trim();

/** The commit of the honest bundle. */
function proposal(r: Relay): string {
  git(r, ["bundle", "unbundle", bundleAt(r)]);
  return git(r, ["bundle", "list-heads", bundleAt(r)]).split(" ")[0] ?? "";
}

/** Puts a commit in place of the honest one, under the right name and with whole objects, as `wrap` would. */
function deliver(r: Relay, head: string, more: { ref?: string; parent?: string; not?: string } = {}): void {
  const order = r.plan.orders.find((o) => o.planned.agent === "writer");
  const parent = more.parent ?? order?.planned.tries[0]?.parent ?? "";
  const ref = more.ref ?? `refs/pullbeat/proposals/${r.plan.id}/one--1`;
  const pack = execFileSync(
    "git",
    ["pack-objects", "--revs", "--stdout", "--quiet", "--window=0", "--no-reuse-delta"],
    {
      cwd: r.bench,
      input: `${head}\n^${more.not ?? order?.planned.tries[0]?.parent}\n`,
    },
  );
  writeFileSync(bundleAt(r), writeBundle({ ref, parent: Sha.parse(parent) }, Sha.parse(head), pack));
}

/** The honest commit's text over another tree. */
function withTree(r: Relay, tree: string): string {
  const text = execFileSync("git", ["cat-file", "commit", proposal(r)], {
    cwd: r.bench,
    encoding: "utf8",
  });
  return git(r, ["hash-object", "-t", "commit", "-w", "--stdin"], text.replace(/^tree .*/, `tree ${tree}`));
}

/** The honest tree and one entry more, made past every check of git's. */
function planted(r: Relay, mode: string, path: string, id: string): string {
  const [first = "", ...rest] = path.split("/");
  const tree = (within: string[], at: string): string =>
    within.length === 0
      ? at
      : git(
          r,
          ["mktree", "--missing"],
          `${within.length === 1 ? mode : "040000"} ${within.length === 1 ? kind : "tree"} ${tree(within.slice(1), at)}\t${within[0]}\n`,
        );
  const kind = mode === "160000" ? "commit" : "blob";
  const root = git(r, ["ls-tree", `${proposal(r)}^{tree}`]);
  const entry =
    rest.length === 0 ? `${mode} ${kind} ${id}\t${first}` : `040000 tree ${tree(rest, id)}\t${first}`;
  return git(r, ["mktree", "--missing"], `${root}\n${entry}\n`);
}

const blob = (r: Relay, text: string): string => git(r, ["hash-object", "-w", "--stdin"], text);

/** Changes the record as a stranger would: in the file. */
function rewrite(r: Relay, change: (record: Handover, work: HandedWork) => unknown): void {
  const record: Handover = JSON.parse(readFileSync(recordAt(r), "utf8"));
  const [work] = record.works;
  if (work === undefined) throw new Error("nothing was handed over");
  writeFileSync(recordAt(r), JSON.stringify(change(record, work)));
}

const ATTACKS: Attack[] = [
  {
    name: "another ref",
    failure: "airlock/ref",
    says: /carries "[0-9a-f]{40} refs\/heads\/main"; expected exactly the ref refs\/pullbeat\/proposals\//,
    forge: (r) => deliver(r, proposal(r), { ref: "refs/heads/main" }),
  },
  {
    name: "a path outside what its spec produces",
    failure: "gate/paths",
    says: /./,
    forge: (r) => deliver(r, withTree(r, planted(r, "100644", "agents2.md", blob(r, "hello")))),
  },
  {
    name: "a second parent",
    failure: "airlock/parents",
    says: /has 2 parents/,
    forge(r) {
      const head = proposal(r);
      const stray = git(r, ["commit-tree", `${head}^{tree}`, "-m", "elsewhere"]);
      const text = execFileSync("git", ["cat-file", "commit", head], { cwd: r.bench, encoding: "utf8" });
      const two = text.replace(/^(parent .*\n)/m, `$1parent ${stray}\n`);
      deliver(r, git(r, ["hash-object", "-t", "commit", "-w", "--stdin"], two));
    },
  },
  {
    name: "a forged trailer",
    failure: "airlock/commit",
    says: /says more than a proposal's may/,
    forge(r) {
      const text = execFileSync("git", ["cat-file", "commit", proposal(r)], {
        cwd: r.bench,
        encoding: "utf8",
      });
      const forged = `${text}\nPullbeat-Approved-By: ann\n`;
      deliver(r, git(r, ["hash-object", "-t", "commit", "-w", "--stdin"], forged));
    },
  },
  {
    name: "two tasks in one record",
    failure: "airlock/unit",
    says: /tells of two--1, which this beat has not claimed/,
    forge: (r) => rewrite(r, (record, work) => ({ ...record, works: [work, { ...work, unit: "two" }] })),
  },
  {
    name: "another task's file in its tree",
    failure: "gate/paths",
    says: /./,
    forge(r) {
      const root = git(r, ["ls-tree", "-r", proposal(r)]);
      const done = blob(r, FILES["board/two-it.md"].replace("title", "status: done\ntitle"));
      const index = join(r.bench, "index.forged");
      const env = { ...process.env, GIT_INDEX_FILE: index };
      const lines = root.replace(
        /^100644 blob [0-9a-f]+\tboard\/two-it\.md$/m,
        `100644 blob ${done}\tboard/two-it.md`,
      );
      execFileSync("git", ["update-index", "--index-info"], { cwd: r.bench, env, input: `${lines}\n` });
      deliver(
        r,
        withTree(r, execFileSync("git", ["write-tree"], { cwd: r.bench, env, encoding: "utf8" }).trim()),
      );
    },
  },
  {
    name: "a symbolic link",
    failure: "airlock/mode",
    says: /"reports2" would be a symbolic link/,
    forge: (r) => deliver(r, withTree(r, planted(r, "120000", "reports2", blob(r, "/etc/passwd")))),
  },
  {
    name: "a submodule",
    failure: "airlock/mode",
    says: /"sub" would be a submodule/,
    forge: (r) => deliver(r, withTree(r, planted(r, "160000", "sub", r.plan.base))),
  },
  {
    name: "an entry .GIT/config",
    failure: "airlock/path",
    says: /"\.GIT": the path leads into git's own folder/,
    forge: (r) => deliver(r, withTree(r, planted(r, "100644", ".GIT/config", blob(r, "[core]\n")))),
  },
  {
    name: "a file larger than any bundle may be",
    failure: "airlock/huge",
    says: /at most 33554432 are taken/,
    forge: (r) => truncateSync(bundleAt(r), LIMITS.bundle + 1),
  },
  {
    name: "a small pack that unpacks to something huge",
    failure: "airlock/huge",
    says: /larger than 67108864 bytes/,
    forge: (r) =>
      deliver(r, withTree(r, planted(r, "100644", "bomb", blob(r, "0".repeat(LIMITS.unpacked + 1))))),
  },
  {
    name: "a bundle that is cut off",
    failure: "airlock/pack",
    says: /cut off or changed/,
    forge: (r) => truncateSync(bundleAt(r), readFileSync(bundleAt(r)).length - 7),
  },
  {
    name: "another base",
    failure: "airlock/base",
    says: /expected exactly [0-9a-f]{40}$/,
    forge(r) {
      const head = proposal(r);
      const old = git(r, ["commit-tree", `${r.plan.base}^{tree}`, "-m", "old"]);
      deliver(r, git(r, ["commit-tree", `${head}^{tree}`, "-p", old, "-m", "x"]), { parent: old, not: old });
    },
  },
  {
    name: "no bundle at all",
    failure: "airlock/bundle",
    says: /does not begin like a git bundle/,
    forge: (r) => writeFileSync(bundleAt(r), "PK\u0003\u0004"),
  },
  {
    name: "a link in the bundle's place",
    failure: "airlock/file",
    says: /leads somewhere else/,
    forge(r) {
      rmSync(bundleAt(r));
      symlinkSync(join(r.box, "honest/0.bundle"), bundleAt(r));
    },
  },
  {
    name: "a record with a key of its own",
    failure: "airlock/record",
    says: /unrecognized_keys/,
    forge: (r) => rewrite(r, (record) => ({ ...record, verdict: "pass" })),
  },
  {
    name: "a question under a condition that its spec does not list",
    failure: "airlock/question",
    says: /does not list/,
    forge(r) {
      const question = { condition: "raise", question: "?", evidence: "", recommendation: "", silence: "" };
      rewrite(r, (record, work) => ({
        ...record,
        works: [{ ...work, bundle: false, end: { kind: "asked", question } }],
      }));
    },
  },
  {
    name: "content that only the publishing clone has",
    failure: "airlock/tree",
    says: /did not come along/,
    forge(r, fleet) {
      const from = { cwd: fleet.clone, encoding: "utf8" as const, input: "of another agent\n" };
      const hidden = execFileSync("git", ["hash-object", "-w", "--stdin"], from).trim();
      const head = withTree(r, planted(r, "100644", "copied.md", hidden));
      const flags = ["--objects", "--missing=allow-any", "--no-object-names"];
      const sent = git(r, ["rev-list", ...flags, head, `^${r.plan.base}`])
        .replace(hidden, "")
        .trim();
      const pack = execFileSync("git", ["pack-objects", "--stdout", "--quiet", "--window=0"], {
        cwd: r.bench,
        input: `${sent.replaceAll(/\n+/g, "\n")}\n`,
      });
      const ref = `refs/pullbeat/proposals/${r.plan.id}/one--1`;
      writeFileSync(bundleAt(r), writeBundle({ ref, parent: r.plan.base }, Sha.parse(head), pack));
    },
  },
];

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
