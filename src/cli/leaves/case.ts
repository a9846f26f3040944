import { AS, DRY, NO_PUSH, type Leaf } from "../leaf.ts";

/** Commands that keep what went wrong, and play it again. */
export const CASE: readonly Leaf[] = [
  {
    usage: "case add <pull>",
    about: "keep what an agent did wrong on a pull, or with --good what must stay right, to be played again",
    example: 'pullbeat case add 3 --why "the rate of another campaign" --lacks "41%"',
    options: [
      ["--good", "keep what is right about a merged pull"],
      ["--why <text>", "what was wrong, better than it was said then"],
      [
        "--lacks <text>",
        "words of it that were wrong: whoever says them did it again; again for more",
        "again",
      ],
      ["--says <text>", "with --good: words that it must say; again for more", "again"],
      AS,
      NO_PUSH,
      DRY,
    ],
    load: async () => (await import("../case-add.ts")).caseAdd,
  },
  {
    usage: "case run [agent]",
    about: "play an agent's cases, or everybody's, and see whether today's gates catch them",
    example: "pullbeat case run editor",
    options: [
      ["--case <name>", "only this one"],
      ["--spec <file>", "as if this spec were merged"],
      ["--pull <number>", "as if this pull were merged"],
      ["--live", "ask the model too, with the spec of then and that of now; this costs money"],
      ["--times <n>", "with --live: how often each spec is tried (1)"],
    ],
    load: async () => (await import("../case-run.ts")).caseRun,
  },
];
