import { expect, test } from "vitest";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { specText, taskText, writes } from "../fleet.ts";
import { makeHub } from "../github/fleet.ts";

const PAGE = "reports/all.md";

test("two pulls that conflict say so in their own texts, once, and not any more when one of them has gone", async () => {
  const names = ["one", "two", "three"];
  const world = await makeHub({
    files: Object.fromEntries(
      names.flatMap((name) => [
        [`agents/${name}.md`, specText(name, "produces: ['reports/*.md']\n")],
        [`board/of-${name}.md`, taskText(`of-${name}`, name)],
      ]),
    ),
    scripts: Object.fromEntries(
      names.map((name) => [
        name,
        writes({ [name === "three" ? "reports/three.md" : PAGE]: `# By agent ${name}\n` }),
      ]),
    ),
  });
  const { hub } = world;
  await tick(world.flow);
  hub.since();
  await settle(await world.elsewhere());
  const texts = (): string[] => hub.state.pulls.map((p) => p.body);
  const conflicting = hub.state.pulls.filter((p) => !p.branch.includes("three")).map((p) => p.number);
  const [a = 0, b = 0] = conflicting;
  const before = texts();
  expect(before[a - 1]).toContain(`## Beside it\n\n- conflicts with pull ${b} in \`${PAGE}\`. Merge one;`);
  expect(before[b - 1]).toContain(`- conflicts with pull ${a} in \`${PAGE}\``);
  expect(before.filter((text) => text.includes("Beside it"))).toHaveLength(2);
  // Nobody is told by a comment or a review, and a settle that finds the same says nothing.
  expect(hub.state.comments).toEqual([]);
  expect(hub.state.reviews).toEqual([]);
  hub.since();
  await settle(await world.elsewhere());
  expect(hub.since().filter((call) => !/list/.test(call))).toEqual([]);
  expect(texts()).toEqual(before);
  // A pull that has gone is nothing beside it any more, and the rest of the text stays.
  const other = hub.state.pulls[a - 1];
  Object.assign(hub.state.pulls[b - 1] ?? {}, {
    state: "closed",
    closed: { by: "ann", at: "2026-11-22T07:05:00Z" },
  });
  await settle(await world.elsewhere());
  expect(other?.body).not.toContain("Beside it");
  expect(other?.body).toContain("## Intent");
  expect(hub.faults).toEqual([]);
});
