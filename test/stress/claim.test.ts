import { expect, test } from "vitest";
import { makeField } from "../race/field.ts";

test("of 64 processes that claim one beat at once exactly one wins, a hundred times", async () => {
  const field = await makeField(64);
  for (let round = 0; round < 100; round++) {
    await (round % 4 === 3 ? field.look() : field.clear());
    const won = (await field.race()).filter((end) => end !== null);
    expect(won, `round ${round}`).toHaveLength(1);
    expect(await field.standing(), `round ${round}`).toEqual(won[0]);
  }
}, 3_600_000);
