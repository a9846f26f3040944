import { expect, test } from "vitest";
import { Config } from "../../src/domain/config.ts";
import { Directive } from "../../src/domain/board/directive.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { ALWAYS_ON, BUILT_IN } from "../../src/domain/verdict/gates.ts";
import { lint, type Lintable } from "../../src/domain/lint/lint.ts";
import { paths } from "../../src/gate/paths.ts";
import { effects } from "../../src/gate/effects.ts";
import { evidence } from "../../src/gate/evidence.ts";
import { record } from "../../src/gate/record.ts";
import { references } from "../../src/gate/references.ts";
import { secrets } from "../../src/gate/secrets.ts";
import { size } from "../../src/gate/size.ts";
import { agentFile, finding, sha, snapshot } from "./fleet.ts";

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

/** A fleet in which nothing is wrong, with what a test is about laid over it. */
const fleet = (given: Given = {}): Lintable => snapshot({ agents: { ada: {}, bob: {} }, ...given }).fleet;
const found = (given: Given): Finding[] => lint(fleet(given));
const rules = (given: Given): string[] => found(given).map((f) => `${f.file} ${f.rule} ${f.level}`);
const says = (given: Given): string => found(given)[0]?.message ?? "";

test("a fleet in which nothing is wrong has no findings", () => {
  const good = {
    agents: { ada: { produces: ["a/*"] }, bob: { produces: ["b/*"], reports_to: "ada", gates: ["size"] } },
    tasks: { "T-aaaa": { produces: ["a/x"] }, "T-bbbb": { needs: ["T-aaaa"], agent: "bob" } },
  };
  expect(found(good)).toEqual([]);
});

test("an agent that nobody knows is named, with the one that was probably meant", () => {
  const given = { agents: { editor: {} }, tasks: { "T-aaaa": { agent: "edtior" } } };
  expect(rules(given)).toEqual(["board/T-aaaa.md task/unknown-agent error"]);
  expect(says(given)).toContain("did you mean editor?");
  expect(rules({ agents: { ada: { reports_to: "boss" } } })).toEqual([
    "agents/ada.md spec/unknown-agent error",
  ]);
});

const nth = (path: readonly PropertyKey[]) => ({ line: 1 + Number(path[1]), column: 4 });

test("a directive binds only agents that exist", () => {
  const directive = Directive.parse({ title: "t", scope: ["ada", "eve"] });
  const directives = [{ directive, body: "", path: "board/directives/x.md", blob: sha("x"), at: nth }];
  expect(lint({ ...fleet(), directives })).toMatchObject([
    { rule: "directive/unknown-agent", line: 2, column: 4 },
  ]);
});

test("an agent or a task whose file cannot be read is not unknown as well", () => {
  const entries = [{ path: "agents/eve.md", mode: "100644" as const, blob: sha("eve") }];
  const findings = [finding("board/T-cccc-x.md")];
  const given = { tasks: { "T-aaaa": { agent: "eve", needs: ["T-cccc"] } } };
  expect(lint({ ...fleet(given), entries, findings })).toEqual([]);
});

test("a gate that does not exist is an error", () => {
  expect(rules({ agents: { ada: { gates: ["sise"] } } })).toEqual(["agents/ada.md spec/unknown-gate error"]);
  expect(says({ agents: { ada: { gates: ["sise"] } } })).toContain("did you mean size?");
  expect([paths, size, secrets, record, references].map((g) => g.id)).toEqual([...ALWAYS_ON]);
  expect([evidence.id, effects.id]).toEqual(BUILT_IN.slice(-2));
});

test("a need must exist, on the board or in its archive", () => {
  const tasks = { "T-aaaa": { needs: ["T-bbbx", "T-dddd"] }, "T-bbbb": {} };
  expect(rules({ tasks })).toEqual([
    "board/T-aaaa.md task/unknown-need error",
    "board/T-aaaa.md task/unknown-need error",
  ]);
  expect(says({ tasks })).toContain("did you mean T-bbbb?");
  expect(
    found({ tasks: { "T-aaaa": { needs: ["T-dddd"] } }, archived: { "T-dddd": { status: "done" } } }),
  ).toEqual([]);
});

test("needs in a circle are shown once, as a circle", () => {
  const tasks = {
    "T-aaaa": { needs: ["T-bbbb"] },
    "T-bbbb": { needs: ["T-cccc"] },
    "T-cccc": { needs: ["T-aaaa"] },
  };
  expect(rules({ tasks })).toEqual(["board/T-aaaa.md task/cycle error"]);
  expect(says({ tasks })).toContain("T-aaaa -> T-bbbb -> T-cccc -> T-aaaa");
  expect(rules({ tasks: { "T-aaaa": { needs: ["T-aaaa"] } } })).toEqual(["board/T-aaaa.md task/cycle error"]);
  expect(found({ tasks: { ...tasks, "T-cccc": { status: "done", needs: ["T-aaaa"] } } })).toEqual([]);
});

test("nobody reports to himself, not through others either", () => {
  const agents = { ada: { reports_to: "bob" }, bob: { reports_to: "ada" } };
  expect(rules({ agents })).toEqual(["agents/ada.md spec/reports-cycle error"]);
  expect(says({ agents })).toContain("ada -> bob -> ada");
});

test("a task's file is named after its id", () => {
  const good = fleet({ tasks: { "T-aaaa": {} } });
  const moved = (path: string): Lintable => ({
    ...good,
    tasks: new Map([...good.tasks].map(([id, file]) => [id, { ...file, path }])),
  });
  expect(lint(moved("board/T-aaaa-any-words.md"))).toEqual([]);
  expect(lint(moved("board/T-aaaab.md"))).toMatchObject([
    { rule: "task/file-name", file: "board/T-aaaab.md" },
  ]);
});

test.each([
  [".github/workflows/x.yml", ".github/**"],
  ["agents/*.md", "agents/**"],
  ["**", ".github/**"],
  ["Digest/*", "digest/**"],
  ["docs/AGENTS.md", "**/AGENTS.md"],
  ["docs/*/CLAUDE.md", "**/CLAUDE.md"],
  ["legal/terms-*.md", "legal/**"],
])("an agent cannot produce %s, which %s protects", (product, rule) => {
  const given = { config: { protect: ["legal/**"] }, agents: { ada: { produces: [product] } } };
  expect(rules(given)).toEqual(["agents/ada.md spec/produces-protected error"]);
  expect(says(given)).toContain(`protected by ${rule}`);
});

test("a folder of an agent's own is not protected because an AGENTS.md could lie in it", () => {
  expect(found({ agents: { ada: { produces: ["docs/**"] } } })).toEqual([]);
});

test("two agents that write one file are shown that file", () => {
  const agents = { ada: { produces: ["docs/*.md"] }, bob: { produces: ["docs/index.*"] } };
  expect(rules({ agents })).toEqual(["agents/bob.md spec/produces-shared error"]);
  expect(says({ agents })).toMatch(/both produce docs\/index\.md$/);
  expect(found({ agents: { ...agents, bob: { ...agents.bob, status: "retired" } } })).toEqual([]);
});

test("two agents may append to one file; it is noted", () => {
  const log = { produces: [{ path: "log.csv", mode: "append" as const }] };
  expect(rules({ agents: { ada: log, bob: log } })).toEqual(["agents/bob.md spec/produces-shared note"]);
});

test("a task asks for what its agent produces", () => {
  const agents = { ada: { produces: ["reports/**"] } };
  expect(found({ agents, tasks: { "T-aaaa": { produces: ["reports/lp/*.md"] } } })).toEqual([]);
  expect(rules({ agents, tasks: { "T-aaaa": { produces: ["data/x.csv"] } } })).toEqual([
    "board/T-aaaa.md task/produces-outside error",
  ]);
});

test("reads that match nothing are noted, with who will make it", () => {
  const agents = { ada: { reads: ["nothing/**"] }, bob: { reads: ["out/x.md"], produces: ["out/*"] } };
  expect(rules({ agents })).toEqual([
    "agents/ada.md spec/reads-nothing note",
    "agents/bob.md spec/reads-nothing note",
  ]);
  expect(found({ agents })[1]?.message).toContain("bob produces it");
});

test.each([
  [{ schedule: 'cron "0 0 31 2 *"' }, "never-due"],
  [{ wakes: [] }, "never-wakes"],
  [{ wakes: ["slot" as const] }, "never-wakes"],
])("an agent with %j is never due", (spec, rule) => {
  expect(rules({ agents: { ada: spec } })).toEqual([`agents/ada.md spec/${rule} error`]);
});

test("a duty whose schedule never comes is an error, and leap days do come", () => {
  expect(rules({ tasks: { chores: { every: "on-demand" } } })).toEqual([
    "board/chores.md task/never-due error",
  ]);
  expect(found({ tasks: { chores: { every: 'cron "0 0 29 2 *"' } } })).toEqual([]);
});

test("open tasks of an agent who does not work are noted", () => {
  const tasks = { "T-aaaa": {}, "T-bbbb": { status: "done" as const } };
  expect(rules({ agents: { ada: { status: "paused" } }, tasks })).toEqual([
    "board/T-aaaa.md task/idle-agent note",
  ]);
});

test.each([
  [{ attempt: { tokens: 900 } }, "budget-tokens"],
  [{ attempt: { usd: 0.0001 } }, "budget-usd"],
  [{ day: { usd: 0.3 } }, "budget-day"],
  [{ attempt: { usd: 50 }, day: { usd: 60 } }, "budget-fleet"],
])("a budget of %j pays for nothing", (budget, rule) => {
  const config = { engines: { openai: { model: "m", prices: { m: { input: 1, output: 5 } } } } };
  expect(rules({ config, agents: { ada: { budget } } })).toEqual([`agents/ada.md spec/${rule} error`]);
});

test("a long spec needs more tokens than a short one", () => {
  const ada = { ...agentFile("ada", { budget: { attempt: { tokens: 2000 } } }), body: "words ".repeat(2000) };
  const { agents, ...rest } = fleet();
  expect(lint({ ...rest, agents: new Map([...agents, [ada.spec.name, ada]]) })[0]?.rule).toBe(
    "spec/budget-tokens",
  );
});

test("rules that no machine holds are noted, and those that one holds are not", () => {
  const never = [
    "lie",
    { rule: "a", enforce: "paths" as const },
    { rule: "b", enforce: "evidence" as const },
  ];
  expect(rules({ agents: { ada: { never } } })).toEqual(
    Array(2).fill("agents/ada.md spec/never-unheld note"),
  );
});

test("an empty roster approves nothing; a config that cannot be read says so elsewhere", () => {
  expect(rules({ config: { roster: [] } })).toEqual([".github/pullbeat.yml config/no-roster error"]);
  expect(lint({ ...fleet(), config: null })).toEqual([]);
  expect(Config.parse({ version: 1 }).roster).toEqual([]);
});

test("a finding stands where its key stands", () => {
  const ada = {
    ...agentFile("ada", { gates: ["no"] }),
    at: (path: readonly PropertyKey[]) => ({ line: path.length, column: 7 }),
  };
  const { agents, ...rest } = fleet();
  expect(lint({ ...rest, agents: new Map([...agents, [ada.spec.name, ada]]) })).toMatchObject([
    { line: 2, column: 7 },
  ]);
});

const GRADES = { criteria: [{ id: "right", one: "wrong", five: "right" }], pass: 3 };
const asks = (grader: string): Config =>
  Config.parse({ version: 1, roster: [{ login: "ann" }], gates: { honest: { kind: "grader", grader } } });

test("a gate asks a grader that there is, that grades, and that is a model", () => {
  const judged = (ada: Record<string, unknown>, grader = "ada"): string[] =>
    found({ config: asks(grader), agents: { ada, bob: {} } }).map(
      (f) => `${f.rule} ${f.level}: ${f.message}`,
    );
  expect(judged({ grades: GRADES })).toEqual([]);
  expect(judged({ grades: GRADES }, "eve")[0]).toBe(
    "policy/no-grader error: the gate honest asks eve, and agents/eve.md does not exist",
  );
  expect(judged({})).toEqual([
    "policy/no-grader error: the gate honest asks ada, whose spec does not say how it grades; expected `grades` with criteria",
  ]);
  expect(judged({ grades: GRADES, engine: { kind: "command", run: ["x"] } })[0]).toContain(
    "which is a program",
  );
  for (const status of ["paused", "retired"])
    expect(judged({ grades: GRADES, status })).toEqual([
      `policy/idle-grader note: the gate honest asks ada, which is ${status}: nothing that needs it can merge`,
    ]);
});

test("a grader that asks for its own word, that nobody asks, or whose criterion weighs nothing, is named", () => {
  const agents = { ada: { grades: GRADES, gates: ["honest"] }, bob: {} };
  expect(found({ config: asks("ada"), agents }).map((f) => `${f.rule} ${f.level}`)).toEqual([
    "spec/grades-itself error",
  ]);
  expect(rules({ agents: { ada: { grades: GRADES }, bob: {} } })).toEqual([
    "agents/ada.md spec/unasked-grader note",
  ]);
  const plain = { id: "plain", weight: 0.05, one: "wrong", five: "right" };
  const weighed = (more: object): string[] => {
    const grades = { ...GRADES, criteria: [...GRADES.criteria, { ...plain, ...more }] };
    return found({ config: asks("ada"), agents: { ada: { grades }, bob: {} } }).map((f) => f.rule);
  };
  expect(weighed({})).toEqual(["spec/light-criterion"]);
  expect(weighed({ weight: 1 })).toEqual([]);
  expect(weighed({ least: 2 })).toEqual([]);
});
