import { expect, test } from "vitest";
import { order } from "../../src/flow/control.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { specText, taskText, writes } from "../fleet.ts";
import { ann, bot, makeHub, mallory, type HubWorld } from "../github/fleet.ts";
import type { Account } from "../github/state.ts";

// What settling many pulls costs on GitHub: calls are counted, and an answer that has not changed is none of the limit.

const AGENTS = Array.from({ length: 8 }, (_, i) => `writer${i}`);

/** Eight agents' pulls are open, or fewer, and Ann has approved the first six. */
async function crowded(agents: readonly string[] = AGENTS): Promise<HubWorld> {
  const world = await makeHub({
    files: Object.fromEntries(
      agents.flatMap((name) => [
        [`agents/${name}.md`, specText(name, "produces: ['reports/*.md']\n")],
        [`board/of-${name}.md`, taskText(`of-${name}`, name)],
      ]),
    ),
    scripts: Object.fromEntries(agents.map((name) => [name, writes({ [`reports/${name}.md`]: "# Well\n" })])),
  });
  await tick(world.flow);
  for (const pull of world.hub.state.pulls.slice(0, 6)) {
    world.clock.pass(1);
    const said = await fetch(`${world.hub.api()}/repos/acme/fleet/pulls/${pull.number}/reviews`, {
      method: "POST",
      headers: { authorization: `token ${ann.token}` },
      body: JSON.stringify({ event: "APPROVE", body: "" }),
    });
    expect(said.status).toBe(200);
  }
  world.clock.pass(1);
  world.hub.since();
  return world;
}

/** How often each operation was asked and answered anew. */
function calls({ hub }: HubWorld): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of hub.since()) if (!call.endsWith(" 304")) counts[call] = (counts[call] ?? 0) + 1;
  return counts;
}

test("settling costs four lists, and for each pull that merges three questions: what was said, whether it is still so", async () => {
  const world = await crowded();
  expect((await settle(await world.elsewhere())).merged).toHaveLength(6);
  expect(calls(world)).toEqual({
    "pulls/list 200": 2,
    // What people say in comments and issues.
    "issues/list-comments-for-repo 200": 1,
    "issues/list-for-repo 200": 1,
    "pulls/list-reviews 200": 6,
    "issues/list-events 200": 6,
    "pulls/get 200": 6,
  });
});

test("where nobody may push, that is tried once, and GitHub merges the others at once", async () => {
  const world = await crowded();
  await world.hub.protect({});
  const flow = await world.elsewhere();
  const tried: string[] = [];
  const repo = { ...flow.repo };
  flow.repo.push = async (updates) => {
    tried.push(updates.some((u) => u.ref === "refs/heads/main") ? "main" : "else");
    return repo.push(updates);
  };
  expect((await settle(flow)).merged).toHaveLength(6);
  expect(tried.filter((what) => what === "main")).toHaveLength(1);
  expect(calls(world)).toMatchObject({ "pulls/list 200": 2, "pulls/merge 200": 6 });
  expect(world.hub.faults).toEqual([]);
});

test("a hold that comes while settle is under way is seen before the next merge, though no push compares the journal", async () => {
  const world = await crowded(AGENTS.slice(0, 3));
  await world.hub.protect({});
  const { forge, ...flow } = await world.elsewhere();
  const another = await world.elsewhere();
  const hold = { verb: "hold", targets: ["fleet"], who: "bob", why: "", until: null } as const;
  const late: typeof forge.pulls = async (which) => {
    const found = await forge.pulls(which);
    // As late as it can come: GitHub is asked to merge the third pull next.
    if (which?.only === 3) await order(another, hold);
    return found;
  };
  const { merged } = await settle({ ...flow, forge: { ...forge, pulls: late } });
  expect(merged.map((m) => m.pull)).toEqual([1, 2]);
  await order(another, { ...hold, verb: "resume" });
  expect((await settle(await world.elsewhere())).merged).toHaveLength(1);
});

const GRANT = `policy:
  grant: [{ id: reports, kind: [report], only_paths: ["reports/**"], tier: routine, per_day: 9 }]
`;
const KNOWN = ["a", "b", "c", "d", "e"];
const reportOn = (id: string): string => taskText(id, "writer", "kind: report\n");
const wrote = (id: string, text = id): string =>
  `${JSON.stringify({ attempt: id })}\n${writes({ [`reports/${id}.md`]: `# ${text}\n` })}`;

/** A writer whose first five pulls a person has approved; two more wait, and Ann and Bob are asked for their review of both. */
async function proven(): Promise<HubWorld> {
  const ids = [...KNOWN, "liked", "unliked"];
  const world = await makeHub({
    files: {
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\nbudget: { beat: { tasks: 9 } }\n'),
      ...Object.fromEntries(ids.map((id) => [`board/${id}.md`, reportOn(id)])),
    },
    scripts: {
      writer: [...ids.map((id) => wrote(id)), wrote("unliked", "mended"), wrote("other")].join("\n"),
    },
  });
  await tick(world.flow);
  for (const { number } of world.hub.state.pulls.slice(0, 5)) await say(world, ann, number, "APPROVE");
  // So many of an agent's pulls may be open, and no more.
  world.clock.pass(5);
  await tick({ ...world.flow, forge: world.forgeAs(bot) });
  expect(world.hub.state.pulls.map((p) => p.state)).toEqual([...KNOWN.map(() => "closed"), "open", "open"]);
  return world;
}

async function say({ hub, clock }: HubWorld, who: Account, pull: number, event: string): Promise<void> {
  clock.pass(1);
  const { status } = await fetch(`${hub.api()}/repos/acme/fleet/pulls/${pull}/reviews`, {
    method: "POST",
    headers: { authorization: `token ${who.token}` },
    body: JSON.stringify({ event, body: "So." }),
  });
  expect(status).toBe(200);
}

test("a grant merges past a stranger's comment, and not past a request for changes though its person is asked again", async () => {
  const world = await proven();
  const beat = async (): Promise<unknown> => tick({ ...world.flow, forge: world.forgeAs(bot) });
  await say(world, mallory, 6, "COMMENT");
  await say(world, ann, 7, "REQUEST_CHANGES");
  await beat();
  const waiting = { state: "open", requested: ["ann", "bob"] };
  expect(world.hub.state.pulls.slice(5)).toMatchObject([waiting, waiting]);
  const config = await world.file(".github/pullbeat.yml");
  await world.commit({ ".github/pullbeat.yml": config + GRANT, "board/other.md": reportOn("other") });
  world.clock.pass(5);
  await beat();
  // What is behind them is worked and merged as well.
  const reports = ["liked", "unliked", "other"].map((id) => world.file(`reports/${id}.md`));
  expect(await Promise.all(reports)).toEqual(["# liked\n", null, "# other\n"]);
}, 180_000);

test("a pull on which others are faster each time is left to the next tick, and those behind it are settled", async () => {
  const world = await crowded(AGENTS.slice(0, 3));
  const { forge, watch: _, ...flow } = await world.elsewhere();
  const said: string[] = [];
  const busy: typeof forge.pulls = async (seen) => {
    const found = await forge.pulls(seen);
    return seen?.only === 1 ? found.map((p) => ({ ...p, faults: ["a word that cannot be read"] })) : found;
  };
  const watch: typeof _ = (h) => void (h.kind === "note" && said.push(h.text));
  const { merged } = await settle({ ...flow, watch, forge: { ...forge, pulls: busy } });
  expect(merged.map((m) => m.pull)).toEqual([2, 3]);
  expect(said).toEqual([expect.stringMatching(/^pull 1: others were faster 20 times in a row/)]);
  expect((await settle(await world.elsewhere())).merged).toMatchObject([{ pull: 1 }]);
}, 180_000);
