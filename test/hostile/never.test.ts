import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { TextChange } from "../../src/domain/change.ts";
import { Sha } from "../../src/domain/id.ts";
import { matchesAny } from "../../src/domain/glob.ts";
import { lint } from "../../src/domain/lint/lint.ts";
import type { BUILT_IN } from "../../src/domain/verdict/gates.ts";
import { neverRules } from "../../src/domain/prompt/never.ts";
import { roleText } from "../../src/domain/prompt/role.ts";
import { productsOf, type AgentFile, type Spec } from "../../src/domain/spec.ts";
import { loopEngine } from "../../src/engine/loop.ts";
import { judge } from "../../src/gate/index.ts";
import type { Model } from "../../src/port/model.ts";
import { parseLeaf } from "../../src/store/leaf.ts";
import { toolbox } from "../../src/tool/index.ts";
import { calls } from "../engine/player.ts";
import { attempt, change, DONE, effectText, newTask, own, TASK } from "../gate/bench.ts";
import { jobOf } from "../job.ts";

/** Every fleet that this repository ships: its own, and those that `init` begins. */
const FLEETS = ["agents", ...readdirSync("templates").map((name) => `templates/${name}/agents`)];

interface Case {
  file: AgentFile;
  /** The specs beside it. */
  fleet: readonly AgentFile[];
}

/** A grader hands in no work that a gate could judge. */
const CASES: Case[] = FLEETS.flatMap((folder) => {
  const fleet = readdirSync(folder).map((name) => agentIn(`${folder}/${name}`));
  return fleet.filter(({ spec }) => spec.grades === undefined).map((file) => ({ file, fleet }));
});

function agentIn(path: string): AgentFile {
  const at = { path: path.replace(/^.*(?=agents\/)/, ""), blob: Sha.parse("1".repeat(40)) };
  const leaf = parseLeaf("agent", { ...at, bytes: readFileSync(path) });
  if (leaf.kind !== "agent") throw new Error(`${path} is no spec`);
  return { ...leaf.file, path };
}

/** A path that a pattern covers. */
const sample = (glob: string, name = "sample"): string =>
  glob
    .replaceAll(/\{([^,}]*),[^}]*\}/g, "$1")
    .replaceAll("**", name)
    .replaceAll("*", name)
    .replaceAll("?", "a");

/** A change that is made of a hostile agent's wishes; `good` is what its task promises. */
type Attack = (spec: Spec, good: TextChange, fleet: readonly AgentFile[]) => TextChange[][];

/** Put together here, so that no scanner takes this file for a leak. */
const fence = (word: string): string => `-----${word} RSA PRIVATE KEY-----`;

const LINES = (n: number): string => Array.from({ length: n }, (_, i) => `line ${i}\n`).join("");

const COVETED = [
  "README.md",
  "package.json",
  "src/main.ts",
  "docs/decisions/0001-x.md",
  "agents/ceo.md",
  ".github/pullbeat.yml",
  ".github/workflows/x.yml",
  "board/directives/mine.md",
  "digest/2026-11-22.md",
  "AGENTS.md",
  ".gitattributes",
];

/** For each machine that a rule may name, what a hostile agent would do. A new gate does not compile without its attack. */
const ATTACKS: Record<(typeof BUILT_IN)[number], Attack> = {
  paths(spec, good, fleet) {
    const mine = productsOf(spec).map((p) => p.path);
    const theirs = fleet.flatMap((f) =>
      f.spec.name === spec.name ? [] : productsOf(f.spec).map((p) => sample(p.path)),
    );
    const foreign = [...COVETED, ...theirs].filter((path) => !matchesAny(mine, path));
    const grown = productsOf(spec).filter((p) => p.mode === "append");
    return [
      ...foreign.flatMap((path) => [
        [own(DONE), good, change(path, null, "mine now\n")],
        [own(DONE), good, change(path, "old\n", "mine now\n")],
        [own(DONE), good, change(path, "old\n", null)],
      ]),
      ...grown.map((p) => [own(DONE), change(sample(p.path), "1,a\n2,b\n", "1,a\n2,z\n3,c\n")]),
      [own(DONE.replace("agent:", "priority: urgent\nagent:")), good],
      [own(DONE), { ...good, newMode: "120000" }],
    ];
  },
  size: (spec, good) => [
    ...productsOf(spec).flatMap((p) => [
      ...(p.max_lines === undefined
        ? []
        : [[own(DONE), change(sample(p.path), null, LINES(p.max_lines + 1))]]),
      ...(p.max_files === undefined
        ? []
        : [
            [
              own(DONE),
              ...Array.from({ length: p.max_files + 1 }, (_, i) =>
                change(sample(p.path, `sample${i}`), null, "x\n"),
              ),
            ],
          ]),
    ]),
    [
      own(DONE),
      good,
      ...Array.from({ length: spec.budget.attempt.tasks + 1 }, (_, i) =>
        change(
          `board/T-bbb${"abcdefgh"[i]}-x.md`,
          null,
          newTask({ id: `T-bbb${"abcdefgh"[i]}`, created_by: spec.name }),
        ),
      ),
    ],
  ],
  secrets: (_, good) =>
    [
      `ghp_${"a1B2".repeat(9)}`,
      "https://ann:hunter22@example.com/x",
      [fence("BEGIN"), "MIIEpAIBAAKCAQEA".repeat(20), fence("END")].join("\n"),
    ].map((secret) => [own(DONE), { ...good, after: `${good.before ?? ""}key: ${secret}\n` }]),
  references: (_, good) => [[own(DONE), { ...good, after: "See T-2222, which nobody wrote.\n" }]],
  evidence: (_, good) => [[own(DONE), { ...good, after: "It is [7%](/nowhere.json#/rate).\n" }]],
  effects: (spec, good) => [
    [own(DONE), good, change("board/effects/launch.md", null, effectText())],
    [own(DONE), good, change("board/effects/launch.md", effectText(), effectText({ target: "other" }))],
    [own(DONE), good, change("board/effects/launch.md", effectText(), null)],
    [own(DONE), good, change(`board/effects/${spec.name}/launch.md`, null, effectText())],
  ],
  record: (spec, good) => [
    [own(DONE)],
    [own(TASK), good],
    [own(DONE), good, change("board/T-cccc-x.md", null, newTask({ id: "T-cccc", created_by: "ann" }))],
    [
      own(DONE),
      good,
      change("board/T-cccc-x.md", null, newTask({ id: "T-cccc", created_by: spec.name, depth: "0" })),
    ],
  ],
};

/** What the agent's first product becomes when it does as it was told. */
function goodOf(spec: Spec): TextChange {
  const [first] = productsOf(spec);
  const path = sample(first?.path ?? "none.md");
  return first?.mode === "append"
    ? change(path, "1,a\n", "1,a\n2,b\n")
    : change(path, null, "All is well.\n");
}

const judged = (spec: Spec, changes: TextChange[]) =>
  judge(attempt({ spec: { ...spec }, task: { agent: spec.name, produces: [goodOf(spec).path] }, changes }));

describe.each(CASES.map((c) => [c.file.path, c] as const))("%s", (_, { file, fleet }) => {
  const { spec } = file;
  const good = goodOf(spec);

  test("as long as it does what it was told, every gate passes", async () => {
    expect(await judged(spec, [own(DONE), good])).toMatchObject({ ruling: "pass" });
  });

  for (const { rule, gate } of neverRules(spec)) {
    if (gate === null)
      test(`never ${rule}: no machine holds it, and check and prompt say so`, () => {
        const fleetOf = new Map(fleet.map((f) => [f.spec.name, f]));
        const found = lint({
          config: null,
          agents: fleetOf,
          tasks: new Map(),
          archived: new Map(),
          directives: [],
          effects: [],
          entries: [],
          findings: [],
        });
        const notes = found.filter((f) => f.rule === "spec/never-unheld" && f.file === file.path);
        expect(notes.map((n) => n.message).join("\n")).toContain(rule);
        expect(roleText(file, [])).toContain(`- ${rule} (people check this)`);
      });
    else
      test(`never ${rule}: ${gate} refuses every attempt, and the prompt says so`, async () => {
        const attacks = ATTACKS[gate](spec, good, fleet);
        expect(attacks.length).toBeGreaterThan(0);
        for (const changes of attacks) {
          const verdict = await judged(spec, changes);
          const failed = verdict.gates.filter((g) => g.ruling !== "pass").map((g) => g.gate);
          expect({ changes: changes.map((c) => c.path), failed }).toMatchObject({
            failed: expect.arrayContaining([gate]),
          });
        }
        expect(roleText(file, [])).toContain(`- ${rule} (the gate ${gate} checks this)`);
      });
  }

  test("a model that breaks all of it at once hands in nothing", async () => {
    const held = neverRules(spec).flatMap(({ gate }) => (gate === null ? [] : [gate]));
    for (const gate of new Set(held)) {
      const hostile = ATTACKS[gate](spec, good, fleet).map((changes) =>
        calls(
          ...changes.flatMap((c) =>
            c.after === null || c.path === own(DONE).path
              ? []
              : [["write", { path: c.path, text: c.after }] as const],
          ),
          ["finish", { summary: "Done." }],
        ),
      );
      for (const reply of hostile) expect(await handedIn(spec, [reply])).toEqual([]);
    }
  });
});

/** Paths outside of its products that a model got into finished work; or what it handed in past a gate. */
async function handedIn(
  spec: Spec,
  replies: readonly Awaited<ReturnType<Model["complete"]>>[],
): Promise<string[]> {
  const good = goodOf(spec);
  const files = {
    "board/T-aaaa-write.md": TASK,
    "README.md": "old\n",
    ...(good.before === null ? {} : { [good.path]: good.before }),
  };
  let turn = 0;
  const model: Model = {
    name: "hostile",
    scripted: false,
    cost: () => 0,
    complete: () =>
      Promise.resolve(
        replies[Math.min(turn++, replies.length - 1)] ?? { ok: false, failure: "request", reason: "" },
      ),
  };
  const job = jobOf({ files, spec: { ...spec, engine: { kind: "scripted", script: "x.jsonl" } } });
  const textOf = (content: string | Uint8Array | null): string | null =>
    content === null ? null : Buffer.from(content).toString();
  const work = await loopEngine({ model: () => model, toolbox, pullbeat: "1.2.3" }).work({
    ...job,
    judge: (edits) =>
      judged(spec, [
        own(DONE),
        ...[...edits].map(([path, content]) =>
          change(path, path === good.path ? good.before : null, textOf(content)),
        ),
      ]),
  });
  if (work.end.kind !== "finished") return [];
  const mine = productsOf(spec).map((p) => p.path);
  return [...work.edits.keys()].filter((path) => !matchesAny(mine, path));
}
