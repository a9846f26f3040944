import { expect, test } from "vitest";
import { read } from "../../src/flow/read.ts";
import { settleBench, taskPath, taskText, type Bench } from "../flow/settle-bench.ts";
import { json, pullbeat } from "./cli.ts";

const PAGE = "reports/page.md";
const paths = [PAGE];
const none = { conflicts: [], reads: [], readBy: [], acts: [], unknown: [] };

const bench = (): Promise<Bench> =>
  settleBench({ [PAGE]: "A page.\n", [taskPath("T-cccc")]: taskText("T-cccc") });

/** Two pulls that change one line, and one that was made from it. */
async function crossing(): Promise<Bench> {
  const fleet = await bench();
  const [page] = await fleet.flow.repo.entries((await read(fleet.flow)).base, [PAGE]);
  await fleet.propose({ id: "T-aaaa", files: { [PAGE]: "Ada's page.\n" } });
  await fleet.propose({ id: "T-bbbb", files: { [PAGE]: "Ben's page.\n" } });
  await fleet.propose({ id: "T-cccc", saw: [{ path: PAGE, blob: page?.blob ?? "" }] });
  return fleet;
}

test("a list marks pulls that conflict, or that were made from what another one changes", async () => {
  const { world } = await crossing();
  expect((await json(world, ["pull", "list"])).value).toMatchObject({
    pulls: [
      { beside: { ...none, conflicts: [{ pull: 2, paths }], readBy: [{ pull: 3, paths }] } },
      { beside: { ...none, conflicts: [{ pull: 1, paths }], readBy: [{ pull: 3, paths }] } },
      { beside: { ...none, reads: [1, 2].map((pull) => ({ pull, paths })) } },
    ],
  });
  const lines = (await pullbeat(world, ["pull", "list"])).out.trim().split("\n");
  expect(lines.map((line) => /conflicts with \d+|read what .* changes/.exec(line)?.[0])).toEqual([
    "conflicts with 2",
    "conflicts with 1",
    "read what 1, 2 changes",
  ]);
});

test("a pull's page says what stands beside it, and what to do", async () => {
  const { world } = await crossing();
  const besideIt = async (number: number): Promise<string | undefined> => {
    const { out } = await pullbeat(world, ["pull", "show", String(number)]);
    return /Beside it\n([^]*?)\n\n/.exec(out)?.[1];
  };
  expect(await besideIt(1)).toBe(
    [
      "- conflicts with pull 2 in reports/page.md. Merge one; then ask for changes on the other, and its agent does it again.",
      "- changes what pull 3 was made from (reports/page.md). If this merges first, see whether that still holds.",
    ].join("\n"),
  );
  expect(await besideIt(3)).toBe(
    [
      "- was made from what pull 1 changes (reports/page.md). If that merges first, see whether this still holds.",
      "- was made from what pull 2 changes (reports/page.md). If that merges first, see whether this still holds.",
    ].join("\n"),
  );
  expect((await json(world, ["pull", "show", "2"])).value).toMatchObject({
    beside: { conflicts: [{ pull: 1, paths }], readBy: [{ pull: 3, paths }] },
  });
});

test("two that the base branch takes neither of are told as such, not as pulls that merge", async () => {
  const { world } = await crossing();
  await world.commit({ [PAGE]: "A person's page.\n" });
  const { out } = await pullbeat(world, ["pull", "show", "1"]);
  expect(out).toContain(
    "- may conflict with pull 2, which changes the same paths. Nobody can tell while neither merges into main",
  );
  expect((await pullbeat(world, ["pull", "list"])).out).not.toContain("conflicts with 2");
});

test("pulls in nobody's way get no column and no section", async () => {
  const { world, propose } = await bench();
  await propose();
  await propose({ id: "T-bbbb" });
  expect((await pullbeat(world, ["pull", "list"])).out).not.toMatch(/conflicts|read what/);
  expect((await pullbeat(world, ["pull", "show", "1"])).out).not.toContain("Beside it");
});
