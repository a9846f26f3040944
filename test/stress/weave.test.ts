import { expect, test } from "vitest";
import { weave } from "../race/weave.ts";

test.each(Array.from({ length: 20 }, (_, i) => 100 + i))(
  "in forty orders of acts on real git nothing merges that was not approved as the policy below asks: seed %i",
  async (seed) => {
    const { merged, breaches } = await weave(40, seed);
    expect(breaches).toEqual([]);
    expect(merged).toBeGreaterThan(3);
  },
  3_600_000,
);
