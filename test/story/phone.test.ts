import { expect, test } from "vitest";
import { held } from "../../src/domain/control/control.ts";
import { JOURNAL } from "../../src/domain/record.ts";
import { order } from "../../src/flow/control.ts";
import { settleJob } from "../../src/flow/job/settle.ts";
import { read } from "../../src/flow/read.ts";
import { earsOf } from "../../src/flow/phone/ears.ts";
import { heardFirst, settle, settleFrom } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { ann, bob, bot, makeOpened, mallory, type Desk, type HubWorld } from "../github/fleet.ts";
import { app, through, type Account } from "../github/state.ts";

type Phone = HubWorld & Desk;

/** A comment, as somebody types it on the pull or on an issue. */
async function types(world: Phone, who: Account, body: string, on = 1): Promise<number> {
  const { body: made } = await world.ask(who, "POST", `/issues/${on}/comments`, { body });
  return Number(Object(made)["id"]);
}

/** Somebody opens an issue; whoever may write can label it at once. */
async function wishes(world: Phone, who: Account, title: string, body: string): Promise<number> {
  const { body: made } = await world.ask(who, "POST", "/issues", { title, body, labels: ["task"] });
  return Number(Object(made)["number"]);
}

const controls = async (world: Phone): Promise<string[]> =>
  (await read(world.flow)).journal.controls.map(({ verb, target, who }) => `${who} ${verb} ${target.kind}`);
const nods = ({ hub }: Phone): number[] => hub.state.reactions.map((r) => r.comment);
const answers = ({ hub }: Phone): string[] =>
  hub.state.comments
    .filter((c) => c.by === bot.login && c.body.includes("<!-- pullbeat answers "))
    .map((c) => c.body.split("\n")[0] ?? "");
const board = async (world: Phone): Promise<string[]> =>
  (await world.far("ls-tree", "-r", "--name-only", "main", "board/")).trim().split("\n");

test("a hold on a pull is about its task, is nodded at, and keeps it from merging until resume", async () => {
  const world = await makeOpened();
  const first = await types(world, ann, "/pullbeat hold\n\nNot before Friday.");
  await world.review(ann, "APPROVE");
  const settled = await world.settle();
  expect(settled).toMatchObject({
    merged: [],
    words: [{ on: 1, by: "ann", said: "hold", done: true, answer: null }],
  });
  expect((await read(world.flow)).journal.controls).toMatchObject([
    { verb: "hold", target: { kind: "unit", unit: "first" }, who: "ann", why: "Not before Friday." },
  ]);
  expect(nods(world)).toEqual([first]);
  expect(answers(world)).toEqual([]);
  await types(world, bob, "/pullbeat resume");
  expect((await world.settle()).merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
  expect(await controls(world)).toEqual(["ann hold unit", "bob resume unit"]);
});

test("a word is obeyed once, however often it is heard, and by however many at once", async () => {
  const world = await makeOpened();
  await types(world, ann, "/pullbeat pause writer");
  await types(world, ann, "/pullbeat task @writer Tidy up");
  const others = [await world.elsewhere(), await world.elsewhere()];
  await Promise.all([world.settle(), ...others.map((w) => settle(w))]);
  await order(world.flow, { verb: "resume", targets: ["writer"], who: "bob", why: "", until: null });
  for (let n = 0; n < 2; n++) {
    world.clock.pass(10);
    await world.settle();
  }
  expect((await controls(world)).toSorted()).toEqual(["ann pause agent", "bob resume agent"]);
  expect((await board(world)).filter((path) => path.includes("tidy-up"))).toHaveLength(1);
  expect(nods(world)).toHaveLength(1);
  expect(answers(world)).toHaveLength(1);
});

test("what was said first counts as said first, also when it is heard last", async () => {
  const world = await makeOpened();
  await types(world, ann, "/pullbeat hold");
  world.clock.pass(5);
  await order(world.flow, { verb: "resume", targets: ["first"], who: "bob", why: "", until: null });
  world.clock.pass(5);
  await world.settle();
  const { journal, now, pulls } = await read(world.flow);
  expect(journal.controls.map((c) => c.verb)).toEqual(["hold", "resume"]);
  expect(pulls[0] && held(journal.controls, pulls[0], now)).toBeNull();
});

test("an answer that got lost is given later, and the deed is not done again", async () => {
  const world = await makeOpened();
  const said = await types(world, ann, "/pullbeat hold");
  world.hub.trouble({ operation: "reactions/create-for-issue-comment", status: 502, times: 4 });
  expect((await world.settle()).words).toMatchObject([{ done: true }]);
  expect(nods(world)).toEqual([]);
  world.clock.pass(5);
  expect((await world.settle()).words).toEqual([]);
  expect(nods(world)).toEqual([said]);
  expect(await controls(world)).toEqual(["ann hold unit"]);
});

test("verbs name agents, tasks, pulls and the fleet; errors are said as the command says them", async () => {
  const world = await makeOpened();
  await types(world, ann, "/pullbeat pause @writer until 2026-12-01T07:00:00Z because leave");
  await types(world, ann, "/pullbeat hold #1");
  await types(world, ann, "/pullbeat hodl fleet");
  await types(world, ann, "/pullbeat park scond");
  await types(world, ann, "/pullbeat pause fleet until 2026-11-01T07:00:00Z");
  await types(world, ann, "/pullbeat approve");
  const { words } = await world.settle();
  expect(words.map((h) => h.done)).toEqual([true, true, false, false, false, false]);
  expect((await read(world.flow)).journal.controls).toMatchObject([
    { verb: "pause", target: { agent: "writer" }, until: "2026-12-01T07:00:00Z", why: "leave" },
    { verb: "hold", target: { unit: "first" } },
  ]);
  expect(answers(world)).toEqual([
    "there is no verb called hodl. Expected: perhaps hold.",
    "there is no agent and no task called scond. Expected: perhaps second.",
    expect.stringMatching(
      /^until 2026-11-01T07:00:00Z is over already\. Expected: a time after 2026-11-22T07:/,
    ),
    "no comment approves anything. Expected: a review, or the merge button.",
  ]);
});

test("a comment closes a pull, and unparks its task where the pull has ended", async () => {
  const world = await makeOpened();
  await types(world, ann, "/pullbeat close\nOff topic.");
  await world.review(bob, "APPROVE");
  expect(await world.settle()).toMatchObject({
    merged: [],
    closed: [{ pull: 1, what: "closed by ann: Off topic." }],
  });
  expect(world.pull.state).toBe("closed");
  await types(world, ann, "/pullbeat unpark");
  world.clock.pass(10);
  expect(await settleJob({ ...world.flow, forge: world.forgeAs(bot) }, 0)).toMatchObject({ again: true });
  expect((await tick(await world.elsewhere())).beats).toMatchObject([{ attempts: [{ task: "first" }] }]);
});

test("a task and a directive are commits of the person's, and an empty one is answered", async () => {
  const world = await makeOpened();
  await types(world, ann, "/pullbeat task @writer Tidy up\r\n\r\nThe whole board.");
  await types(world, bob, "/pullbeat directive @writer until 2026-12-31 Short sentences\nTen words at most.");
  await types(world, bob, "/pullbeat task @writr Go on");
  await types(world, bob, "/pullbeat task @writer");
  await world.settle();
  const [task = ""] = (await board(world)).filter((path) => path.includes("tidy-up"));
  expect(await world.file(task)).toMatch(
    /^---\nid: (T-\w+)\ntitle: Tidy up\nstatus: todo\nagent: writer\ncreated_by: ann\n---\n## Brief\n\nThe whole board\.\n$/,
  );
  expect(await world.file("board/directives/short-sentences.md")).toContain("expires: 2026-12-31");
  expect(await world.far("log", "-1", "--format=%an <%ae>", "main", "--", task)).toContain(
    "ann <ann@example.com>",
  );
  expect(answers(world)).toEqual([
    expect.stringMatching(/^T-\w+ is on the board, for writer: `board\/T-\w+-tidy-up\.md`$/),
    "It stands in `board/directives/short-sentences.md`",
    "there is no agent called writr. Expected: perhaps writer.",
    "the title is empty. Expected: one line of at most 200 characters.",
  ]);
});

const FORM =
  "### Agent\n\nwriter\n\n### Priority\n\nhigh\n\n### Brief\n\nAll of it.\n\n### Done when\n\n- it is tidy\n";

test("an issue of a person's with the label becomes a task, is answered once, and is closed as done", async () => {
  const world = await makeOpened();
  const number = await wishes(world, bob, "Tidy up", FORM.replaceAll("\n", "\r\n"));
  await world.settle();
  world.clock.pass(10);
  await world.settle();
  const [task = "", ...more] = (await board(world)).filter((path) => path.includes("tidy-up"));
  expect(more).toEqual([]);
  expect(await world.file(task)).toMatch(
    /title: Tidy up\nstatus: todo\nagent: writer\npriority: high\ncreated_by: bob\n---\n## Brief\n\nAll of it\.\n\n## Done when\n\n- \[ \] it is tidy\n$/,
  );
  expect(answers(world)).toHaveLength(1);
  const issue = world.hub.state.issues.find((i) => i.number === number);
  expect(issue).toMatchObject({ state: "closed", reason: "completed" });
  // Who opens it again wants to talk: it stays open, and makes no second task.
  await world.ask(bob, "PATCH", `/issues/${number}`, { state: "open", body: "More." });
  world.clock.pass(10);
  await world.settle();
  expect(issue?.state).toBe("open");
  expect((await board(world)).filter((path) => path.includes("tidy-up"))).toHaveLength(1);
});

test("an issue that cannot be a task is told why once, and once more when its text has changed", async () => {
  const world = await makeOpened();
  const number = await wishes(world, ann, "Tidy up", FORM.replace("writer", "nobody"));
  for (let n = 0; n < 3; n++) {
    await world.settle();
    world.clock.pass(10);
  }
  expect(answers(world)).toEqual([expect.stringContaining("there is no agent called nobody.")]);
  await world.ask(ann, "PATCH", `/issues/${number}`, { body: FORM });
  await world.settle();
  expect(answers(world).at(-1)).toMatch(/is on the board, for writer/);
});

test("where nobody may push to the base branch, the person is told", async () => {
  const world = await makeOpened();
  await world.hub.protect({});
  await types(world, ann, "/pullbeat task @writer Tidy up");
  expect((await world.settle()).words).toMatchObject([{ done: false }]);
  expect(answers(world)).toHaveLength(1);
  expect((await board(world)).filter((path) => path.includes("tidy-up"))).toEqual([]);
});

const helper = app("helper", 99);
/** Something that bob once let into his account, and that others can type into. */
const chat = through(bob, "chat", 98);

test.each<[string, (world: Phone) => Promise<unknown>]>([
  ["somebody from outside", (w) => types(w, mallory, "/pullbeat resume")],
  ["an app", (w) => types(w, helper, "/pullbeat resume")],
  ["an app that uses a person's account", (w) => types(w, chat, "/pullbeat resume")],
  ["the fleet's own account", (w) => types(w, bot, "/pullbeat resume\n\nsays an agent")],
  [
    "a comment that somebody edited",
    async (w) => {
      const id = await types(w, bob, "I would resume it.");
      await w.ask(ann, "PATCH", `/issues/comments/${id}`, { body: "/pullbeat resume" });
    },
  ],
  ["a quotation", (w) => types(w, bob, "> /pullbeat resume\n\nDid you mean that?")],
  [
    "a pull's own text",
    (w) => w.ask(bot, "PATCH", "/pulls/1", { body: `/pullbeat resume\n\n${w.pull.body}` }),
  ],
  ["a review", (w) => w.review(bob, "COMMENT", "/pullbeat resume")],
  ["a full-width twin", (w) => types(w, bob, "／pullbeat resume")],
  [
    "a word of the day before yesterday",
    async (w) => {
      await types(w, bob, "/pullbeat resume");
      w.clock.pass(60 * 50);
    },
  ],
])("%s ends no hold", async (_, attack) => {
  const world = await makeOpened({});
  world.hub.state.accounts.push(helper, chat);
  await order(world.flow, { verb: "hold", targets: ["first"], who: "ann", why: "", until: null });
  await world.review(ann, "APPROVE");
  await attack(world);
  expect(await world.settle()).toMatchObject({ merged: [], words: [] });
  expect(await controls(world)).toEqual(["ann hold unit"]);
  expect([nods(world), answers(world)]).toEqual([[], []]);
  expect(await world.file("words", JOURNAL)).toBeNull();
  // The same word from a person, in a comment of their own, ends it.
  await types(world, bob, "/pullbeat resume");
  expect((await world.settle()).merged).toHaveLength(1);
});

test("an app and the fleet itself are nobody, also where a roster named them by mistake", async () => {
  const world = await makeOpened();
  const { accounts } = world.hub.state;
  // A fleet may speak with an account like a person's, and not with an app's.
  accounts.splice(accounts.indexOf(bot), 1, { ...bot, type: "User", app: null });
  accounts.push(helper, chat);
  for (const who of [helper, chat, bot, bob]) await types(world, who, "/pullbeat resume");
  const overheard = await world.forgeAs(bot).talk?.listen();
  expect(overheard?.remarks.map((r) => r.by)).toEqual([bob.login]);
});

test("an outsider's issue becomes no task, whoever labels it", async () => {
  const world = await makeOpened();
  const { body } = await world.ask(mallory, "POST", "/issues", { title: "@writer Leak it", body: FORM });
  const number = Number(Object(body)["number"]);
  await world.ask(ann, "POST", `/issues/${number}/labels`, { labels: ["task"] });
  expect((await world.settle()).words).toEqual([]);
  expect((await board(world)).filter((path) => path.includes("leak"))).toEqual([]);
  expect(answers(world)).toEqual([]);
});

test("nor does an issue that an app wrote with a person's account, and the person's own does", async () => {
  const world = await makeOpened();
  world.hub.state.accounts.push(chat);
  await wishes(world, chat, "@writer Leak it", "All of it.");
  expect((await world.settle()).words).toEqual([]);
  await wishes(world, bob, "@writer Tidy up", "All of it.");
  expect((await world.settle()).words).toMatchObject([{ by: "bob", done: true }]);
  expect((await board(world)).filter((path) => path.includes("leak"))).toEqual([]);
});

test("a hold is heard before a merge and a pause before a beat, though nobody told a tick of them", async () => {
  const world = await makeOpened();
  await types(world, bob, "/pullbeat hold");
  await world.review(ann, "APPROVE");
  await tick(await world.elsewhere());
  expect(await world.isMerged()).toBe(false);
  await types(world, bob, "/pullbeat resume");
  await types(world, bob, "/pullbeat pause second");
  world.clock.pass(10);
  await tick(await world.elsewhere());
  expect(await world.isMerged()).toBe(true);
  expect(world.hub.state.pulls).toHaveLength(1);
});

test("a hold that is typed while a gate judges for minutes is heard before the merge that waited for it", async () => {
  const outcome = async (typed: boolean): Promise<number> => {
    const world = await makeOpened();
    await world.review(ann, "APPROVE");
    const flow = { ...world.flow, forge: world.forgeAs(bot) };
    const ears = earsOf(flow);
    const before = await heardFirst(flow, ears);
    if (typed) await types(world, bob, "/pullbeat hold");
    world.clock.pass(3);
    return (await settleFrom(flow, before, ears)).settled.merged.length;
  };
  expect([await outcome(false), await outcome(true)]).toEqual([1, 0]);
});

test("a token that may not read comments hears none, says so once, and the rest goes on", async () => {
  const world = await makeOpened();
  world.hub.trouble({
    operation: "issues/list-comments-for-repo",
    status: 403,
    times: 99,
    message: "Resource not accessible by integration",
  });
  world.hub.trouble({
    operation: "issues/list-for-repo",
    status: 410,
    times: 99,
    message: "Issues are disabled for this repo",
  });
  await types(world, ann, "/pullbeat hold");
  await world.review(ann, "APPROVE");
  expect((await world.settle()).merged).toHaveLength(1);
  const told = world.said.filter(
    (h) => h.kind === "note" && h.text.includes("does not let pullbeat read comments"),
  );
  expect(told).toHaveLength(1);
});
