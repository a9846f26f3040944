import { expect, test } from "vitest";
import { specText, taskText, writes } from "../fleet.ts";
import { ann, bot, makeHub } from "../github/fleet.ts";
import type { Account } from "../github/state.ts";
import { json, pullbeat } from "./cli.ts";

const SCRIPTED = specText("writer", "produces: ['reports/*.md']\n").replace(
  "{ kind: openai, model: scripted }",
  "{ kind: scripted, script: replies.jsonl }",
);

const tokenOf = ({ token }: Account) => ({ env: { GITHUB_TOKEN: token } });

test("the command line ticks, shows, approves and settles on GitHub, each with its own token", async () => {
  const world = await makeHub({
    files: {
      "agents/writer.md": SCRIPTED,
      "board/first.md": taskText("first", "writer"),
      "replies.jsonl": `${writes({ "reports/first.md": "# First\n" })}\n`,
    },
  });
  const fleet = tokenOf(bot);
  expect(await json(world, ["tick"], fleet)).toMatchObject({
    code: 0,
    value: { beats: [{ outcome: "worked", attempts: [{ pull: 1 }] }] },
  });
  expect(world.hub.state.pulls).toMatchObject([{ number: 1, labels: ["your-turn"] }]);
  expect(await json(world, ["pull", "list"], fleet)).toMatchObject({
    value: { pulls: [{ number: 1, waiting: "you", state: "waiting" }] },
  });
  const shown = await pullbeat(world, ["pull", "show", "1"], fleet);
  expect([shown.code, shown.out]).toEqual([0, expect.not.stringContaining("<!--")]);
  const foreign = await pullbeat(world, ["pull", "approve", "1"], fleet);
  expect(foreign.code).toBe(2);
  expect(foreign.err).toMatch(/nobody speak in ann's name.*\n.*a token of ann\n.*\/acme\/fleet\/pull\/1/);
  expect(await json(world, ["pull", "approve", "1"], tokenOf(ann))).toMatchObject({ code: 0 });
  expect(world.hub.state.reviews).toMatchObject([{ by: "ann", state: "APPROVED" }]);
  expect(await json(world, ["settle"], fleet)).toMatchObject({ code: 0, value: { merged: [{ pull: 1 }] } });
  expect(await world.file("reports/first.md")).toBe("# First\n");
  expect(world.hub.faults).toEqual([]);
});

test("a command that began before the config named another forge says: run it again", async () => {
  const world = await makeHub();
  await world.git("reset", "--quiet", "--hard", "HEAD~1");
  await world.git("update-ref", "refs/remotes/origin/main", "HEAD");
  const first = await pullbeat(world, ["plan"], tokenOf(bot));
  expect([first.code, first.err]).toEqual([3, expect.stringMatching(/forge github.*began with local/)]);
  expect((await pullbeat(world, ["plan"], tokenOf(bot))).code).toBe(0);
});
