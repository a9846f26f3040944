import { expect, onTestFinished } from "vitest";
import type { Login } from "../../src/domain/id.ts";
import { ann, bob, bot, makeHub } from "../github/fleet.ts";
import { push } from "../github/push.ts";
import { forgeContract, type Bench } from "./contract.ts";

async function bench(): Promise<Bench> {
  const world = await makeHub({ at: "2026-11-22T12:00:00Z" });
  const base = (await world.repo.fetch()).get("refs/heads/main");
  if (base === undefined) throw new Error("no main");
  const { hub, forgeAs } = world;
  onTestFinished(() => expect(hub.faults).toEqual([]));
  const accountOf = (login: Login) => hub.state.accounts.find((a) => a.login === login) ?? bob;
  return {
    forge: forgeAs(bot),
    another: async () => forgeAs(bot),
    as: async (login) => forgeAs(accountOf(login)),
    base,
    push: (branch) => push(world, branch, "work.md"),
    async drop(branch) {
      await world.far("update-ref", "-d", `refs/heads/${branch}`);
      await hub.touched(ann.login);
    },
    // What ended is in GitHub's own memory.
    journal: async () => {},
  };
}

forgeContract(bench);
