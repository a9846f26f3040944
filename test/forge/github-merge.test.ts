import { expect, test } from "vitest";
import { held } from "../../src/domain/control/control.ts";
import { order } from "../../src/flow/control.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { readTrailers } from "../../src/domain/text/trailer.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import { taskText } from "../fleet.ts";
import { nothing } from "../flow/settle-bench.ts";
import { ann, bob, bot, makeOpened, type HubOptions } from "../github/fleet.ts";
import { push } from "../github/push.ts";

const ACTIONS = 15368;

/** An approved pull, and rules under which nobody but GitHub's merge may move the base branch. */
async function guarded(options: HubOptions = {}, rule: Parameters<Desk["hub"]["protect"]>[0] = {}) {
  const world = await makeOpened(options);
  await world.hub.protect(rule);
  await world.review(ann, "APPROVE");
  return world;
}
type Desk = Awaited<ReturnType<typeof makeOpened>>;

const holdOn = async (flow: FlowWorld): Promise<string | null> => {
  const { journal, now } = await read(flow);
  return held(journal.controls, { agent: null, unit: null }, now)?.why ?? null;
};

const tip = async ({ far }: Desk): Promise<string[]> =>
  (await far("rev-list", "--parents", "-1", "main")).trim().split(" ");

test("who may push pushes the merge itself, whatever the rules say to others", async () => {
  const world = await guarded({}, { bypass: [bot.login] });
  world.hub.since();
  expect((await world.settle()).merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
  expect(world.hub.since()).not.toContain("pulls/merge 200");
});

for (const kind of ["ruleset", "protection"] as const)
  test(`under a ${kind} GitHub makes the same merge, pinned to the head, and the journal knows it`, async () => {
    const world = await guarded({}, { kind, approvals: 1, checks: [{ context: "pullbeat", app: ACTIONS }] });
    const base = (await world.far("rev-parse", "main")).trim();
    expect((await world.settle()).merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
    const [commit, ...parents] = await tip(world);
    expect(parents).toEqual([base, world.pull.head]);
    expect(await world.file("reports/first.md")).toBe("# By the writer of first\n");
    const message = await world.far("log", "-1", "--format=%B", "main");
    expect(Object.fromEntries(readTrailers(message))).toMatchObject({
      "Pullbeat-Base": [base],
      "Pullbeat-Approved-By": [expect.stringMatching(/^ann /)],
    });
    const next = await world.elsewhere();
    expect((await read(next)).journal.merges).toMatchObject([{ merge: commit, base, pull: 1 }]);
    expect(await holdOn(next)).toBeNull();
    world.hub.since();
    expect(await settle(await world.elsewhere())).toEqual(nothing);
    expect(world.hub.since()).toEqual([
      "pulls/list 200",
      "pulls/list 200",
      "issues/list-comments-for-repo 200",
      "issues/list-for-repo 200",
    ]);
    expect(world.hub.state.pulls).toMatchObject([{ merged: { by: bot.login } }]);
    expect(await world.far("for-each-ref", "refs/heads/pullbeat/work/")).toBe("");
  });

test("a check that was not green any more is set again before GitHub is asked twice", async () => {
  const world = await guarded({}, { checks: [{ context: "pullbeat", app: ACTIONS }] });
  world.hub.state.checks.forEach((c) => Object.assign(c, { conclusion: "failure" }));
  expect((await world.settle()).merged).toMatchObject([{ pull: 1 }]);
});

test("what GitHub's rules refuse is said once on the pull, in GitHub's words, and is not forced", async () => {
  const world = await guarded({ settings: { methods: ["squash"] } });
  const before = await tip(world);
  expect(await world.settle()).toEqual(nothing);
  expect(await tip(world)).toEqual(before);
  expect(world.hub.state.checks.at(-1)).toMatchObject({
    title: "the forge does not merge it: Merge commits are not allowed on this repository.",
    conclusion: "success",
  });
  expect(world.pull.labels).toEqual(["your-turn"]);
  const { length } = world.hub.heard.filter((h) => h.method !== "GET");
  expect(await world.settle()).toEqual(nothing);
  const later = world.hub.heard.filter((h) => h.method !== "GET").slice(length);
  expect(later.map((h) => h.operation)).toEqual(["pulls/merge", "pulls/merge"]);
});

test("a required check that another app should set stays GitHub's no", async () => {
  const world = await guarded({}, { checks: [{ context: "pullbeat", app: 99 }] });
  expect(await world.settle()).toEqual(nothing);
  expect(world.hub.state.checks.at(-1)?.title).toContain('Required status check "pullbeat" is expected');
});

test("a merge whose tree is not git's own puts the fleet on hold", async () => {
  const world = await guarded();
  await world.hub.protect(null);
  await world.commit({ "notes.md": "by hand\n" });
  await world.hub.protect({});
  world.hub.tricks.corruptMerges = true;
  const { merged } = await world.settle();
  expect(merged).toMatchObject([{ what: expect.stringMatching(/on hold: the tree of/) }]);
  expect(await holdOn(world.flow)).toMatch(/pull 1 was not merged as judged: the tree of/);
});

test("a merge onto a base branch that moved in that very moment puts the fleet on hold", async () => {
  const world = await guarded();
  world.hub.tricks.beforeMerge = async () => {
    const git = world.hub.git();
    const from = (await git.commit("refs/heads/main")) ?? "";
    const to = await git.write({
      tree: await git.tree(from),
      parents: [from],
      message: "meanwhile",
      by: "bob",
      at: "2026-11-22T07:00:00Z",
    });
    await git.move("main", from, to);
  };
  expect((await world.settle()).merged).toMatchObject([{ what: expect.stringContaining("was judged") }]);
  expect(await holdOn(world.flow)).toContain("was judged");
  world.clock.pass(60);
  expect(await settle(await world.elsewhere())).toEqual(nothing);
});

test("a push between deciding and GitHub's merge is not merged", async () => {
  const world = await guarded();
  const forge = world.forgeAs(bot);
  const { merge } = forge;
  if (merge === null) throw new Error("GitHub merges");
  let isFirst = true;
  const late: typeof merge = async (number, what) => {
    if (isFirst) await push(world, world.pull.branch, "reports/first.md");
    isFirst = false;
    return merge(number, what);
  };
  expect((await settle({ ...world.flow, forge: { ...forge, merge: late } })).merged).toEqual([]);
  expect(world.hub.heard.filter((h) => h.operation === "pulls/merge").map((h) => h.status)).toEqual([409]);
  expect(await world.isMerged()).toBe(false);
});

test("a crash between GitHub's merge and the journal loses nothing and merges nothing twice", async () => {
  const world = await guarded();
  const { repo } = world.flow;
  const dying: FlowWorld = {
    ...world.flow,
    forge: world.forgeAs(bot),
    repo: {
      ...repo,
      push: async (updates) => {
        if (world.hub.state.pulls[0]?.merged) throw new Error("killed");
        return repo.push(updates);
      },
    },
  };
  await expect(settle(dying)).rejects.toThrow("killed");
  const after = await tip(world);
  const next = await world.elsewhere();
  expect((await settle(next)).merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
  expect(await tip(world)).toEqual(after);
  // What it changed is known, so it is recorded as it would have been.
  expect((await read(next)).journal.merges).toMatchObject([
    { approvals: [{ login: "ann" }], clearance: { tier: "human", by: "human", rules: ["default:human"] } },
  ]);
  expect(await holdOn(next)).toBeNull();
  expect(await settle(next)).toEqual(nothing);
});

for (const how of ["a person's word comes into the journal", "whoever settles dies"] as const)
  test(`a merge onto a base branch that was not judged puts the fleet on hold, though ${how} right after it`, async () => {
    const world = await guarded();
    const { merge, ...forge } = world.forgeAs(bot);
    if (merge === null) throw new Error("GitHub merges");
    const another = await world.elsewhere();
    const late: typeof merge = async (number, what) => {
      await world.hub.protect(null);
      await world.commit({ "other.md": "meanwhile\n" });
      await world.hub.protect({});
      const made = await merge(number, what);
      if (how === "whoever settles dies") throw new Error("killed");
      await order(another, { verb: "park", targets: ["second"], who: "bob", why: "later", until: null });
      return made;
    };
    const done = await settle({ ...world.flow, forge: { ...forge, merge: late } }).catch(() =>
      world.settle(),
    );
    expect(done.merged).toMatchObject([{ pull: 1, what: expect.stringContaining("on hold") }]);
    expect(await holdOn(await world.elsewhere())).toContain("was judged");
  });

test("GitHub's merge that was made and not told is found, not repeated", async () => {
  const world = await guarded();
  world.hub.trouble({ operation: "pulls/merge", status: 502, done: true });
  expect((await world.settle()).merged).toMatchObject([{ pull: 1 }]);
  expect((await world.far("log", "--merges", "--format=%s", "main")).trim().split("\n")).toHaveLength(1);
});

test("a person's merge button is a decision of theirs, and is recorded as theirs", async () => {
  const world = await makeOpened({ settings: { deleteBranchOnMerge: true } });
  const { head } = world.pull;
  expect((await world.ask(bob, "PUT", "/pulls/1/merge", { sha: head })).status).toBe(200);
  expect((await world.settle()).merged).toMatchObject([{ pull: 1, what: "merged by bob" }]);
  const { journal, fleet } = await read(await world.elsewhere());
  expect(journal.merges).toMatchObject([{ pull: 1, head, approvals: [] }]);
  expect([...fleet.tasks.values()].find((t) => t.task.id === "first")?.task.status).toBe("done");
  expect(await settle(await world.elsewhere())).toEqual(nothing);
});

test("a person's squash is taken into the journal as what it is", async () => {
  const world = await makeOpened();
  const { head } = world.pull;
  await world.ask(ann, "PUT", "/pulls/1/merge", { sha: head, merge_method: "squash" });
  expect((await world.settle()).merged).toMatchObject([{ pull: 1, what: "merged by ann" }]);
  const next = await world.elsewhere();
  expect((await read(next)).journal.merges).toMatchObject([{ pull: 1, head, approvals: [] }]);
  expect(await settle(next)).toEqual(nothing);
  expect(await holdOn(next)).toBeNull();
});

test("the second identity approves what is about to be merged, and so satisfies the rules", async () => {
  const world = await guarded({ reviewer: true }, { approvals: 2 });
  expect((await world.settle()).merged).toMatchObject([{ pull: 1 }]);
  expect(world.hub.state.reviews).toMatchObject([
    { by: "ann", state: "APPROVED" },
    { by: "gatekeeper[bot]", state: "APPROVED", commit: world.pull.head },
  ]);
});

test("a merge that somebody took out of the base branch again stops nothing, and is kept for a person", async () => {
  const world = await makeOpened();
  const before = (await world.far("rev-parse", "main")).trim();
  expect((await world.ask(ann, "PUT", "/pulls/1/merge")).status).toBe(200);
  const after = (await world.far("rev-parse", "main")).trim();
  const seen = await world.elsewhere();
  await seen.repo.fetch();
  await world.far("update-ref", "refs/heads/main", before);
  await world.commit({ "board/third.md": taskText("third", "writer") });
  // Whether or not the clone has seen the merge.
  for (const flow of [seen, await world.elsewhere()]) {
    expect(await settle(flow)).toEqual(nothing);
    expect((await read(flow)).pulls).toMatchObject([
      {
        number: 1,
        state: "merged",
        faults: [`it was merged, and the base branch does not hold ${after.slice(0, 10)}`],
      },
    ]);
  }
  expect(world.said).toContainEqual({
    kind: "note",
    text: expect.stringMatching(/^pull 1: it was merged.*; put it back, or `pullbeat close first`$/),
  });
  await order(seen, { verb: "close", targets: ["first"], who: "ann", why: "no", until: null });
  const next = await world.elsewhere();
  expect((await settle(next)).closed).toMatchObject([{ pull: 1, what: "closed by ann: no" }]);
  expect(await settle(next)).toEqual(nothing);
});
