import { expect, test } from "vitest";
import { deaths, haunted, stage } from "../race/stage.ts";
import { everything, lane } from "../race/stories.ts";

test.each(Object.entries({ everything, lane }))(
  "a whole fleet ends as its stories do: %s",
  async (_, story) => {
    const { remains } = await stage(story);
    expect(remains).toMatchObject({ ...story.left, lost: [], rewritten: [] });
  },
);

const ways = [
  { when: "after any", fire: false },
  { when: "after any", fire: true },
  { when: "before push", fire: false },
  { when: "before push", fire: true },
] as const;
const all = Object.entries({ everything, lane });

test.each(ways.flatMap((way) => all.map(([name, story]) => ({ ...way, name, story }))))(
  "killed $when, a whole fleet ends as if nobody had died: $name (clone lost: $fire)",
  async ({ when, fire, story }) => {
    const it = await stage(story);
    expect(
      await haunted(
        it,
        deaths(it, when, () => fire),
      ),
    ).toEqual([]);
  },
  3_600_000,
);
