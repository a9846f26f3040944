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
  {
    claim: "whoever hides behind GitHub's address for them does not approve their own work",
    file: "src/domain/clearance/authors.ts",
    code: " || fold(p.login) === hidden)",
    without: " || (hidden === email && fold(p.login) === hidden))",
    test: "test/domain/authors.test.ts",
    named: "people are known by their addresses and by those that GitHub gives them",
  },
  {
    claim: "whoever commits with the fleet's address does not approve their own work",
    file: "src/flow/verdict/authors.ts",
    code: '(pull.kind !== "work" && [',
    without: "([",
    test: "test/flow/settle-attacks.test.ts",
    named: "not as the fleet's address",
  },
  {
    claim: "whoever commits with an unknown address does not approve their own work",
    file: "src/domain/clearance/consent.ts",
    code: "least > 0 && voices.stranger ? least + 1 : least",
    without: "voices.stranger ? least : least",
    test: "test/domain/clearance.test.ts",
    named: "one approval where nobody knows whose a commit is does not merge",
  },
];
