import { expect, test } from "vitest";
import { deaths, haunted, stage } from "../race/stage.ts";
import { everything } from "../race/stories.ts";

const played = (): Promise<Awaited<ReturnType<typeof stage>>> => stage(everything);

test("a whole fleet ends as its stories do", async () => {
  const { remains } = await played();
  expect(remains).toMatchObject({ ...everything.left, lost: [], rewritten: [] });
});

test.each([
  { when: "after any", fire: false },
  { when: "after any", fire: true },
  { when: "before push", fire: false },
  { when: "before push", fire: true },
] as const)(
  "killed $when, a whole fleet ends as if nobody had died (clone lost: $fire)",
  async ({ when, fire }) => {
    const it = await played();
    expect(
      await haunted(
        it,
        deaths(it, when, () => fire),
      ),
    ).toEqual([]);
  },
  3_600_000,
);
