import { expect, test } from "vitest";
import { Login, Instant } from "../../src/domain/id.ts";
import { order } from "../../src/flow/control.ts";
import { MOST } from "../../src/forge/github/mark.ts";
import { specText } from "../fleet.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { ann, bob, bot, makeHub, makeOpened, makeStory } from "../github/fleet.ts";
import { push } from "../github/push.ts";
import { person } from "../github/state.ts";
import { draftOf } from "./contract.ts";

/** What a pull has besides its draft. */
const REST = {
  created: Instant.parse("2026-11-22T07:00:00Z"),
  state: "open" as const,
  reviews: [],
  ended: null,
};

/** From now on nothing that the writer proposed lies in its fence. */
const TIGHTER = { "agents/writer.md": specText("writer", "produces: ['drafts/*.md']\n") };
const AS_BEFORE = { "agents/writer.md": specText("writer", "produces: ['reports/*.md']\n") };

test("a gate that fails is one review, edited in place, a red check, and nobody's turn but the agent's", async () => {
  const world = await makeOpened();
  const { hub, pull } = world;
  await world.commit(TIGHTER);
  expect((await world.settle()).judged).toMatchObject([{ pull: 1, what: "the gates say: fail" }]);
  expect(hub.state.reviews).toMatchObject([{ by: bot.login, state: "COMMENTED" }]);
  expect(hub.state.reviews[0]?.body).toMatch(/^Gates: fail\n[^]*outside what writer produces/);
  expect(hub.state.checks.at(-1)).toMatchObject({ conclusion: "failure", title: "a gate failed: paths" });
  expect(pull).toMatchObject({ labels: [], requested: [] });
  const writes = hub.heard.filter((h) => h.method !== "GET").length;
  expect((await world.settle()).judged).toEqual([]);
  expect(hub.heard.filter((h) => h.method !== "GET")).toHaveLength(writes);
  await world.commit(AS_BEFORE);
  await world.settle();
  expect(hub.state.reviews).toHaveLength(1);
  expect(hub.state.reviews[0]?.body).toMatch(/^Gates: pass/);
  expect(pull).toMatchObject({ labels: ["your-turn"], requested: ["ann", "bob"] });
});

test("with a second identity it is a request for changes, and is taken back", async () => {
  const world = await makeOpened({ reviewer: true });
  await world.commit(TIGHTER);
  await world.settle();
  expect(world.hub.state.reviews).toMatchObject([{ by: "gatekeeper[bot]", state: "CHANGES_REQUESTED" }]);
  await world.commit(AS_BEFORE);
  await world.settle();
  expect(world.hub.state.reviews).toMatchObject([{ by: "gatekeeper[bot]", state: "DISMISSED" }]);
  await world.review(ann, "APPROVE");
  expect((await world.settle()).merged).toMatchObject([{ pull: 1 }]);
});

test("a hold shows on the pull, is nobody's turn, and goes as it came", async () => {
  const world = await makeOpened();
  const said = { targets: ["fleet"], who: "ann", why: "holiday", until: null };
  await order(world.flow, { ...said, verb: "hold" });
  await world.settle();
  expect(world.hub.state.checks.at(-1)).toMatchObject({
    conclusion: "action_required",
    title: "on hold by ann: holiday",
  });
  expect(world.pull.labels).toEqual([]);
  world.clock.pass(1);
  await order(world.flow, { ...said, verb: "resume" });
  await world.settle();
  expect(world.hub.state.checks.at(-1)).toMatchObject({ conclusion: "success" });
  expect(world.pull.labels).toEqual(["your-turn"]);
});

test("whose approval is there already is not asked again, though the pull does not merge", async () => {
  const world = await makeOpened();
  await world.commit(TIGHTER);
  await world.review(ann, "APPROVE");
  await world.settle();
  await world.commit(AS_BEFORE);
  expect((await world.settle()).merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
  expect(world.pull.requested).not.toContain("ann");
});

test("people whom GitHub does not let be asked are named once, and everybody else is asked", async () => {
  const world = await makeHub();
  world.hub.state.accounts = world.hub.state.accounts.map((a) =>
    a.login === bob.login ? person("bob", "none") : a,
  );
  const base = (await world.repo.fetch()).get("refs/heads/main");
  const draft = draftOf(base ?? (await push(world, "main", "x.md")), "T-aaaa");
  const head = await push(world, draft.branch, "work.md");
  const people = [ann, bob].map((a) => Login.parse(a.login));
  const showing = { head, standing: "pass", title: "your turn", text: "", turn: true, people } as const;
  await world.forgeAs(bot).open(draft, showing);
  expect(world.hub.state.pulls).toMatchObject([{ requested: ["ann"], labels: ["your-turn"] }]);
  expect(world.said).toMatchObject([{ text: expect.stringContaining("does not let pullbeat ask bob") }]);
});

test("a person's token sets a status where only apps make check runs", async () => {
  const world = await makeHub();
  const base = (await world.repo.fetch()).get("refs/heads/main");
  const draft = draftOf(base ?? (await push(world, "main", "x.md")), "T-aaaa");
  const head = await push(world, draft.branch, "work.md");
  const number = await world.forgeAs(bot).open(draft);
  const showing = { head, standing: "wait", title: "on hold", text: "", turn: false, people: [] } as const;
  await world.forgeAs(ann).show({ ...REST, ...draft, number, author: Login.parse(bot.login), head }, showing);
  expect(world.hub.state.statuses).toMatchObject([{ context: "pullbeat", state: "pending", sha: head }]);
});

test("a body that GitHub would not take is cut, and leads to the record that has all of it", async () => {
  const world = await makeHub();
  const base = (await world.repo.fetch()).get("refs/heads/main");
  const draft = draftOf(base ?? (await push(world, "main", "x.md")), "T-aaaa");
  await push(world, draft.branch, "work.md");
  const record = "Record: `beats/2026/11/22/writer@20261122T0700Z/record.json` on `pullbeat/journal`.";
  const body = `${"😀".repeat(32_700)}\n${record}\n`;
  expect(body.length).toBeLessThan(MOST);
  const forge = world.forgeAs(bot);
  await forge.open({ ...draft, body });
  const [pull] = world.hub.state.pulls;
  expect(pull?.body.length).toBeLessThanOrEqual(MOST);
  expect(pull?.body).toContain("/blob/pullbeat/journal/beats/2026/11/22/writer@20261122T0700Z/record.json)");
  expect(pull?.body.isWellFormed()).toBe(true);
  expect(await forge.pulls()).toMatchObject([{ agent: "writer", base: draft.base }]);
  await forge.open({ ...draft, body });
  expect(world.hub.heard.filter((h) => h.operation === "pulls/update")).toEqual([]);
});

test("label and requests for a review come when it is a person's turn, and go when it is not", async () => {
  const world = await makeOpened();
  const { pull } = world;
  const said = { targets: ["fleet"], who: "ann", why: "", until: null };
  const stands = async (): Promise<unknown> => {
    await world.settle();
    world.clock.pass(1);
    return { labels: pull.labels, requested: pull.requested.toSorted() };
  };
  const turn = { labels: ["your-turn"], requested: ["ann", "bob"] };
  const notTurn = { labels: [], requested: [] };
  expect(await stands()).toEqual(turn);
  // Held: it is in a person's hands already, and nobody is to be asked.
  await order(world.flow, { ...said, verb: "hold" });
  expect(await stands()).toEqual(notTurn);
  await order(world.flow, { ...said, verb: "resume" });
  expect(await stands()).toEqual(turn);
  // A gate stands against it: its agent's turn.
  await world.commit(TIGHTER);
  expect(await stands()).toEqual(notTurn);
  // What nobody tries any more is a person's again, whatever the gates say.
  await order(world.flow, { ...said, verb: "park", targets: ["first"] });
  expect(await stands()).toMatchObject({ labels: ["your-turn"] });
  await order(world.flow, { ...said, verb: "unpark", targets: ["first"] });
  expect(await stands()).toEqual(notTurn);
  await world.commit(AS_BEFORE);
  expect(await stands()).toEqual(turn);
  // Whoever asked for changes waits for the agent.
  await world.review(bob, "REQUEST_CHANGES", "Shorter.");
  expect(await stands()).toEqual(notTurn);
  // An approval beside it does not change that.
  await world.review(ann, "APPROVE");
  expect(await stands()).toEqual(notTurn);
  await world.review(bob, "APPROVE");
  expect((await world.settle()).merged).toHaveLength(1);
  expect(pull.labels).toEqual([]);
});

test("a gate that is asked for and did not run is named on the pull from its first moment, and the check is not green", async () => {
  const world = await makeStory();
  const config = (await world.file(".github/pullbeat.yml")) ?? "";
  await world.commit({
    ".github/pullbeat.yml": `${config}gates:
  links: { kind: command, run: [node, gates/links.mjs], files: [gates/**] }
require:
  - { path: ["reports/**"], gates: [links] }
`,
    "gates/links.mjs": "process.exit(0);\n",
  });
  await tick(world.flow);
  const { checks } = world.hub.state;
  expect(checks[0]).toMatchObject({
    conclusion: "action_required",
    title: "links has not judged it yet",
  });
  expect(checks.map((c) => c.conclusion)).not.toContain("success");
  expect(checks.at(-1)?.summary).toMatch(/links/);
  const said = await fetch(`${world.hub.api()}/repos/acme/fleet/pulls/1/reviews`, {
    method: "POST",
    headers: { authorization: `token ${ann.token}` },
    body: JSON.stringify({ event: "APPROVE" }),
  });
  expect(said.status).toBe(200);
  world.clock.pass(1);
  expect((await settle(await world.elsewhere())).merged).toEqual([]);
});
