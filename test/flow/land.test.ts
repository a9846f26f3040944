import { expect, test } from "vitest";
import { order } from "../../src/flow/control.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import type { World } from "../../src/flow/world.ts";
import { nothing, settleBench } from "./settle-bench.ts";

/** The same world, but its first push lands and somebody else moves the journal on before it is read back. */
function blind(world: World, meanwhile: () => Promise<unknown>): World {
  let first = true;
  const push: World["repo"]["push"] = async (updates) => {
    const moved = await world.repo.push(updates);
    if (!first) return moved;
    first = false;
    await meanwhile();
    return false;
  };
  return { ...world, repo: { ...world.repo, push } };
}

const pause = (world: World, agent: string) =>
  order(world, { verb: "pause", targets: [agent], who: "ann", why: "", until: null });

test("a merge that landed and was overtaken before anybody could look is told as merged, once", async () => {
  const { flow, another, propose, review, journal } = await settleBench();
  await review(await propose(), "ann", "approve");
  const other = await another();
  const settled = await settle(blind(flow, () => pause(other, "writer")));
  expect(settled).toMatchObject({ merged: [{ pull: 1 }], madeReady: true });
  expect(await journal(/^merges\//)).toHaveLength(1);
  expect(await settle(flow)).toEqual(nothing);
});

test("an order that landed and was overtaken before anybody could look stands once", async () => {
  const { flow, another, journal } = await settleBench();
  const other = await another();
  await pause(
    blind(flow, () => pause(other, "fleet")),
    "writer",
  );
  expect(await journal(/^control\//)).toHaveLength(2);
});
