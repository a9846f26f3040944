import { expect, test } from "vitest";
import { hauntedThere, stageThere, stories } from "../race/there.ts";

// All deaths are died in `npm run stress`.

test.each(Object.entries(stories))(
  "killed after a write to git or to GitHub, %s ends as if nobody had died",
  async (_, story) => {
    const { wanted, deaths } = await stageThere(story);
    expect(deaths.length).toBeGreaterThan(4);
    // The last ones come when GitHub has merged and the journal does not know.
    const some = deaths.filter((__, i) => i % 3 === 1 || i === deaths.length - 2);
    expect(await hauntedThere(story, wanted, some)).toEqual([]);
  },
  300_000,
);
