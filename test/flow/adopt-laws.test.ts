import * as fc from "fast-check";
import { expect, test } from "vitest";
import { adoptIn, fleetOf, type Tree } from "../adoption.ts";

const key = fc.constantFrom(
  "name",
  "description",
  "title",
  "tools",
  "on",
  "id",
  "status",
  "assignee",
  "dependencies",
  "reportsTo",
  "slug",
  "labels",
  "x",
);
const scalar = fc.oneof(
  fc.constantFrom(
    "To Do",
    "Done",
    "BACK-1",
    "back-1.2",
    "daily",
    "Read, Bash",
    "ann",
    "[a, b]",
    "{ a: b }",
    "a: b",
    "@joe",
    "~",
    '"\\ud800"',
  ),
  fc.string({ maxLength: 20 }).map((s) => s.replaceAll("\0", "")),
  fc.string({ maxLength: 20, unit: "binary" }).map((s) => JSON.stringify(s)),
);
const front = fc
  .uniqueArray(fc.tuple(key, scalar), { selector: ([k]) => k, maxLength: 8 })
  .map((pairs) => `---\n${pairs.map(([k, v]) => `${k}: ${v}\n`).join("")}---\n`);
/** The door refuses NUL before anything looks at a text. */
const body = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("# Title\n\nWords.\n", "", "\r\nx\r\n"),
  )
  .map((s) => s.replaceAll("\0", ""));
const text = fc.tuple(fc.oneof(front, fc.constant("")), body).map(([f, b]) => (f + b).toWellFormed());
const place = fc.constantFrom(
  "a.md",
  "x/b.md",
  "y/AGENTS.md",
  "z/TASK.md",
  "b/tasks/c.md",
  "b/completed/d.md",
  "b/drafts/e.md",
);

const names = (given: readonly (readonly [string, string])[]): string[] => given.map(([name]) => name);

const files = fc.uniqueArray(fc.tuple(place, text), { selector: ([p]) => p, minLength: 1 });

test("every file ends in one list, each refusal in its own file, and the fleet that comes out reads", async () => {
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      const tree: Tree = new Map(given);
      const { counts, refused, created } = await adoptIn(tree, [...tree.keys()], { agent: "ann" });
      expect(counts.created + counts.unchanged + counts.refused).toBe(given.length);
      for (const { file, line, column } of refused) {
        expect(names(given).includes(file)).toBe(true);
        expect(Math.min(line, column)).toBeGreaterThan(0);
      }
      for (const { to } of created) expect(tree.get(to)?.isWellFormed()).toBe(true);
      const ours: Tree = new Map(created.map(({ to }) => [to, tree.get(to) ?? ""]));
      const { findings, agents } = await fleetOf(ours);
      expect(findings.filter((f) => f.rule !== "config/missing")).toEqual([]);
      for (const { spec } of agents.values()) expect([spec.produces, spec.reads]).toEqual([[], []]);
    }),
    { numRuns: 300 },
  );
});

test("adopting again, or adopting what was adopted, changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      const tree: Tree = new Map(given);
      const all = [...tree.keys()];
      const first = await adoptIn(tree, all, { agent: "ann" });
      const after = new Map(tree);
      const second = await adoptIn(tree, all, { agent: "ann" });
      expect(second.counts).toMatchObject({ created: 0, refused: first.counts.refused });
      const third = await adoptIn(
        tree,
        first.created.map((c) => c.to),
        { agent: "ann" },
      );
      expect(third.counts).toMatchObject({ created: 0, refused: 0 });
      expect(tree).toEqual(after);
    }),
    { numRuns: 300 },
  );
});

test("the body comes through as it was", async () => {
  await fc.assert(
    fc.asyncProperty(body, async (words) => {
      const tree: Tree = new Map([["a.md", `---\nname: a\ndescription: A\n---\n${words.toWellFormed()}`]]);
      await adoptIn(tree, ["a.md"]);
      const made = tree.get("agents/a.md") ?? "";
      expect(made.slice(made.length - words.toWellFormed().length)).toBe(words.toWellFormed());
    }),
  );
});
