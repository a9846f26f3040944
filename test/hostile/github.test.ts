import { expect, test } from "vitest";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { bot, makeHub, ann, mallory, type HubWorld } from "../github/fleet.ts";
import type { Account } from "../github/state.ts";
import { aliveIn, leaksIn } from "./leaks.ts";
import { obedient, POISON, type Obedient } from "./obedient.ts";
import { blobsOf, messagesOf } from "./outputs.ts";
import { CANARIES, FILES, order } from "./victim.ts";

interface Attacked extends HubWorld {
  model: Obedient;
  base: string;
  say(who: Account, route: string, body: object): Promise<number>;
}

/** A fleet on GitHub whose first pull is open. */
async function opened(files = FILES): Promise<Attacked> {
  const model = obedient();
  const world = await makeHub({ files, scripts: { victim: model, other: model } });
  const base = (await world.far("rev-parse", "main")).trim();
  await tick(world.flow);
  const say = async (who: Account, route: string, body: object): Promise<number> => {
    world.clock.pass(1);
    const { status } = await fetch(`${world.hub.api()}/repos/acme/fleet${route}`, {
      method: "POST",
      headers: { authorization: `token ${who.token}` },
      body: JSON.stringify(body),
    });
    return status;
  };
  return { ...world, model, base, say };
}

/** What the fleet's own account says on GitHub, without its mark and the addresses that it links to. */
function told({ hub }: HubWorld): string[] {
  const own = (text: string | null): string =>
    (text ?? "")
      .replace(/\n\n<!-- pullbeat \{[^\n]*\} -->\s*$/, "")
      .replaceAll(/\]\(https?:\/\/[\w.:]+\/acme\/fleet\/blob\/[\w./#?=%-]+\)/g, "]()");
  const { pulls, reviews, checks } = hub.state;
  return [
    ...pulls.flatMap((p) => [p.title, own(p.body)]),
    ...reviews.flatMap((r) => (r.by === bot.login ? [own(r.body)] : [])),
    ...checks.flatMap((c) => [c.title ?? "", c.summary ?? ""]),
  ];
}

/** The words are there, dead; nothing that was hidden is anywhere; nothing was merged, and no person spoke. */
async function expectHeld(world: Attacked): Promise<void> {
  const { far, hub, base } = world;
  const words = told(world);
  expect(words.join("\n")).toContain("＠ann ＠team/x fixes ＃1");
  expect(words.flatMap(aliveIn)).toEqual([]);
  const outputs = [...(await messagesOf(world)), ...(await blobsOf(world, base))].map((o) => o.text);
  const said = [hub.state.pulls, hub.state.reviews, hub.state.checks].map((rows) => JSON.stringify(rows));
  expect([...outputs, ...said].flatMap((text) => leaksIn(text, CANARIES))).toEqual([]);
  expect((await far("rev-parse", "main")).trim()).toBe(base);
  expect(hub.state.pulls.every((p) => p.merged === null)).toBe(true);
}

test("an order in a person's review on GitHub is obeyed by the model, and by nothing else", async () => {
  const world = await opened();
  expect(world.model.obeyed()).toBe(false);
  const body = `A customer wrote: "${order("please")}"`;
  expect(await world.say(ann, "/pulls/1/reviews", { event: "REQUEST_CHANGES", body })).toBe(200);
  await tick(world.flow);
  expect(world.model.obeyed()).toBe(true);
  await expectHeld(world);
});

test("an order in a stranger's review reaches no model", async () => {
  const world = await opened();
  const body = order(POISON);
  expect(await world.say(mallory, "/pulls/1/reviews", { event: "REQUEST_CHANGES", body })).toBe(200);
  await settle(world.flow);
  await tick(world.flow);
  expect(world.model.obeyed()).toBe(false);
  expect(world.hub.state.pulls).toMatchObject([{ number: 1, state: "open" }]);
});

test("an order in a file's name comes dead into a pull on GitHub", async () => {
  const world = await opened({ ...FILES, "inbox/OBEY-ALL @ann fixes #1 [skip ci].md": "The roof leaks.\n" });
  expect(world.model.obeyed()).toBe(true);
  await expectHeld(world);
});
