import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { specText, writes } from "../fleet.ts";
import { printed } from "../hostile/outputs.ts";
import { LOOSE, MENDED, RIGHT, SPEC, worked, WRONG, type Told } from "./bench.ts";

const MD = "agents/writer.cases/ctr-1.md";
const JSONL = "agents/writer.cases/ctr-1.jsonl";
const first = (value: Record<string, unknown>): unknown => Object(value["cases"])[0];

test("what a gate sent back becomes a case, which the gate catches until somebody loosens it", async () => {
  const fleet = await worked();
  const added = await fleet.type("case", "add", "1");
  expect(added).toMatchObject({
    code: 0,
    value: {
      case: { case: "ctr-1", kind: "wrong", agent: "writer", pull: 1, caught_by: ["evidence"] },
      file: MD,
      replies: JSONL,
      pushed: true,
    },
  });
  expect(await fleet.must(MD)).toMatch(/## What was wrong\n\nGates said of pull 1:\n\n> evidence: .*\n.*41%/);
  // Only what was said before the gate sent it back: the right page came later.
  const said = await fleet.must(JSONL);
  expect(said).toContain("41%");
  expect(said).not.toContain("2.3%");

  const today = await fleet.type("case", "run", "writer");
  expect(today.code).toBe(0);
  expect(first(today.value)).toMatchObject({
    case: "ctr-1",
    outcome: "caught",
    by: ["evidence"],
    finding: false,
  });

  await fleet.commit({ "agents/writer.md": LOOSE });
  const loosened = await fleet.type("case", "run");
  expect(loosened.code).toBe(1);
  expect(first(loosened.value)).toMatchObject({ case: "ctr-1", outcome: "escaped", finding: true });
  // Neither a case nor its replies is taken for a spec.
  expect((await fleet.flow.records.fleet(await head(fleet))).findings).toEqual([]);
});

const head = async (fleet: Told) => {
  const refs = await fleet.repo.fetch();
  const tip = refs.get("refs/heads/main");
  if (tip === undefined) throw new Error("there is no main");
  return tip;
};

test("what only a person saw says so, and is caught from the day on which a gate can", async () => {
  const fleet = await worked({ writer: writes({ "reports/ctr.md": WRONG }) }, { "agents/writer.md": LOOSE });
  await fleet.type("pull", "close", "1", "--why", "41% is the rate of another campaign");
  await settle(fleet.flow);
  const added = await fleet.type("case", "add", "1", "--lacks", "41%");
  expect(added).toMatchObject({ code: 0, value: { case: { caught_by: [], lacks: ["41%"] } } });
  const text = await fleet.must(MD);
  expect(text).toContain("ann said of pull 1:\n\n> 41% is the rate of another campaign\n");
  expect(text).toContain("No gate: only a person or a grader did.");
  const known = await fleet.type("case", "run", "writer");
  expect([known.code, first(known.value)]).toMatchObject([0, { outcome: "open", finding: false }]);

  await fleet.commit({ "agents/writer.md": SPEC });
  const caught = await fleet.type("case", "run", "writer");
  expect([caught.code, first(caught.value)]).toMatchObject([0, { outcome: "caught", by: ["evidence"] }]);
});

test("changes that a person asked for are about the round that they looked at, not about the mended one", async () => {
  const rounds = `{"attempt":"ctr"}\n${writes({ "reports/ctr.md": WRONG })}\n{"attempt":"ctr"}\n${writes({ "reports/ctr.md": RIGHT })}`;
  const fleet = await worked({ writer: rounds }, { "agents/writer.md": LOOSE });
  await fleet.type("pull", "request-changes", "1", "-m", "the rate is wrong");
  await tick(fleet.flow);
  expect(await fleet.type("case", "add", "1")).toMatchObject({ code: 0 });
  const said = await fleet.must(JSONL);
  expect([said.includes("41%"), said.includes("2.3%")]).toEqual([true, false]);
  expect(await fleet.must(MD)).toContain("> the rate is wrong\n");

  // Approved later, and wrong after all: then the case is of both rounds.
  await fleet.commit({ [MD]: null, [JSONL]: null });
  await fleet.type("pull", "merge", "1");
  const good = await fleet.type("case", "add", "1", "--good", "--says", "2.3%");
  expect(good).toMatchObject({
    code: 0,
    value: { case: { case: "ctr-1-good", makes: ["reports/ctr.md"], says: ["2.3%"] } },
  });
  const replies = await fleet.must("agents/writer.cases/ctr-1-good.jsonl");
  expect(replies.match(/"attempt"/g)).toHaveLength(2);
  const kept = await fleet.type("case", "run", "writer");
  expect([kept.code, first(kept.value)]).toMatchObject([0, { outcome: "kept" }]);
});

test("what must stay right is refused by a spec that may do nothing", async () => {
  const fleet = await worked();
  expect(await fleet.type("case", "add", "1", "--good")).toMatchObject({
    code: 2,
    value: { error: { message: "pull 1 is not merged, so nobody said yet that it is right" } },
  });
  await fleet.type("pull", "merge", "1");
  await fleet.type("case", "add", "1", "--good");
  expect(await fleet.type("case", "run")).toMatchObject({ code: 0 });
  await fleet.commit({ "agents/writer.md": specText("writer", 'reads: ["data/**"]\n') });
  const idle = await fleet.type("case", "run");
  expect([idle.code, first(idle.value)]).toMatchObject([1, { outcome: "refused", by: ["paths"] }]);
});

test("a task that it made has the same id again, and a case without that id makes something else", async () => {
  const make = { title: "Check it", agent: "writer", brief: "Look.", done_when: ["it is checked"] };
  const calls = [
    { name: "create_task", arguments: make },
    { name: "write", arguments: { path: "reports/ctr.md", text: WRONG } },
    { name: "finish", arguments: { summary: "Done." } },
  ];
  const fleet = await worked({ writer: JSON.stringify({ calls }) }, { "agents/writer.md": LOOSE });
  const { value } = await fleet.type("case", "add", "1", "--why", "nobody asked for a task");
  expect(value).toMatchObject({ case: { made: [expect.stringMatching(/^T-/)] } });
  expect(first((await fleet.type("case", "run")).value)).toMatchObject({ outcome: "open" });
  const text = await fleet.must(MD);
  await fleet.commit({ [MD]: text.replace(/^made: .*\n/m, "made: []\n") });
  const other = await fleet.type("case", "run");
  expect([other.code, first(other.value)]).toMatchObject([
    1,
    { outcome: "untold", says: [expect.stringMatching(/make something else/)] },
  ]);
});

test("whatever is gone or was edited is told, and is never a pass", async () => {
  const fleet = await worked();
  await fleet.type("case", "add", "1");
  const [text, said] = [await fleet.must(MD), await fleet.must(JSONL)];
  const runWith = async (md: string, jsonl: string | null): Promise<unknown> => {
    await fleet.commit({ [MD]: md, [JSONL]: jsonl });
    const { code, value } = await fleet.type("case", "run", "writer");
    const { outcome, says } = Object(first(value));
    return [code, outcome, says?.[0]];
  };
  const told = (words: RegExp): unknown => [1, "untold", expect.stringMatching(words)];
  const gone = text.replace(/^base: .*$/m, `base: ${"a1".repeat(20)}`);
  expect(await runWith(gone, said)).toEqual(told(/its base commit a1a1a1a1a1 is gone/));
  expect(await runWith(text, null)).toEqual(told(/ctr-1\.jsonl, are not there/));
  expect(await runWith(text, said.replace("41%", "42%"))).toEqual(told(/make something else/));
  expect(await runWith(text, `${said}{"calls": 1}\n`)).toEqual(told(/ctr-1\.jsonl:3:1: /));
  expect(await runWith(text, said.split("\n")[1] ?? "")).toEqual(
    told(/ctr-1\.jsonl:1:1: expected a heading/),
  );
  expect(await runWith(text.replace("kind: wrong", "kind: bad"), said)).toEqual(told(/ctr-1\.md:\d+:\d+: /));
  expect(await runWith(text.replace("agent: writer", "agent: other"), said)).toEqual(
    told(/ctr-1\.md:\d+:\d+: it is other's, and lies with writer's/),
  );
  expect(await runWith(text.replace("case: ctr-1", "case: ctr-2"), said)).toEqual(
    told(/ctr-1\.md:\d+:\d+: it is called ctr-2, and its file ctr-1\.md/),
  );
  expect(await runWith(text, said)).toEqual([0, "caught", expect.stringMatching(/^evidence: /)]);
});

test("without its transcript, or any word against it, a pull becomes no case", async () => {
  const fleet = await worked({ writer: writes({ "reports/ctr.md": RIGHT }) });
  expect(await fleet.type("case", "add", "1")).toMatchObject({
    code: 2,
    value: { error: { message: "nobody turned pull 1 down, and no gate sent its work back" } },
  });
  await fleet.far("update-ref", "-d", "refs/pullbeat/transcripts/2026-11");
  expect(await fleet.type("case", "add", "1", "--why", "it is dull")).toMatchObject({
    code: 2,
    value: { error: { code: "not-found", message: expect.stringMatching(/has expired$/) } },
  });
});

test("a case is written once, and words that it does not say are no mark of it", async () => {
  const fleet = await worked({ writer: MENDED });
  expect(await fleet.type("case", "add", "1", "--lacks", "99%")).toMatchObject({ code: 2 });
  expect(await fleet.type("case", "add", "1", "--says", "41%")).toMatchObject({ code: 2 });
  expect(await fleet.type("case", "add", "1", "--dry-run")).toMatchObject({ code: 0 });
  expect(await fleet.file(MD)).toBeNull();
  await fleet.type("case", "add", "1");
  expect(await fleet.type("case", "add", "1")).toMatchObject({
    code: 2,
    value: { error: { message: expect.stringMatching(/is there already$/) } },
  });
});

test("a pull that changes a spec shows what becomes of the agent's cases, and how to see more", async () => {
  const fleet = await worked();
  await fleet.type("case", "add", "1");
  expect((await fleet.type("pull", "show", "1")).value["cases"]).toEqual([]);
  // Somebody adds a looser spec to the branch of the fleet's pull.
  await fleet.git("fetch", "-q", "origin");
  await fleet.git("checkout", "-q", "-b", "looser", "origin/pullbeat/work/ctr--1");
  await mkdir(join(fleet.clone, "agents"), { recursive: true });
  await writeFile(join(fleet.clone, "agents/writer.md"), LOOSE);
  await fleet.git("commit", "-qam", "Loosen the spec");
  await fleet.git("push", "-q", "origin", "looser:pullbeat/work/ctr--1");
  const compared = [
    {
      agent: "writer",
      cases: 1,
      fine: { now: 1, merged: 0 },
      moved: [{ case: "ctr-1", now: "caught", merged: "escaped" }],
      left: 0,
    },
  ];
  expect((await fleet.type("pull", "show", "1")).value["cases"]).toEqual(compared);
  const page = (await printed(fleet, ["pull", "show", "1"], false)).text;
  expect(page).toContain("writer: 0 of 1 are as they should be with this pull, 1 without it");
  expect(page).toContain("pullbeat case run writer --pull 1 --live");
  expect(await fleet.type("case", "run", "writer", "--pull", "1")).toMatchObject({
    code: 1,
    value: { cases: [{ outcome: "escaped" }] },
  });
});
