import { expect, test } from "vitest";
import { Config } from "../../src/domain/config.ts";
import { Instant, Login, Sha } from "../../src/domain/id.ts";
import { refusedShowing, showingOf, type Shown } from "../../src/domain/pull/showing.ts";
import { combine, type GateVerdict } from "../../src/domain/verdict/verdict.ts";

const head = Sha.parse("a".repeat(40));
const gate = (ruling: GateVerdict["ruling"]): GateVerdict => ({
  gate: "paths",
  ruling,
  sentence: `it is a ${ruling}`,
  details: [],
  mendable: true,
});
const config = Config.parse({
  version: 1,
  roster: [{ login: "ann" }, { login: "bob" }, { login: "robo" }],
  fleet: { accounts: ["Robo"] },
});
const shown = (more: Partial<Shown> = {}): Shown => ({
  pull: { kind: "work", reviews: [] },
  head,
  verdict: combine([gate("pass")]),
  decision: { kind: "pending", reasons: ["it waits for a person's approval of this change"] },
  config,
  isPersons: true,
  ...more,
});

test("when only a person's act is missing the check is green, and people are asked", () => {
  expect(showingOf(shown())).toEqual({
    head,
    standing: "pass",
    title: "your turn: approve it, ask for changes, or close it",
    text: "- it waits for a person's approval of this change\n\n- **pass** paths: it is a pass\n",
    turn: true,
    people: ["ann", "bob"],
  });
});

test("a gate that could not tell, and one that did not run at all, are no passes", () => {
  for (const verdict of [combine([gate("inconclusive")]), combine([])])
    expect(showingOf(shown({ verdict }))).toMatchObject({
      standing: "wait",
      title: "a gate could not tell: look for yourself",
    });
});

test("a gate that failed is named, and nobody is asked for a review while it is its agent's turn", () => {
  const blocked = { kind: "blocked", reasons: ["a gate failed"] } as const;
  expect(
    showingOf(
      shown({
        verdict: combine([gate("fail")]),
        decision: { ...blocked, reasons: [...blocked.reasons] },
        isPersons: false,
      }),
    ),
  ).toMatchObject({ standing: "fail", title: "a gate failed: paths", turn: false, people: [] });
});

test("a hold is in the way of a green check, though every gate passed", () => {
  const decision = { kind: "blocked" as const, reasons: ["on hold by ann: wait"] };
  expect(showingOf(shown({ decision, isPersons: false }))).toMatchObject({
    standing: "wait",
    title: "on hold by ann: wait",
  });
});

test("who has spoken of this head is not asked again; who spoke of an older one, or only commented, is", () => {
  const said = { id: "1", by: Login.parse("ann"), at: Instant.parse("2026-11-22T07:00:00Z"), body: "" };
  const old = Sha.parse("b".repeat(40));
  const people = (verdict: "approve" | "comment", at: Sha): readonly string[] =>
    showingOf(shown({ pull: { kind: "work", reviews: [{ ...said, verdict, head: at }] } })).people;
  expect(people("approve", head)).toEqual(["bob"]);
  expect(people("approve", old)).toEqual(["ann", "bob"]);
  expect(people("comment", head)).toEqual(["ann", "bob"]);
});

test("what the forge refuses is a person's turn that no review ends", () => {
  const merge = showingOf(shown({ decision: { kind: "merge" } }));
  expect(merge).toMatchObject({ standing: "pass", title: "approved: pullbeat merges it", turn: false });
  expect(refusedShowing(merge, "Merge commits are not allowed.")).toMatchObject({
    standing: "pass",
    title: "the forge does not merge it: Merge commits are not allowed.",
    turn: true,
    people: [],
  });
});
