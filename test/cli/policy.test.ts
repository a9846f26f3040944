import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { pullbeat, typed } from "./cli.ts";

const config = (policy: string, roster = "  - { login: ann, emails: [ann@example.com] }\n"): string =>
  `version: 1\nroster:\n${roster}policy:\n${policy}`;
const GRANT =
  '  grant:\n    - { id: reports, kind: [report], only_paths: ["reports/**"], tier: routine, per_day: 1 }\n';
const CONFIG = ".github/pullbeat.yml";
const DUAL = "  default: dual\n";

/** A fleet whose first tick opened pull 1. */
async function onePull(policy: string): Promise<FleetWorld> {
  const fleet = await makeFleet({
    files: {
      ".github/pullbeat.yml": config(policy),
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one.md": taskText("one", "writer", "kind: report\nproduces: [reports/one.md]\n"),
    },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  await typed(fleet, ["tick"]);
  return fleet;
}

test("explain tells the whole decision to people, and the same as a tree to programs", async () => {
  const fleet = await onePull(GRANT);
  const { out, code } = await pullbeat(fleet, ["policy", "explain", "1"]);
  expect({ code, out }).toMatchSnapshot();
  expect(await typed(fleet, ["policy", "explain", "1"])).toMatchObject({
    code: 0,
    value: {
      pull: 1,
      kind: "pending",
      tier: "human",
      rules: ["grant:reports", "built-in:probation"],
      reasons: ["it waits for a person's approval of this change"],
      waits: { gates: [], people: ["ann"], from: null },
      conflicts: [],
      why: { sentence: expect.any(String), mark: "fact", because: expect.any(Array) },
    },
  });
});

test("while a gate is in the way, no page lists the others alone or has anybody approve", async () => {
  const untold = `gates:
  ci: { kind: checks, runs: [{ name: build, app: github-actions }] }
require:
  - { path: [reports/**], gates: [ci] }
`;
  const [free, gated] = [await onePull(DUAL), await onePull(`${DUAL}${untold}`)];
  const pages = async (fleet: FleetWorld): Promise<string[]> => [
    (await pullbeat(fleet, ["pull", "show", "1"])).out,
    (await pullbeat(fleet, ["policy", "explain", "1"])).out,
  ];
  for (const page of await pages(free)) expect(page).toContain("pullbeat pull approve 1");
  for (const page of await pages(gated)) {
    expect(page).not.toContain("pull approve");
    expect(page).toContain("mend what keeps ci from judging");
  }
  const { value } = await typed(gated, ["pull", "show", "1"]);
  expect(value["gates"]).toMatchObject([
    ...["paths", "size", "secrets", "record", "references"].map((gate) => ({ gate, ruling: "pass" })),
    { gate: "ci", ruling: "inconclusive" },
  ]);
  const [shown = ""] = await pages(gated);
  expect(shown.match(/^(?:## )?Gates$/gm)).toHaveLength(1);
  expect(shown.replaceAll(/\s+/g, " ")).toMatch(/inconclusive\W+ ci: pulls in the remote itself have no CI/);
});

test("pull list has the board's state of a pull, and is nobody's turn who has approved it", async () => {
  const untold = `gates:
  ci: { kind: checks, runs: [{ name: build, app: github-actions }] }
require:
  - { path: [reports/**], gates: [ci] }
`;
  const fleet = await onePull(`  default: human\n${untold}`);
  const pulls = async (): Promise<unknown> => (await typed(fleet, ["pull", "list"])).value["pulls"];
  const tasks = async (): Promise<unknown> => (await typed(fleet, ["board"])).value["tasks"];
  expect(await pulls()).toMatchObject([{ state: "waiting", waiting: "you" }]);
  expect(await tasks()).toMatchObject([{ state: "waiting", acts: "a person" }]);
  await typed(fleet, ["pull", "approve", "1"]);
  expect(await pulls()).toMatchObject([
    { state: "in-review", waiting: "pullbeat", reason: expect.stringMatching(/^ci: pulls in the remote/) },
  ]);
  expect(await tasks()).toMatchObject([{ state: "in-review", acts: "pullbeat" }]);
});

test("explain tells of a pull that has merged how it was decided", async () => {
  const fleet = await onePull(GRANT);
  await typed(fleet, ["pull", "merge", "1"]);
  expect(await typed(fleet, ["policy", "explain", "1"])).toMatchObject({
    value: { kind: "merged", clearance: { tier: "human", by: "human", rules: expect.any(Array) } },
  });
  const { out } = await pullbeat(fleet, ["policy", "explain", "1"]);
  expect(out).toContain("Its tier was human, by grant:reports and built-in:probation; decided as human");
});

test("try tells what would follow, and writes nothing", async () => {
  const fleet = await onePull(GRANT);
  const before = await fleet.far("for-each-ref");
  const asked = ["policy", "try", "--pull", "1", "--as"];
  expect(await typed(fleet, [...asked, "ann", "--approve"])).toMatchObject({
    code: 0,
    value: { kind: "merge", if: { by: "ann", verdict: "approve" } },
  });
  expect(await typed(fleet, [...asked, "ann", "--request-changes"])).toMatchObject({
    value: { kind: "blocked", reasons: ["ann asks for changes"] },
  });
  expect(await typed(fleet, [...asked, "mallory", "--approve"])).toMatchObject({
    value: { kind: "pending" },
  });
  expect(await fleet.far("for-each-ref")).toBe(before);
});

test("try refuses to guess what is said, of which pull, by whom", async () => {
  const fleet = await onePull(GRANT);
  const refusals = [
    ["--pull", "1", "--as", "ann"],
    ["--pull", "1", "--as", "ann", "--approve", "--request-changes"],
    ["--pull", "7", "--as", "ann", "--approve"],
    ["--as", "ann", "--approve"],
    ["--pull", "1", "--as", "no such name", "--approve"],
  ];
  for (const args of refusals) expect((await pullbeat(fleet, ["policy", "try", ...args])).code).toBe(2);
});

test("a founder who decides alone is told when the second approval counts, and then it counts", async () => {
  const fleet = await onePull(DUAL);
  const said = await typed(fleet, ["pull", "approve", "1"]);
  expect(said.value["against"]).toEqual([
    "it waits for ann to approve it again, at 2026-11-22T07:10:00Z or later",
  ]);
  expect(await typed(fleet, ["settle"])).toMatchObject({ value: { merged: [] } });
  expect(await typed(fleet, ["pull", "list"])).toMatchObject({
    value: {
      pulls: [
        {
          tier: "dual",
          state: "in-review",
          waiting: "you",
          reason: said.value["against"] && expect.stringContaining("07:10"),
        },
      ],
    },
  });
  fleet.clock.pass(9);
  await typed(fleet, ["pull", "approve", "1"]);
  expect(await typed(fleet, ["settle"])).toMatchObject({ value: { merged: [] } });
  fleet.clock.pass(1);
  expect(await typed(fleet, ["pull", "merge", "1"])).toMatchObject({
    code: 0,
    value: { merged: [{ pull: 1 }] },
  });
  expect(await fleet.far("log", "-1", "--format=%B", "main")).toContain("Pullbeat-Decision: dual(solo)");
});

test("of an agent whose first five pulls a person let in, the sixth needs nobody, and the seventh of the day does", async () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const tasks = ids.map((id) => [`board/${id}.md`, taskText(id, "writer", "kind: report\n")] as const);
  const fleet = await makeFleet({
    files: {
      ".github/pullbeat.yml": config(GRANT),
      "agents/writer.md": specText(
        "writer",
        'produces: ["reports/*.md"]\nbudget: { attempt: { usd: 0.01 }, beat: { tasks: 7 } }\n',
      ),
      ...Object.fromEntries(tasks),
    },
    scripts: {
      writer: ids
        .map((id) => `{"attempt":"${id}"}\n${writes({ [`reports/${id}.md`]: `# ${id}\n` })}`)
        .join("\n"),
    },
  });
  await typed(fleet, ["tick"]);
  for (const number of ["1", "2", "3", "4"]) await typed(fleet, ["pull", "approve", number]);
  expect(await typed(fleet, ["settle"])).toMatchObject({ value: { merged: [{}, {}, {}, {}] } });
  await typed(fleet, ["pull", "approve", "5"]);
  const { value } = await typed(fleet, ["settle"]);
  expect(value["merged"]).toMatchObject([
    { pull: 5, what: "approved by ann" },
    { pull: 6, what: "let in by its gates (routine)" },
  ]);
  expect(await typed(fleet, ["policy", "explain", "7"])).toMatchObject({
    value: { tier: "human", rules: ["default:human"] },
  });
  fleet.clock.pass(24 * 60);
  expect(await typed(fleet, ["settle"])).toMatchObject({ value: { merged: [{ pull: 7 }] } });
});

test("lint names rules that swallow everything, that nobody meets, and agents that do not exist", async () => {
  const wide =
    '    - { id: all, kind: ["*"], only_paths: ["**"], tier: reviewed, per_day: 9 }\n' +
    '    - { id: tasks, kind: [plan], only_paths: ["board/**"], agent: [writter], tier: human, per_day: 9 }\n';
  const fleet = await makeFleet({
    files: {
      ".github/pullbeat.yml": config(
        `  grant:\n${wide}  raise:\n    - { id: two, kind: [page], tier: dual }\n`,
      ),
      "agents/writer.md": specText("writer"),
    },
  });
  const { code, value } = await typed(fleet, ["policy", "lint"]);
  expect(code).toBe(1);
  expect(value).toMatchSnapshot();
});

test("lint tells of a config that is no YAML, that lacks, or that is no file", async () => {
  const fleet = await makeFleet({
    files: { [CONFIG]: config(DUAL), "agents/writer.md": specText("writer") },
  });
  const [file, folder] = [join(fleet.clone, CONFIG), join(fleet.clone, ".github")];
  const spoils = [
    () => writeFile(file, "version: [\n"),
    () => rm(file),
    async () => (await rm(folder, { recursive: true }), writeFile(folder, "x\n")),
  ];
  expect(await typed(fleet, ["policy", "lint"])).toMatchObject({ code: 0, value: { ok: true } });
  for (const spoil of spoils) {
    await spoil();
    const { code, value } = await typed(fleet, ["policy", "lint"]);
    expect({ code, ok: value["ok"] }).toEqual({ code: 1, ok: false });
    expect(value["findings"]).toContainEqual(expect.objectContaining({ level: "error" }));
  }
});

test("each mistake in the policy is named where it stands", async () => {
  const lines = [
    "version: 1",
    "roster:",
    "  - { login: ann, emails: [ann@example.com] }",
    "gates:",
    "  honest: { kind: grader, grader: writer }",
    "  shape: { kind: schema, files: [a.json], schema: gone.json }",
    "require:",
    "  - { path: [reports/**], gates: [shape, headin] }",
    "  - { effect: [mail], gates: [shape] }",
    "policy:",
    "  tiers:",
    "    human: { gates: [headin] }",
    "  grant:",
    "    - id: all",
    "      kind: [page]",
    '      only_paths: ["**"]',
    "      agent: [writer, writter]",
    "      tier: routine",
    "      per_day: 1",
  ];
  const fleet = await makeFleet({
    files: { ".github/pullbeat.yml": `${lines.join("\n")}\n`, "agents/writer.md": specText("writer") },
  });
  const { findings } = (await typed(fleet, ["policy", "lint"])).value;
  if (!Array.isArray(findings)) throw new Error("no findings");
  // What stands at the very place that a finding names.
  const stands = findings.map((f) => `${f.rule} ${f.line} ${lines[f.line - 1]?.slice(f.column - 1)}`);
  expect(stands).toEqual([
    "policy/no-grader 5 writer }",
    "policy/no-schema 6 gone.json }",
    "policy/unknown-gate 8 headin] }",
    "policy/unknown-effect 9 mail], gates: [shape] }",
    "policy/unknown-gate 12 headin] }",
    'policy/grant-swallows 16 ["**"]',
    "policy/unknown-agent 17 writter]",
  ]);
});

test("a rule without a condition, a grant without a cap, and a default below human are no config", async () => {
  const bad = [
    "  raise: [{ id: all, tier: dual }]\n",
    "  grant: [{ id: a, kind: [x], only_paths: [y/**], tier: routine }]\n",
    "  grant: [{ id: a, kind: [x], tier: routine, per_day: 1 }]\n",
    "  grant: [{ id: a, only_paths: [y/**], tier: routine, per_day: 1 }]\n",
    "  default: routine\n",
    "  raise: [{ id: a, kind: [x], tier: routine }]\n",
    "  raise: [{ id: a, kind: [x], tier: dual }, { id: a, kind: [y], tier: dual }]\n",
    "  raise: [{ id: a, any_path: ['!x'], tier: dual }]\n",
  ];
  for (const policy of bad) {
    const fleet = await makeFleet({ files: { ".github/pullbeat.yml": config(policy) } });
    const { code, value } = await typed(fleet, ["check"]);
    expect(code).toBe(1);
    // Of a policy that cannot be read, nobody may hear that nothing is wrong with it.
    expect(await typed(fleet, ["policy", "lint"])).toEqual({
      code: 1,
      value: { ok: false, findings: value["findings"] },
    });
  }
});
