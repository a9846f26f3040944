import { AS, type Leaf } from "../leaf.ts";

/** Commands about how much approval a change needs. */
export const POLICY: readonly Leaf[] = [
  {
    usage: "policy explain <pull>",
    about: "why a pull merges or does not: which rule, which fact, what is missing",
    example: "pullbeat policy explain 3",
    load: async () => (await import("../policy.ts")).explain,
  },
  {
    usage: "policy try",
    about: "what would follow if somebody said something now; writes nothing",
    example: "pullbeat policy try --pull 3 --as ann --approve",
    options: [
      ["--pull <number>", "the pull"],
      AS,
      ["--approve", "they approve it; a question they answer"],
      ["--request-changes", "they ask for changes"],
    ],
    load: async () => (await import("../policy.ts")).tryOut,
  },
  {
    usage: "policy lint",
    about: "what is wrong with the policy of the work tree; part of check",
    example: "pullbeat policy lint",
    load: async () => (await import("../policy.ts")).lintPolicy,
  },
];
