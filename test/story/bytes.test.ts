import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { tick } from "../../src/flow/tick.ts";
import { json, pullbeat } from "../cli/cli.ts";
import { makeFleet, specText, taskText, writes } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { agentAt, configAt, handsIn, startEndpoint, type Endpoint } from "./endpoint.ts";

const KEY = { env: { OPENAI_API_KEY: "sk-test-0123456789abcdef" } };
const BEAT = "talker@20261122T0700Z";

/** A beat of two requests, the first of them sent twice, with characters that JSON can write in more than one way. */
async function worked(): Promise<{ endpoint: Endpoint; world: World }> {
  const endpoint = await startEndpoint();
  const overloaded = { error: { message: "overloaded", type: "server_error" }, status: 503, retryAfter: 0 };
  endpoint.mock.on({ model: "talker", sequenceIndex: 0 }, overloaded);
  endpoint.mock.on(
    { model: "talker", turnIndex: 0 },
    { toolCalls: [{ id: "c1", name: "read", arguments: '{"path": "data/odd.md"}' }] },
  );
  endpoint.mock.on({ model: "talker", turnIndex: 1 }, { toolCalls: handsIn("talker") });
  const world = await makeWorld({
    files: {
      ".github/pullbeat.yml": configAt(endpoint.url),
      "agents/talker.md": agentAt("talker"),
      "board/one.md": taskText("one", "talker"),
      "data/odd.md": 'Grüße 😀 "quoted" \\ back\tslash \u2028 </script> \u00a0\r\nend\n',
    },
  });
  expect((await json(world, ["tick"], KEY)).code).toBe(0);
  return { endpoint, world };
}

test("each request can be printed as it was sent, byte for byte, and has the SHA-256 of the record", async () => {
  const { endpoint, world } = await worked();
  const sent = endpoint.heard.filter((h) => h.status === 200).map((h) => h.body);
  expect(endpoint.heard.map((h) => h.status)).toEqual([503, 200, 200]);
  expect(endpoint.heard[0]?.body).toBe(sent[0]);
  const printed = await pullbeat(world, ["log", "show", BEAT, "--prompt"]);
  const lines = printed.out.trimEnd().split("\n");
  expect(lines.filter((_, i) => i % 2 === 1)).toEqual(sent);
  const { value } = await json(world, ["log", "show", BEAT]);
  const hashes = sent.map((body) => createHash("sha256").update(body).digest("hex"));
  expect(value).toMatchObject({ attempts: [{ requests: hashes }] });
  expect(await json(world, ["log", "show", BEAT, "--prompt"])).toMatchObject({
    value: {
      requests: sent.map((body, i) => ({ unit: "one", attempt: 1, index: i + 1, sha256: hashes[i], body })),
    },
  });
});

test("a transcript whose month was deleted has expired, and says so; the record stays", async () => {
  const { world } = await worked();
  await world.far("update-ref", "-d", "refs/pullbeat/transcripts/2026-11");
  const { code, err } = await pullbeat(world, ["log", "show", BEAT, "--prompt"]);
  expect(code).toBe(2);
  expect(err).toMatch(
    /the transcript of one, attempt 1, has expired\n {2}expected: [0-9a-f]{64}\.jsonl on refs\/pullbeat\/transcripts\/2026-11/,
  );
  expect((await pullbeat(world, ["log", "show", BEAT])).code).toBe(0);
});

test("a transcript that somebody changed is not passed off as what was sent", async () => {
  const { world } = await worked();
  const ref = "refs/pullbeat/transcripts/2026-11";
  const path = (await world.far("ls-tree", "-r", "--name-only", ref)).trim();
  const text = await world.far("cat-file", "blob", `${ref}:${path}`);
  await world.git("checkout", "--quiet", "--orphan", "forged");
  await world.git("rm", "-r", "--quiet", "--cached", ".");
  await writeFile(`${world.clone}/${path}`, text.replace("Grüße", "Grusse"));
  await world.git("add", "--force", path);
  await world.git("commit", "--quiet", "--message", "forged");
  await world.git("push", "--quiet", "--force", "origin", `HEAD:${ref}`);
  const { code, err } = await pullbeat(world, ["log", "show", BEAT, "--prompt"]);
  expect(code).toBe(3);
  expect(err).toContain("is not the one that the record names");
});

test("another version does not promise the bytes, and names the one that does", async () => {
  const fleet = await makeFleet({
    files: {
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one.md": taskText("one", "writer"),
    },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  await tick(fleet.flow);
  const { code, err } = await pullbeat(fleet, ["log", "show", "writer@20261122T0700Z", "--prompt"]);
  expect(code).toBe(2);
  expect(err).toContain("pullbeat 0.0.0-test wrote the transcript of one");
});
