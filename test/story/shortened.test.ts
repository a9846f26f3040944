import { expect, test } from "vitest";
import { tick } from "../../src/flow/tick.ts";
import { typed } from "../cli/cli.ts";
import { makeFleet, specText, taskText } from "../fleet.ts";
import { printed } from "../hostile/outputs.ts";

const PAGES = [1, 2, 3, 4, 5].map((i) => `data/${i}.md`);
const BEAT = "writer@20261122T0700Z";
const say = (name: string, args: object): string => JSON.stringify({ calls: [{ name, arguments: args }] });

test("a conversation that was shortened says so in its record, and each of its requests is still rebuilt", async () => {
  const fleet = await makeFleet({
    files: {
      ".github/pullbeat.yml":
        "version: 1\nroster: [{ login: ann, emails: [ann@example.com] }]\ndigest: { at: off }\n" +
        "engines: { openai: { context: 8000 } }\n",
      "agents/writer.md": specText("writer", 'reads: ["data/**"]\nproduces: ["reports/*.md"]\n'),
      "board/one.md": taskText("one", "writer"),
      ...Object.fromEntries(PAGES.map((path) => [path, "Grüße 😀 \\ from the roof.\n".repeat(250)])),
    },
    scripts: {
      writer: [
        ...PAGES.map((path) => say("read", { path })),
        say("write", { path: "reports/one.md", text: "# One\n" }),
        say("finish", { summary: "Read five pages." }),
      ].join("\n"),
    },
  });
  await tick(fleet.flow);
  const { value } = await typed(fleet, ["log", "show", BEAT]);
  expect(value).toMatchObject({
    outcome: "worked",
    attempts: [{ outcome: "proposed", shortened: expect.any(Number) }],
  });
  expect((await printed(fleet, ["log", "show", BEAT], false)).text).toMatch(
    /^ {2}\d older answers of tools shortened to make room$/m,
  );
  // Each body is held against the SHA-256 of the record before it is shown.
  const { value: sent } = await typed(fleet, ["log", "show", BEAT, "--prompt"]);
  expect(sent["requests"]).toHaveLength(7);
  expect(JSON.stringify(sent)).toContain("[Shortened to make room: read answered");
});
