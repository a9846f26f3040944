import { isDeepStrictEqual } from "node:util";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { decide, type Decision } from "../../src/domain/clearance/clearance.ts";
import { PullNumber } from "../../src/domain/id.ts";
import { Policy } from "../../src/domain/clearance/policy.ts";
import { told } from "../../src/domain/reason.ts";
import { effectAttacks } from "./effect-attacks.ts";
import { honest } from "./honest.ts";
import {
  at,
  but,
  effectful,
  granted,
  change,
  config,
  dual,
  gate,
  HEAD,
  housekeeping,
  human,
  login,
  OLDER,
  passed,
  question,
  REPORTS,
  review,
  reviewed,
  routine,
  sha,
  solo,
  type Stage,
} from "./ruling.ts";

const ruled = ({ policy, facts, evidence, now }: Stage): Decision => decide(policy, facts, evidence, now);

const bases = { human, routine, reviewed, dual, solo, question, housekeeping, effectful, granted };

test.each([
  ["human", "human", "human"],
  ["routine", "routine", "auto"],
  ["reviewed", "reviewed", "auto"],
  ["dual", "dual", "dual"],
  ["solo", "dual", "dual(solo)"],
  ["question", "human", "human"],
  ["housekeeping", "routine", "auto"],
  ["effectful", "human", "human"],
  ["granted", "routine", "auto"],
] as const)("what the attacks on %s begin with merges (%s, %s)", (name, tier, by) => {
  expect(ruled(bases[name]())).toMatchObject({ kind: "merge", tier, by });
});

const attacks: Record<string, Stage> = {
  "nobody approved": but(human(), { reviews: [] }),
  "an approval of an older head with another change": but(human(), {
    reviews: [review("ann", "approve", { head: OLDER })],
  }),
  "an approval of the same head from another base": but(human(), {
    reviews: [review("ann", "approve", { base: OLDER })],
  }),
  "a push after the approval": but(human(), { head: sha("d") }),
  "an approval of a head that nobody can find": but(human(), {
    reviews: [review("ann", "approve", { head: sha("c") })],
  }),
  "an approval of an older head when the present change cannot be told": but(human(), {
    reviews: [review("ann", "approve", { head: OLDER })],
    identities: new Map([
      [HEAD, null],
      [OLDER, null],
    ]),
  }),
  "an approval by a fleet account": but(human(), {
    config: config(["ann", "other-bot"], ["other-bot"]),
    reviews: [review("other-bot", "approve")],
  }),
  "an approval by a fleet account in other letters": but(human(), {
    config: config(["ann", "Other-Bot"], ["other-bot"]),
    reviews: [review("Other-Bot", "approve")],
  }),
  "an approval by the account that the fleet speaks with": but(human(), {
    config: config(["ann", "fleet-bot"]),
    author: login("bob"),
    reviews: [review("fleet-bot", "approve")],
  }),
  "an approval by the pull's author": but(human(), { author: login("ann") }),
  "an approval by somebody who is not on the roster": but(human(), {
    reviews: [review("mallory", "approve")],
  }),
  "an approval by a login that only looks like one of the roster": but(human(), {
    reviews: [review("Ann", "approve")],
  }),
  "an approval by a longer login": but(human(), { reviews: [review("ann-b", "approve")] }),
  "an approval by a co-author while somebody else could approve": but(human(), { coauthors: [login("ann")] }),
  "an approval by a co-author in other letters": but(human(), { coauthors: [login("ANN")] }),
  "one approval where nobody knows whose a commit is": but(human(), { stranger: true }),
  "two approvals where nobody knows whose a commit is, and three people could": but(dual(), {
    config: config(["ann", "bob", "eve"]),
    stranger: true,
  }),
  "an empty roster": but(human(), { config: config([]) }),
  "a roster that names only the fleet": but(human(), { config: config(["ann"], ["ann"]) }),
  "a comment that says approve": but(human(), { reviews: [review("ann", "comment", { body: "approve" })] }),
  "an answer instead of an approval": but(human(), { reviews: [review("ann", "answer")] }),
  "an approval instead of an answer": but(question(), { reviews: [review("ann", "approve")] }),
  "an answer by nobody of the roster": but(question(), { reviews: [review("mallory", "answer")] }),
  "a later request for changes by the same person": but(human(), {
    reviews: [review("ann", "approve"), review("ann", "request-changes", { at: at(1) })],
  }),
  "a later request for changes from a machine whose clock is late": but(human(), {
    reviews: [review("ann", "approve", { at: at(9) }), review("ann", "request-changes", { at: at(1) })],
  }),
  "another person's request for changes": but(human(), {
    reviews: [review("ann", "approve", { at: at(9) }), review("bob", "request-changes")],
  }),
  "another person's request for changes on an older head": but(human(), {
    reviews: [review("ann", "approve"), review("bob", "request-changes", { head: OLDER })],
  }),
  "a request for changes by a roster login in other letters": but(human(), {
    reviews: [review("ann", "approve"), review("BOB", "request-changes")],
  }),
  "a comment after a request for changes": but(human(), {
    reviews: [
      review("ann", "approve"),
      review("bob", "request-changes"),
      review("bob", "comment", { at: at(2), body: "fine now" }),
    ],
  }),
  "a failed gate": but(human(), { gates: [...passed.slice(1), gate("paths", "fail")] }),
  "a gate that could not tell": but(human(), { gates: [...passed.slice(1), gate("paths", "inconclusive")] }),
  "a gate that config or spec asks for, and that did not run": but(human(), { required: ["tone"] }),
  "a gate that a tier asks for, and that did not run": but(human(), {
    policy: Policy.parse({ tiers: { human: { gates: ["tone"] } } }),
  }),
  "a gate that a lower tier asks for, and that did not run": but(dual(), {
    policy: Policy.parse({ default: "dual", tiers: { routine: { gates: ["tone"] } } }),
  }),
  "a gate that did not run": but(human(), { gates: passed.slice(1) }),
  "no gate at all": but(human(), { gates: [] }),
  "a gate that passes once and fails once": but(human(), { gates: [...passed, gate("size", "fail")] }),
  "a gate of the fleet's own that failed besides": but(human(), { gates: [...passed, gate("tone", "fail")] }),
  "a hold": but(human(), { holds: ["the fleet is on hold"] }),
  "a deleted branch": but(human(), { head: null }),
  "a closed pull": but(human(), { state: "closed" }),
  "a pull that was merged already": but(human(), { state: "merged" }),
  "a change that cannot be told": but(human(), { changes: null }),
  "a fact that is missing": but(human(), { gaps: ["Whose commits its branch holds cannot be read"] }),
  "a missing fact on a pull that is closed besides": but(human(), {
    gaps: ["Whose commits its branch holds cannot be read"],
    state: "closed",
  }),
  "a missing fact, however many approve": but(dual(), { gaps: ["What it starts from cannot be read"] }),
  "more files than anybody looks through": but(human(), {
    changes: Array.from({ length: 3001 }, (_, i) => change(`reports/${i}.md`)),
  }),
  "a policy whose default is dual": but(human(), { policy: Policy.parse({ default: "dual" }) }),
  "a policy whose default is never": but(dual(), { policy: Policy.parse({ default: "never" }) }),
  "a change of the config": but(human(), { changes: [change(".github/pullbeat.yml")] }),
  "a change of a spec": but(human(), { changes: [change("agents/writer.md")] }),
  "a change of a directive": but(human(), { changes: [change("board/directives/money.md")] }),
  "a change of a workflow in other letters": but(human(), { changes: [change(".GitHub/Workflows/ci.yml")] }),
  "a change of CODEOWNERS": but(human(), { changes: [change("docs/CODEOWNERS")] }),
  "a change of what agents are told": but(human(), { changes: [change("docs/AGENTS.md")] }),
  "a change of git's own files": but(human(), { changes: [change(".gitattributes")] }),
  "a change of a path that the config protects": but(human(), {
    protect: ["src/**"],
    changes: [change("src/main.ts")],
  }),
  "a protected path that is renamed away": but(human(), {
    changes: [change("agents/writer.md", "100644", "000000"), change("reports/w.md", "000000")],
  }),
  "a path that is renamed into a protected one": but(human(), {
    changes: [change("reports/w.md", "100644", "000000"), change("agents/w.md", "000000")],
  }),
  "work that writes a digest": but(human(), { changes: [change("digest/2026-11-22.md", "000000")] }),
  "work that writes into the archive": but(human(), {
    changes: [change("board/archive/2026-11/T-bbbb-old.md")],
  }),
  "a question that writes a digest": but(question(), { changes: [change("digest/2026-11-22.md")] }),
  "a question that changes more than its task": but(question(), { changes: [change("agents/writer.md")] }),
  "a change beyond what a grant covers": but(routine(), {
    changes: [change("reports/a.md"), change("pages/a.md")],
  }),
  "a rename out of what a grant covers": but(routine(), {
    changes: [change("pages/a.md", "100644", "000000"), change("reports/a.md", "000000")],
  }),
  "another agent's task file": but(routine(), {
    changes: [change("reports/a.md"), change("board/T-bbbb-write.md")],
  }),
  "another kind of task than a grant's": but(routine(), { taskKind: "page" }),
  "a task without a kind": but(routine(), { taskKind: null }),
  "a kind that only begins like a grant's": but(routine(), { taskKind: "reports" }),
  "an agent that a grant does not name": but(routine(), {
    policy: Policy.parse({ grant: [{ ...REPORTS, agent: ["editor"] }] }),
  }),
  "a pull without an agent": but(routine(), { agent: null }),
  "a grant that is used up today": but(routine(), { used: new Map([["reports", 2]]) }),
  "a grant of which nobody knows how often it was used": but(routine(), { used: null }),
  "an agent whose first five pulls are not over": but(routine(), { proven: 4 }),
  "a commit on the branch that no beat made": but(routine(), { foreign: 1 }),
  "another brief where a grant speaks": but(routine(), { rewritten: true }),
  "a task whose pull was closed before": but(routine(), { closed: PullNumber.parse(3) }),
  "a task whose merge was taken back": but(routine(), {
    reverted: { pull: PullNumber.parse(3), path: "reports/a.md" },
  }),
  "a symbolic link where a grant speaks": but(routine(), {
    changes: [change("reports/a.md", "000000", "120000")],
  }),
  "a file that becomes a link": but(routine(), { changes: [change("reports/a.md", "100644", "120000")] }),
  "a submodule where a grant speaks": but(routine(), { changes: [change("reports/a", "000000", "160000")] }),
  "a mode that changes where a grant speaks": but(routine(), {
    changes: [change("reports/a.md", "100644", "100755")],
  }),
  "a new executable where a grant speaks": but(routine(), {
    changes: [change("reports/a", "000000", "100755")],
  }),
  "a protected path where a grant covers everything": but(routine(), {
    policy: Policy.parse({ grant: [{ ...REPORTS, only_paths: ["**"] }] }),
    changes: [change("agents/writer.md")],
  }),
  "a person's request for changes where a grant speaks": but(routine(), {
    reviews: [review("ann", "request-changes")],
  }),
  "a hold where a grant speaks": but(routine(), { holds: ["the fleet is on hold"] }),
  "a failed gate where a grant speaks": but(routine(), {
    gates: [...passed.slice(1), gate("paths", "fail")],
  }),
  "a raise by path": but(routine(), {
    policy: Policy.parse({
      grant: [REPORTS],
      raise: [{ id: "a", any_path: ["reports/a.md"], tier: "human" }],
    }),
  }),
  "a raise by kind": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", kind: ["rep*"], tier: "human" }] }),
  }),
  "a raise by agent": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", agent: ["writer"], tier: "human" }] }),
  }),
  "a raise by one of several agents": but(routine(), {
    policy: Policy.parse({
      grant: [REPORTS],
      raise: [{ id: "a", agent: ["editor", "writer"], tier: "human" }],
    }),
  }),
  "a raise by the deletion of a link": but(human(), {
    policy: Policy.parse({ raise: [{ id: "a", change: ["delete"], tier: "dual" }] }),
    changes: [change("reports/a", "120000", "000000")],
  }),
  "a raise by size": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", files_over: 1, tier: "human" }] }),
  }),
  "a raise by deletion": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", change: ["delete"], tier: "human" }] }),
    changes: [change("reports/a.md", "100644", "000000")],
  }),
  "a raise by what the agent says of its own work": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", result: ["fail"], tier: "human" }] }),
    result: "fail",
  }),
  "a raise that stands before a grant in the file, or after it": but(human(), {
    policy: Policy.parse({ raise: [{ id: "a", kind: ["report"], tier: "dual" }], grant: [REPORTS] }),
  }),
  "a raise that no approval satisfies": but(dual(), {
    policy: Policy.parse({ raise: [{ id: "a", kind: ["report"], tier: "never" }] }),
  }),
  ...effectAttacks,
  "a review that did not take place": but(reviewed(), { gates: [...passed] }),
  "a review that could not tell": but(reviewed(), { gates: [...passed, gate("rubric", "inconclusive")] }),
  "a tier of reviews without a gate that reviews": but(reviewed(), {
    policy: Policy.parse({ grant: [{ ...REPORTS, tier: "reviewed" }] }),
  }),
  "a raise to a review that nothing does": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", kind: ["report"], tier: "reviewed" }] }),
  }),
  "one approval where two are needed": but(dual(), { reviews: [review("ann", "approve")] }),
  "the same person twice where two are needed": but(dual(), {
    reviews: [review("ann", "approve"), review("ann", "approve", { at: at(30) })],
  }),
  "the same person under two spellings where two are needed": but(dual(), {
    config: config(["ann", "ANN", "bob"]),
    reviews: [review("ann", "approve"), review("ANN", "approve")],
  }),
  "one of two approvals for another change": but(dual(), {
    reviews: [review("ann", "approve"), review("bob", "approve", { head: OLDER })],
  }),
  "a co-author as one of two while two others are there": but(dual(), {
    config: config(["ann", "bob", "eve"]),
    coauthors: [login("ann")],
  }),
  "a fleet account as one of two": but(dual(), { config: config(["ann", "bob", "eve"], ["bob"]) }),
  "a founder's second approval nine minutes after the first": but(solo(), {
    reviews: [review("ann", "approve"), review("ann", "approve", { at: at(9) })],
  }),
  "a founder's second approval from a time to come": but(solo(), {
    reviews: [review("ann", "approve"), review("ann", "approve", { at: at(600) })],
  }),
  "a founder's second approval of another change": but(solo(), {
    reviews: [review("ann", "approve", { head: OLDER }), review("ann", "approve", { at: at(30) })],
  }),
  "a founder's request for changes between two approvals": but(solo(), {
    reviews: [
      review("ann", "approve"),
      review("ann", "request-changes", { at: at(5) }),
      review("ann", "approve", { at: at(12) }),
    ],
  }),
  "a founder's request for changes between two approvals, and an older one": but(solo(), {
    reviews: [
      review("ann", "approve"),
      review("ann", "request-changes", { at: at(1) }),
      review("ann", "approve", { at: at(2) }),
      review("ann", "request-changes", { at: at(5) }),
      review("ann", "approve", { at: at(12) }),
    ],
  }),
  "a founder under two spellings, each once": but(solo(), {
    config: config(["ann", "ANN"]),
    reviews: [review("ann", "approve"), review("ANN", "approve", { at: at(1) })],
  }),
  "housekeeping that does not come out the same": but(housekeeping(), { regenerated: false }),
  "housekeeping whose gate failed": but(housekeeping(), { gates: [gate("archive", "fail")] }),
  "housekeeping judged by other gates than its own": but(housekeeping(), { gates: [...passed] }),
  "housekeeping that touches a spec": but(housekeeping(), { changes: [change("agents/writer.md")] }),
  "work that calls itself housekeeping's": but(routine(), { regenerated: true, taskKind: null }),
};

test.each(Object.entries(attacks))("%s does not merge", (_, stage) => {
  const decision = ruled(stage);
  expect(decision.kind).not.toBe("merge");
  expect(decision).toMatchObject({ reasons: expect.arrayContaining([expect.any(String)]) });
});

test("there are enough attacks, and every one of them changes something", () => {
  expect(Object.keys(attacks).length).toBeGreaterThanOrEqual(40);
  const isBase = (stage: Stage): boolean => Object.values(bases).some((b) => isDeepStrictEqual(b(), stage));
  expect(Object.entries(attacks).filter(([, s]) => isBase(s))).toEqual([]);
});

test.each(Object.entries(honest))("%s is in nobody's way, and the pull merges", (_, stage) => {
  expect(ruled(stage).kind).toBe("merge");
});

test("of what a gate found, five places are told, and how many more there are", () => {
  const lines = (count: number): string[] => {
    const details = Array.from({ length: count }, (_, i) => `a.md:${i + 1}: wrong`);
    const { why } = ruled(
      but(human(), { gates: [...passed.slice(1), { ...gate("paths", "fail"), details }] }),
    );
    return told(why.because)
      .map((l) => l.text.replace(/^[ \u00b7]+/, ""))
      .filter((t) => /^(?:a.md|and)/.test(t));
  };
  const five = [1, 2, 3, 4, 5].map((n) => `a.md:${n}: wrong`);
  expect([lines(5), lines(7)]).toEqual([five, [...five, "and 2 more"]]);
});

test("every decision is told in sentences that a person would say", async () => {
  const page = Object.entries({ ...bases, ...attacks, ...honest }).map(([name, of]) => {
    const { why } = ruled(typeof of === "function" ? of() : of);
    return [`## ${name}`, "", why.sentence, ...told(why.because).map((l) => l.text), ""].join("\n");
  });
  await expect(page.join("\n")).toMatchFileSnapshot("../snapshots/explain.md");
});

const CASES = "../shared/cases/git-names.jsonl";

describe.runIf(existsSync(CASES))("texts that look like approvals elsewhere", () => {
  const text = existsSync(CASES) ? readFileSync(CASES, "utf8") : "";
  const rows = text
    .split("\n")
    .filter((line) => line.includes("approval-lookalike"))
    .map((line) => z.object({ value: z.string() }).parse(JSON.parse(line)));

  test("are inert in a comment", () => {
    const stages = rows.map((r) => but(human(), { reviews: [review("ann", "comment", { body: r.value })] }));
    expect(stages.length).toBeGreaterThan(20);
    expect(new Set(stages.map((s) => ruled(s).kind))).toEqual(new Set(["pending"]));
  });
});
