import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { decide, type ApprovalFacts } from "../../src/domain/approval.ts";
import { Config } from "../../src/domain/config.ts";
import { Instant, Login, Sha } from "../../src/domain/id.ts";
import type { Review, ReviewVerdict } from "../../src/domain/pull.ts";

const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));
const login = (name: string): Login => Login.parse(name);
const HEAD = sha("a");
const OLDER = sha("b");

function review(by: string, verdict: ReviewVerdict, more: Partial<Review> = {}): Review {
  const at = Instant.parse("2026-11-22T08:00:00Z");
  return { id: `${by}-${verdict}`, by: login(by), verdict, head: HEAD, at, body: "", ...more };
}

const at = (minute: number): Instant => Instant.parse(`2026-11-22T09:${String(minute).padStart(2, "0")}:00Z`);

function config(roster: string[], accounts: string[] = []): Config {
  return Config.parse({ version: 1, roster: roster.map((l) => ({ login: l })), fleet: { accounts } });
}

/** A pull that merges: judged, approved by Ann on the present head, nothing against it. */
function merging(): ApprovalFacts {
  return {
    pull: {
      author: login("fleet-bot"),
      head: HEAD,
      kind: "work",
      state: "open",
      reviews: [review("ann", "approve")],
    },
    config: config(["ann", "bob"], ["other-bot"]),
    account: login("fleet-bot"),
    coauthors: [],
    identities: new Map([
      [HEAD, "the change"],
      [OLDER, "another change"],
    ]),
    verdict: { ruling: "pass" },
    holds: [],
  };
}

const reviewed = (...reviews: Review[]): ApprovalFacts => ({
  ...merging(),
  pull: { ...merging().pull, reviews },
});

test("a judged pull that one person of the roster approved merges, and names the approval", () => {
  expect(decide(merging())).toEqual({
    kind: "merge",
    approvals: [{ login: "ann", review: "ann-approve", head: HEAD, at: "2026-11-22T08:00:00Z" }],
  });
});

const approvedBy = (by: string, more: Partial<Review> = {}): ApprovalFacts =>
  reviewed(review(by, "approve", more));

const attacks: Record<string, ApprovalFacts> = {
  "nobody approved": reviewed(),
  "an approval of an older head with another change": approvedBy("ann", { head: OLDER }),
  "an approval of a head that nobody can find": approvedBy("ann", { head: sha("c") }),
  "an approval of an older head when the present change cannot be told": {
    ...approvedBy("ann", { head: OLDER }),
    identities: new Map([
      [HEAD, null],
      [OLDER, null],
    ]),
  },
  "an approval by a fleet account": {
    ...approvedBy("other-bot"),
    config: config(["ann", "other-bot"], ["other-bot"]),
  },
  "an approval by a fleet account in other letters": {
    ...approvedBy("Other-Bot"),
    config: config(["ann", "Other-Bot"], ["other-bot"]),
  },
  "an approval by the account that the fleet speaks with": {
    ...approvedBy("fleet-bot"),
    config: config(["ann", "fleet-bot"]),
    pull: { ...merging().pull, author: login("ann"), reviews: [review("fleet-bot", "approve")] },
  },
  "an approval by the pull's author": { ...merging(), pull: { ...merging().pull, author: login("ann") } },
  "an approval by somebody who is not on the roster": approvedBy("mallory"),
  "an approval by a login that only looks like one of the roster": approvedBy("Ann"),
  "an approval by a longer login": approvedBy("ann-b"),
  "an approval by a co-author while somebody else could approve": { ...merging(), coauthors: [login("ann")] },
  "an approval by a co-author in other letters": { ...merging(), coauthors: [login("ANN")] },
  "an empty roster": { ...merging(), config: config([]) },
  "a comment that says approve": reviewed(review("ann", "comment", { body: "approve" })),
  "an answer instead of an approval": reviewed(review("ann", "answer")),
  "an approval instead of an answer": { ...merging(), pull: { ...merging().pull, kind: "question" } },
  "a later request for changes by the same person": reviewed(
    review("ann", "approve"),
    review("ann", "request-changes", { at: at(1) }),
  ),
  "a later request for changes from a machine whose clock is late": reviewed(
    review("ann", "approve", { at: at(9) }),
    review("ann", "request-changes", { at: at(1) }),
  ),
  "another person's request for changes": reviewed(
    review("ann", "approve", { at: at(9) }),
    review("bob", "request-changes"),
  ),
  "another person's request for changes on an older head": reviewed(
    review("ann", "approve", { at: at(9) }),
    review("bob", "request-changes", { head: OLDER }),
  ),
  "a request for changes by a roster login in other letters": reviewed(
    review("ann", "approve"),
    review("BOB", "request-changes"),
  ),
  "a comment after a request for changes": reviewed(
    review("ann", "approve"),
    review("bob", "request-changes"),
    review("bob", "comment", { at: at(2), body: "fine now" }),
  ),
  "a failed gate": { ...merging(), verdict: { ruling: "fail" } },
  "a gate that could not tell": { ...merging(), verdict: { ruling: "inconclusive" } },
  "a hold": { ...merging(), holds: ["the fleet is on hold"] },
  "a deleted branch": { ...merging(), pull: { ...merging().pull, head: null } },
  "a closed pull": { ...merging(), pull: { ...merging().pull, state: "closed" } },
};

test.each(Object.entries(attacks))("%s does not merge", (_, facts) => {
  const decision = decide(facts);
  expect(decision.kind).not.toBe("merge");
  expect(decision).toMatchObject({ reasons: expect.arrayContaining([expect.any(String)]) });
});

const merges: Record<string, ApprovalFacts> = {
  "an approval of an older head with the identical change": {
    ...approvedBy("ann", { head: OLDER }),
    identities: new Map([
      [HEAD, "the change"],
      [OLDER, "the change"],
    ]),
  },
  "an approval after the same person's request for changes": reviewed(
    review("ann", "request-changes"),
    review("ann", "approve", { at: at(3) }),
  ),
  "an answer to a question": {
    ...merging(),
    pull: { ...merging().pull, kind: "question", reviews: [review("ann", "answer")] },
  },
  "a comment after the approval": reviewed(review("ann", "approve"), review("ann", "comment", { at: at(4) })),
  "a co-author's approval where the roster holds nobody else": {
    ...merging(),
    config: config(["ann"]),
    coauthors: [login("ann")],
  },
  "a request for changes by a stranger": reviewed(
    review("ann", "approve"),
    review("mallory", "request-changes"),
  ),
};

test.each(Object.entries(merges))("%s counts, and the pull merges", (_, facts) => {
  expect(decide(facts).kind).toBe("merge");
});

const CASES = "../shared/cases/git-names.jsonl";

describe.runIf(existsSync(CASES))("texts that look like approvals elsewhere", () => {
  const text = existsSync(CASES) ? readFileSync(CASES, "utf8") : "";
  const rows = text
    .split("\n")
    .filter((line) => line.includes("approval-lookalike"))
    .map((line) => z.object({ value: z.string() }).parse(JSON.parse(line)));

  test("are inert in a comment", () => {
    const facts = rows.map((r) => reviewed(review("ann", "comment", { body: r.value })));
    expect(facts.length).toBeGreaterThan(20);
    expect(new Set(facts.map((f) => decide(f).kind))).toEqual(new Set(["pending"]));
  });
});

/** pullbeat's own digest, made again byte for byte: nobody said a word. */
const routine = (): ApprovalFacts => ({
  ...merging(),
  pull: { ...merging().pull, kind: "digest", reviews: [] },
  routine: true,
});

test("what is routine merges without anybody's approval", () => {
  expect(decide(routine())).toEqual({ kind: "merge", approvals: [] });
});

test.each<[string, ApprovalFacts]>([
  ["it is not routine", { ...routine(), routine: false }],
  ["something holds it", { ...routine(), holds: ["on hold by ann"] }],
  ["a gate failed", { ...routine(), verdict: { ruling: "fail" } }],
  ["a gate could not tell", { ...routine(), verdict: { ruling: "inconclusive" } }],
  [
    "a person asks for changes",
    { ...routine(), pull: { ...routine().pull, reviews: [review("ann", "request-changes")] } },
  ],
])("what would be routine does not merge when %s", (_, facts) => {
  expect(decide(facts).kind).not.toBe("merge");
});
