import { expect, test } from "vitest";
import { weave } from "../race/weave.ts";

test("in twenty orders of six acts on real git, nothing merges but approved heads, mechanically, as the policy below asks", async () => {
  const { merged, breaches } = await weave(20, 7);
  expect(breaches).toEqual([]);
  expect(merged).toBeGreaterThan(3);
}, 300_000);
