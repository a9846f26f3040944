import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gitServer } from "../http.ts";
import { makeWorld, type WorldOptions } from "../world.ts";
import { draft, MAIN, refOf, write } from "./draft.ts";

const CLAIM = "refs/pullbeat/claims/T-8k2f";
const BEAT = "refs/pullbeat/beats/lp-tester";

const ways: Record<string, () => WorldOptions["serve"]> = {
  "over a path": () => undefined,
  "over http": () => gitServer().serve,
};

describe.each(Object.keys(ways))("%s", (way) => {
  const world = () => {
    const serve = ways[way]?.();
    return makeWorld(serve === undefined ? {} : { serve });
  };

  test("of many who create one ref at once exactly one wins", async () => {
    const { repo, another, far } = await world();
    const repos = [repo, await another(), await another()];
    const racers = Array.from({ length: 9 }, (_, i) => repos[i % 3] ?? repo);
    const ids = await Promise.all(racers.map((r, i) => write(r, { message: `claim ${i}\n` })));
    const won = await Promise.all(
      racers.map((r, i) => r.push([{ ref: CLAIM, from: null, to: ids[i] ?? null }])),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await far("rev-parse", CLAIM)).trim()).toBe(ids[won.indexOf(true)]);
  });

  test("all refs of a push move, or none", async () => {
    const { repo } = await world();
    const [mine = null, theirs = null] = await repo.write([
      draft({ message: "mine\n" }),
      draft({ message: "theirs\n" }),
    ]);
    expect(await repo.push([{ ref: CLAIM, from: null, to: theirs }])).toBe(true);
    const both = [
      { ref: BEAT, from: null, to: mine },
      { ref: CLAIM, from: null, to: mine },
    ];
    expect(await repo.push(both)).toBe(false);
    expect((await repo.fetch()).has(BEAT)).toBe(false);
  });

  test("a lease on an older value is refused, for a move and for a deletion", async () => {
    const { repo, another } = await world();
    const [old = null, now = null, mine = null] = await repo.write(
      [1, 2, 3].map((i) => draft({ message: `${i}\n` })),
    );
    await repo.push([{ ref: CLAIM, from: null, to: old }]);
    expect(await (await another()).push([{ ref: CLAIM, from: null, to: old }])).toBe(true); // the same object: cannot be told apart
    expect(await repo.push([{ ref: CLAIM, from: old, to: now }])).toBe(true);
    expect(await repo.push([{ ref: CLAIM, from: old, to: mine }])).toBe(false);
    expect(await repo.push([{ ref: CLAIM, from: old, to: null }])).toBe(false);
    expect(await repo.push([{ ref: CLAIM, from: now, to: null }])).toBe(true);
    expect((await repo.fetch()).has(CLAIM)).toBe(false);
  });

  test("a deletion that was done already counts as done", async () => {
    const { repo } = await world();
    const id = await write(repo);
    await repo.push([{ ref: CLAIM, from: null, to: id }]);
    expect(await repo.push([{ ref: CLAIM, from: id, to: null }])).toBe(true);
    expect(await repo.push([{ ref: CLAIM, from: id, to: null }])).toBe(true);
  });

  test("a move that is no fast-forward needs no force, only the right old value", async () => {
    const { repo } = await world();
    const main = await refOf(repo, MAIN);
    const [one = null, two = null] = await repo.write([
      draft({ parents: [main] }),
      draft({ message: "other\n" }),
    ]);
    await repo.push([{ ref: BEAT, from: null, to: one }]);
    expect(await repo.push([{ ref: BEAT, from: one, to: two }])).toBe(true);
  });
});

test("a connection that breaks after the push was applied is read back as landed", async () => {
  const server = gitServer();
  const { repo } = await makeWorld({ serve: server.serve });
  const id = await write(repo);
  server.cutNextPush();
  expect(await repo.push([{ ref: CLAIM, from: null, to: id }])).toBe(true);
  expect((await repo.fetch()).get(CLAIM)).toBe(id);
});

test("a hook that says no is told apart from a lost race", async () => {
  const server = gitServer({ t0ken: "bot" });
  const { repo, origin } = await makeWorld({ serve: server.serve });
  const hook = join(origin, "hooks", "pre-receive");
  await writeFile(hook, '#!/bin/sh\necho "deny: $REMOTE_USER may not push"\nexit 1\n');
  await chmod(hook, 0o755);
  const fault: unknown = await repo
    .push([{ ref: CLAIM, from: null, to: await write(repo) }])
    .catch((e: unknown) => e);
  expect(fault).toMatchObject({ code: "refused", message: expect.stringContaining("bot may not push") });
  expect(String(fault)).not.toContain("t0ken");
});

test("a wrong token is a remote fault, and the token is not in its words", async () => {
  const server = gitServer();
  const { repo, git } = await makeWorld({ serve: server.serve });
  await git("remote", "set-url", "origin", server.urlFor("s3cret"));
  const fault = await repo.fetch().catch((e: unknown) => e);
  expect(fault).toMatchObject({ code: "remote" });
  expect(String(fault)).not.toContain("s3cret");
});

test("an idle fetch is one connection", async () => {
  const server = gitServer();
  const { repo } = await makeWorld({ serve: server.serve });
  await repo.fetch();
  const before = server.requests.length;
  await repo.defaultBranch();
  await repo.fetch();
  const asked = server.requests.slice(before).filter((r) => r.startsWith("GET") && r.endsWith("fleet"));
  expect(asked).toHaveLength(1);
});

test("fetches at the same time in one clone do not trip over each other", async () => {
  const { repo, git } = await makeWorld();
  const ids = await repo.write(Array.from({ length: 30 }, (_, i) => draft({ message: `${i}\n` })));
  await git("push", "-q", "origin", ...ids.map((id, i) => `${id}:refs/pullbeat/claims/t-${i}`));
  const all = await Promise.all(Array.from({ length: 6 }, () => repo.fetch()));
  expect(all.map((refs) => refs.size)).toEqual(Array.from({ length: 6 }, () => 31));
});

test("a ref name that git would read as something else is refused", async () => {
  const { repo } = await makeWorld();
  const to = await write(repo);
  const bad = [
    "main",
    "--all",
    "refs/heads/a..b",
    "refs/heads/a b",
    "refs/heads/a.lock",
    "refs/heads/.a",
    "refs/heads/a@{1}",
    "refs/heads/a:b",
    "refs/heads//a",
    "refs/heads/a.",
  ];
  for (const ref of bad)
    await expect(repo.push([{ ref, from: null, to }]), ref).rejects.toMatchObject({ code: "broken" });
});
