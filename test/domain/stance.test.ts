import { expect, test } from "vitest";
import type { Review } from "../../src/domain/pull/pull.ts";
import { stanceOf } from "../../src/domain/pull/stance.ts";
import { pull, review, sha, snapshot } from "./fleet.ts";

/** Who refuses and who approves, after these words on one pull of the fleet's account, pullbeat. */
function stands(...reviews: Review[]): { refuse: string[]; approve: string[] } {
  const { refusals, approvals } = stanceOf(pull(3, "t-one", { reviews }), snapshot({}).fleet.config);
  return { refuse: refusals.map((r) => r.by), approve: approvals.map((r) => r.by) };
}

const NOBODY = { refuse: [], approve: [] };

test("of each person the latest word on the head stands, and a comment takes nothing back", () => {
  expect(stands(review("ann", "approve"))).toEqual({ refuse: [], approve: ["ann"] });
  expect(stands(review("ann", "approve"), review("ann", "request-changes"))).toEqual({
    refuse: ["ann"],
    approve: [],
  });
  expect(stands(review("ann", "request-changes"), review("ann", "approve"))).toEqual({
    refuse: [],
    approve: ["ann"],
  });
  expect(stands(review("ann", "request-changes"), review("ann", "comment"))).toEqual({
    refuse: ["ann"],
    approve: [],
  });
});

test("what was said of an older head is history", () => {
  const head = sha("before");
  expect(stands(review("ann", "approve", { head }), review("ann", "request-changes", { head }))).toEqual(
    NOBODY,
  );
});

test("an answer is neither an approval nor a refusal, and hides none", () => {
  expect(stands(review("ann", "answer"))).toEqual(NOBODY);
  expect(stands(review("ann", "request-changes"), review("ann", "answer"))).toEqual({
    refuse: ["ann"],
    approve: [],
  });
});

test("strangers neither refuse nor approve", () => {
  expect(stands(review("mallory", "approve"))).toEqual(NOBODY);
  expect(stands(review("mallory", "request-changes"))).toEqual(NOBODY);
});

test("the fleet's account refuses for its gates and approves nothing; its newer comment is a newer ruling", () => {
  expect(stands(review("pullbeat", "approve"))).toEqual(NOBODY);
  expect(stands(review("pullbeat", "request-changes"))).toEqual({ refuse: ["pullbeat"], approve: [] });
  const ruled = [review("pullbeat", "request-changes"), review("pullbeat", "comment")];
  expect(stands(...ruled)).toEqual(NOBODY);
  expect(stands(...ruled, review("ann", "comment"))).toEqual(NOBODY);
  expect(stands(...ruled, review("pullbeat", "request-changes"))).toEqual({
    refuse: ["pullbeat"],
    approve: [],
  });
  expect(stands(review("pullbeat", "comment"), review("pullbeat", "request-changes"))).toEqual({
    refuse: ["pullbeat"],
    approve: [],
  });
});
