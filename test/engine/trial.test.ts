import { expect, test } from "vitest";
import { Sha } from "../../src/domain/id.ts";
import { GateSettings, type CommandGate } from "../../src/domain/verdict/gates.ts";
import type { GateVerdict } from "../../src/domain/verdict/verdict.ts";
import { judgeByProgram } from "../../src/engine/trial.ts";
import type { Tree } from "../../src/port/engine.ts";

const host = {
  env: { PATH: process.env["PATH"], OPENAI_API_KEY: "sk-secret", GITHUB_TOKEN: "ghp_secret" },
  node: process.execPath,
  killGroup(leader: number) {
    try {
      process.kill(-leader, "SIGKILL");
    } catch {
      // It has gone already.
    }
  },
};

const treeOf = (files: Readonly<Record<string, string>>): Tree => ({
  entries: Object.keys(files).map((path) => ({ path, mode: "100644", blob: Sha.parse("1".repeat(40)) })),
  read: async (path) => (files[path] === undefined ? null : new TextEncoder().encode(files[path])),
});

/** Runs a program of the tip on a judged tree. */
async function judged(
  program: string,
  more: { settings?: Partial<CommandGate>; files?: Record<string, string> } = {},
): Promise<GateVerdict> {
  const settings = GateSettings.parse({
    kind: "command",
    run: ["node", "gates/links.mjs"],
    files: ["gates/**"],
    ...more.settings,
  });
  if (settings.kind !== "command") throw new Error("another kind");
  return judgeByProgram(host)({
    kind: "command",
    gate: "links",
    settings,
    judged: treeOf({ "pages/a.md": "A\n", ...more.files }),
    tip: treeOf({ "gates/links.mjs": program, "secret.md": "not a file of the program" }),
    changed: ["pages/a.md", "pages/b c.md"],
    now: new Date("2026-11-22T07:00:00Z"),
  });
}

test("exit code 0 passes, 1 fails, and the last line is the sentence", async () => {
  expect(await judged('console.log("all links lead somewhere")')).toEqual({
    gate: "links",
    ruling: "pass",
    sentence: "all links lead somewhere",
    details: [],
    mendable: true,
  });
  expect(await judged("process.exitCode = 1")).toMatchObject({
    ruling: "fail",
    sentence: "its program says fail",
  });
});

test("its last line may be JSON with details", async () => {
  const said = JSON.stringify({ sentence: "one link is dead", details: ["pages/a.md:3: /nowhere"] });
  expect(await judged(`console.log(${JSON.stringify(said)}); process.exitCode = 1`)).toMatchObject({
    ruling: "fail",
    sentence: "one link is dead",
    details: ["pages/a.md:3: /nowhere"],
  });
});

test.each([
  ["breaks", "throw new Error('oh'); //", { ruling: "fail" }],
  ["ends with another code", "process.exitCode = 2", { ruling: "inconclusive" }],
  ["is killed", "process.kill(process.pid, 'SIGKILL')", { ruling: "inconclusive" }],
  ["says JSON of another shape", `console.log('{"ruling":"pass"}')`, { ruling: "inconclusive" }],
  ["says half of a JSON line", `console.log('{"sentence":')`, { ruling: "inconclusive" }],
])("a program that %s does not let anything pass", async (_, program, expected) => {
  expect(await judged(program)).toMatchObject(expected);
});

test("a program that cannot be started, or takes too long, could not tell", async () => {
  expect(await judged("", { settings: { run: ["no-such-program"] } })).toMatchObject({
    ruling: "inconclusive",
  });
  expect(await judged("setInterval(() => {}, 1000)", { settings: { minutes: 0.02 } })).toMatchObject({
    ruling: "inconclusive",
    sentence: "it took longer than 0.02 minutes",
  });
});

test("it gets no key, the changed paths, and what it reads", async () => {
  const program = `
    import { readFileSync, existsSync } from "node:fs";
    const keys = Object.keys(process.env).filter((k) => /KEY|TOKEN/.test(k));
    const changed = readFileSync(process.env.PULLBEAT_CHANGED, "utf8").trim().split("\\n");
    console.log(JSON.stringify({ sentence: [process.env.PULLBEAT_GATE, process.env.PULLBEAT_NOW].join(" "),
      details: [...keys, ...changed, readFileSync("pages/a.md", "utf8").trim(), String(existsSync("secret.md"))] }));`;
  expect(await judged(program)).toMatchObject({
    ruling: "pass",
    sentence: "links 2026-11-22T07:00:00Z",
    details: ["pages/a.md", "pages/b c.md", "A", "false"],
  });
});

test("the program is the tip's, whatever the judged tree holds in its place", async () => {
  const verdict = await judged("process.exitCode = 1", {
    files: { "gates/links.mjs": "process.exitCode = 0" },
  });
  expect(verdict.ruling).toBe("fail");
});
