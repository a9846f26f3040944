import { expect, test } from "vitest";
import type { GateInput } from "../../src/gate/gate.ts";
import { secrets, secretsIn } from "../../src/gate/secrets.ts";
import { attempt, change } from "./bench.ts";

// Put together here, so that no scanner takes this file for a leak.
const token = (rest: string): string => `ghp_${rest}`;
const TOKEN = token("wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx");
const OTHER = token("wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUy");
const fence = (word: string): string => `-----${word} RSA PRIVATE KEY-----`;
const KEY = [fence("BEGIN"), "MIIEpAIBAAKCAQEA".repeat(20), fence("END")].join("\n");

const writes = (after: string, before: string | null = null): GateInput =>
  attempt({ changes: [change("reports/a.md", before, after)] });

const raw = (text: string): GateInput =>
  attempt({
    changes: [
      change("reports/a.bin", null, null, { newMode: "100644", binary: true, bytes: text.length, raw: text }),
    ],
  });

const utf16 = (text: string): string => Buffer.from(text, "utf16le").toString("latin1");

const leaks: Record<string, GateInput> = {
  "a token": writes(`use ${TOKEN}\n`),
  "a private key": writes(`${KEY}\n`),
  "a password in an address": writes("see https://ann:hunter22@example.com/x\n"),
  "a second token beside one that was there": writes(`${TOKEN}\n${OTHER}\n`, `${TOKEN}\n`),
  "a token below a comment that switches the rules off": writes(
    `<!-- secretlint-disable -->\n${TOKEN} // secretlint-disable-line\n`,
  ),
  "a token in a file that is not text": raw(`\u0089PNG ${TOKEN} \u0000`),
  "a token in UTF-16": raw(utf16(`use ${TOKEN} now`)),
  "a token in a path": attempt({ changes: [change(`reports/${TOKEN}.md`, null, "x\n")] }),
};

test.each(Object.entries(leaks))("%s is found, and its verdict does not repeat it", async (_, input) => {
  const verdict = await secrets.judge(input);
  expect(verdict).toMatchObject({ ruling: "fail", mendable: true });
  const told = JSON.stringify(verdict);
  for (const part of [TOKEN.slice(4), OTHER.slice(4), "hunter22", "MIIEpAIB"])
    expect(told).not.toContain(part);
});

test("a finding names the file, the line and the kind", async () => {
  const verdict = await secrets.judge(writes(`one\ntwo\n${TOKEN}\n`));
  expect(verdict.details).toEqual(["reports/a.md:3: GITHUB_TOKEN"]);
});

const clean: Record<string, GateInput> = {
  "a text just as large as is searched": writes("a ".repeat(500_000)),
  "ordinary text": writes("The rate is 2.3%.\n"),
  "a token that stood in the file before, moved": writes(`new\n${TOKEN}\n`, `${TOKEN}\n`),
  "a deleted file": attempt({ changes: [change("reports/a.md", `${TOKEN}\n`, null)] }),
  "a file that is not text and holds none": raw("\u0089PNG and nothing else"),
};

test.each(Object.entries(clean))("%s passes", async (_, input) => {
  expect(await secrets.judge(input)).toMatchObject({ ruling: "pass", details: [] });
});

const unread: Record<string, GateInput> = {
  "a text that is too long": writes("x".repeat(1_000_001)),
  "a file whose bytes are not at hand": attempt({
    changes: [change("a.bin", null, null, { newMode: "100644", binary: true, bytes: 7 })],
  }),
};

test.each(Object.entries(unread))("%s is inconclusive, which is no pass", async (_, input) => {
  expect(await secrets.judge(input)).toMatchObject({ ruling: "inconclusive", mendable: false });
});

test("two credentials of one kind have different keys, and one has the same key in every text", async () => {
  const [a] = await secretsIn("a", TOKEN);
  const [b] = await secretsIn("b", `see ${TOKEN}`);
  const [c] = await secretsIn("a", OTHER);
  expect(a?.key).toBe(b?.key);
  expect(a?.key).not.toBe(c?.key);
});
