import type { Defence } from "./defence.ts";

/** What no grant lets in, and whose approval counts. */
export const GRANTS: readonly Defence[] = [
  {
    claim: "no grant lets in another brief",
    file: "src/domain/clearance/tier.ts",
    code: '  ...lift("brief", "human", rewritten(facts)),\n',
    without: "",
    test: "test/domain/clearance.test.ts",
    named: "another brief where a grant speaks does not merge",
  },
  {
    claim: "no grant lets in another brief, as git tells it",
    file: "src/flow/verdict/brief.ts",
    code: "return before === null || after === null || !keepsBrief(before, after);",
    without: "return before === null || after === null;",
    test: "test/flow/grant.test.ts",
    named: "another brief waits for a person",
  },
  {
    claim: "a line inside a brief is another brief",
    file: "src/domain/board/brief.ts",
    code: "now[i] === line ||",
    without: "now.includes(line) ||",
    test: "test/domain/brief.test.ts",
    named: "what was wanted is another thing after a line inside it",
  },
  {
    claim: "a grant lets in as many a day as it says, also what a raise sends to a review",
    file: "src/domain/clearance/past.ts",
    code: "!isAbove(policy.default, clearance.tier)",
    without: 'clearance.tier !== "routine"',
    test: "test/domain/past.test.ts",
    named: "a lift that brings no person takes no merge out of the count",
  },
];
