import { expect, test } from "vitest";
import { save, type Wish } from "../../src/flow/save.ts";
import type { Repo } from "../../src/port/repo.ts";
import { homeIn } from "../../src/store/home.ts";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";

const FILES = {
  "agents/writer.md": specText("writer"),
  "board/one.md": taskText("one", "writer", "priority: high\n"),
};

/** Somebody who wants one file written, through a repo that a test may bend. */
async function wishOf(
  fleet: FleetWorld,
  bend: (repo: Repo) => Partial<Repo>,
  compose: Wish["compose"],
): Promise<Wish> {
  const home = await homeIn({ dir: fleet.clone, env: fleet.env });
  const world = { ...fleet.flow, repo: { ...fleet.repo, ...bend(fleet.repo) } };
  const who = (): Promise<{ name: string; email: string }> =>
    Promise.resolve({ name: "Ann", email: "ann@example.com" });
  return { home, world, who, compose, now: fleet.clock.now(), dry: false };
}

/** Commits by somebody else, from a clone of their own. */
async function rival(fleet: FleetWorld): Promise<(path: string, text: string) => Promise<void>> {
  const elsewhere = await fleet.another();
  return async (path, text) => {
    const base = (await elsewhere.fetch()).get("refs/heads/main") ?? null;
    const who = { name: "Bea", email: "bea@example.com" };
    const files = [{ path, content: text }];
    const parents = base === null ? [] : [base];
    const [to] = await elsewhere.write([
      { parents, files, message: `write ${path}\n`, who, at: new Date(0) },
    ]);
    if (to !== undefined) await elsewhere.push([{ ref: "refs/heads/main", from: base, to }]);
  };
}

const titled = (fleet: FleetWorld): Promise<string> => fleet.far("log", "--reverse", "--format=%s", "main");

test("who loses a race decides again on what the winner wrote", async () => {
  const fleet = await makeFleet({ files: FILES });
  const theirs = await rival(fleet);
  let lost = 0;
  const wish = await wishOf(
    fleet,
    (repo) => ({
      async push(updates) {
        if (lost++ < 2)
          await theirs("board/one.md", taskText("one", "writer", `priority: high\nkind: k${lost}\n`));
        return repo.push(updates);
      },
    }),
    async ({ fleet: { entries } }) => {
      const blob = entries.find((e) => e.path === "board/one.md")?.blob;
      const text = blob === undefined ? null : await wish.home.read(blob);
      return {
        path: "board/one.md",
        text: wish.home.edit(text ?? "", { priority: "low" }),
        subject: "Edit task one",
      };
    },
  );
  expect(await save(wish)).toMatchObject({ pushed: true, apart: null });
  expect(await fleet.file("board/one.md")).toBe(taskText("one", "writer", "priority: low\nkind: k2\n"));
  expect((await titled(fleet)).trim().split("\n")).toHaveLength(4);
});

test("a push that landed and was overtaken before it was read back is not made twice", async () => {
  const fleet = await makeFleet({ files: FILES });
  const theirs = await rival(fleet);
  let pushes = 0;
  const wish = await wishOf(
    fleet,
    (repo) => ({
      async push(updates) {
        pushes++;
        await repo.push(updates);
        await theirs("board/theirs.md", taskText("theirs", "writer"));
        return false;
      },
    }),
    () =>
      Promise.resolve({
        path: "board/two.md",
        text: taskText("two", "writer"),
        subject: "Add task two: Do two",
      }),
  );
  expect(await save(wish)).toMatchObject({ pushed: true, apart: null });
  expect(pushes).toBe(1);
  expect(await titled(fleet)).toBe("start the fleet\nAdd task two: Do two\nwrite board/theirs.md\n");
});

test("who loses every race is told so, and nothing is left of the tries", async () => {
  const fleet = await makeFleet({ files: FILES });
  const before = await fleet.far("for-each-ref");
  const wish = await wishOf(
    fleet,
    () => ({ push: () => Promise.resolve(false) }),
    () => Promise.resolve({ path: "board/two.md", text: taskText("two", "writer"), subject: "Add task two" }),
  );
  await expect(save(wish)).rejects.toMatchObject({ code: "race", next: "try again in a minute" });
  expect(await fleet.far("for-each-ref")).toBe(before);
  expect(await fleet.git("status", "--porcelain", "--branch")).toBe("## main...origin/main\n");
});

test("a file that may be run stays one", async () => {
  const fleet = await makeFleet({ files: FILES });
  await fleet.git("update-index", "--chmod=+x", "board/one.md");
  await fleet.git("commit", "--quiet", "--message", "odd");
  await fleet.git("push", "--quiet");
  await fleet.git("reset", "--quiet", "--hard");
  const wish = await wishOf(
    fleet,
    () => ({}),
    () =>
      Promise.resolve({ path: "board/one.md", text: taskText("one", "writer"), subject: "Edit task one" }),
  );
  await save(wish);
  expect(await fleet.far("ls-tree", "main", "board/one.md")).toMatch(/^100755 /);
});
