import { expect, test } from "vitest";
import { deaths, haunted, stage } from "../race/stage.ts";
import { archive, digest, duty, failures, lane, question } from "../race/stories.ts";

// A story is played once undisturbed, and then once for every write and push of its ticks and settles, killed right
// after it; what comes before a push is what the write before it left. Of every second kill the clone is lost too, and
// another machine goes on. `npm run stress` plays all stories in one fleet, with either, and killed right before every
// push as well.

test.each(Object.entries({ duty, question, failures, archive, digest }))(
  "killed after any write, a fleet ends as if nobody had died: %s",
  async (_, story) => {
    const played = await stage(story);
    expect(played.remains).toMatchObject({ ...story.left, lost: [], rewritten: [] });
    expect(played.remains.refs.filter((ref) => /beats|claims|pulls|work/.test(ref))).toEqual([]);
    expect(
      await haunted(
        played,
        deaths(played, "after any", (nth) => nth % 2 === 0),
      ),
    ).toEqual([]);
  },
  600_000,
);

test("killed here and there, the whole of a settle ends as if nobody had died", async () => {
  const played = await stage(lane);
  expect(played.remains).toMatchObject({ ...lane.left, lost: [], rewritten: [] });
  expect(played.remains.heard).toEqual(["gated links pass"]);
  const all = deaths(played, "after any", (nth) => nth % 2 === 0);
  // Every seventh of them, from another one in each hour: writes and pushes, with and without the clone.
  const some = all.filter(({ kill, hour }) => (kill.nth + 2 * hour) % 7 === 0);
  expect(some.length).toBeGreaterThan(6);
  expect(await haunted(played, some)).toEqual([]);
}, 600_000);
