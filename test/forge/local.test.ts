import { expect, test } from "vitest";
import { Login, type Sha } from "../../src/domain/id.ts";
import { endedPath, JOURNAL } from "../../src/domain/record.ts";
import { localForge, type LocalParts } from "../../src/forge/local.ts";
import type { Repo } from "../../src/port/repo.ts";
import { makeWorld, type World } from "../world.ts";
import { ann, draftOf, forgeContract, type Bench } from "./contract.ts";

const account = Login.parse("fleet-bot");
const who = { name: "pullbeat", email: "pullbeat@example.com" };

const partsOf = ({ clock }: World, repo: Repo): LocalParts => ({
  repo,
  account,
  clock,
  who,
  warn: () => {},
});

async function commitOn(world: World, ref: string, path: string): Promise<Sha> {
  const refs = await world.repo.fetch();
  const from = refs.get(ref) ?? null;
  const parent = from ?? refs.get("refs/heads/main");
  if (parent === undefined) throw new Error("no main");
  const files = [{ path, content: `${path} after ${from ?? "nothing"}\n` }];
  const [to] = await world.repo.write([
    { parents: [parent], files, message: path, who, at: world.clock.now() },
  ]);
  if (to === undefined || !(await world.repo.push([{ ref, from, to }])))
    throw new Error(`${ref} was not pushed`);
  return to;
}

async function bench(): Promise<Bench> {
  const world = await makeWorld();
  const base = (await world.repo.fetch()).get("refs/heads/main");
  if (base === undefined) throw new Error("no main");
  const forge = localForge(partsOf(world, world.repo));
  return {
    forge,
    as: async () => localForge(partsOf(world, await world.another())),
    another: async () => localForge(partsOf(world, await world.another())),
    base,
    push: (branch) => commitOn(world, `refs/heads/${branch}`, "work.md"),
    async drop(branch) {
      await world.far("update-ref", "-d", `refs/heads/${branch}`);
    },
    async journal(number) {
      await commitOn(world, JOURNAL, endedPath(number));
    },
  };
}

forgeContract(bench);

async function opened() {
  const world = await makeWorld();
  const base = (await world.repo.fetch()).get("refs/heads/main");
  if (base === undefined) throw new Error("no main");
  const draft = draftOf(base, "T-aaaa");
  await commitOn(world, `refs/heads/${draft.branch}`, "work.md");
  const warnings: string[] = [];
  const forge = localForge({ ...partsOf(world, world.repo), warn: (line) => warnings.push(line) });
  return { world, forge, warnings, number: await forge.open(draft) };
}

test("a number that ended between reading and pushing is given up again", async () => {
  const { world, number, forge } = await opened();
  const stale = await world.another();
  const refs = await stale.fetch();
  await commitOn(world, JOURNAL, endedPath(number));
  await forge.end(number);
  let first = true;
  const behind: Repo = {
    ...stale,
    fetch: async () => {
      if (!first) return stale.fetch();
      first = false;
      return new Map([...refs].filter(([ref]) => !ref.startsWith("refs/pullbeat/pulls/")));
    },
  };
  const base = refs.get("refs/heads/main");
  if (base === undefined) throw new Error("no main");
  expect(await localForge(partsOf(world, behind)).open(draftOf(base, "T-bbbb"))).toBe(number + 1);
  expect((await forge.pulls()).map((p) => p.number)).toEqual([number + 1]);
});

async function vandalise(world: World, path: string): Promise<void> {
  await commitOn(world, "refs/pullbeat/pulls/1", path);
}

test("a review that cannot be read is a fault of its pull, and hides nothing else", async () => {
  const { world, forge, number } = await opened();
  await forge.review(number, ann, { verdict: "approve", body: "", at: new Date("2026-11-22T12:00:00Z") });
  await vandalise(world, "reviews/20261122T130000Z-x.json");
  expect(await forge.pulls()).toMatchObject([
    { faults: ["reviews/20261122T130000Z-x.json cannot be read"], reviews: [{ by: "ann" }] },
  ]);
});

test("a pull that cannot be read is named, and hides only itself", async () => {
  const { world, forge, warnings } = await opened();
  await vandalise(world, "pull.json");
  const refs = await world.repo.fetch();
  const base = refs.get("refs/heads/main");
  if (base === undefined) throw new Error("no main");
  const draft = draftOf(base, "T-bbbb");
  await commitOn(world, `refs/heads/${draft.branch}`, "other.md");
  expect(await forge.open(draft)).toBe(2);
  expect((await forge.pulls()).map((p) => p.number)).toEqual([2]);
  expect(warnings).toContainEqual(expect.stringContaining("pull 1 cannot be read"));
});
