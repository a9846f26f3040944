import { expect, test } from "vitest";
import { hauntedThere, stageThere, stories } from "../race/there.ts";

test.each(Object.entries(stories))(
  "killed after any write to git or to GitHub, %s ends as if nobody had died",
  async (_, story) => {
    const { wanted, deaths } = await stageThere(story);
    expect(await hauntedThere(story, wanted, deaths)).toEqual([]);
  },
  3_600_000,
);
