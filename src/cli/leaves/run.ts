import { AS, type Leaf } from "../leaf.ts";

/** Commands that make the fleet work. */
export const RUN: readonly Leaf[] = [
  {
    usage: "plan",
    about: "what a tick would do now, and why; writes nothing",
    example: "pullbeat plan --now 2026-11-23T07:00:00Z",
    options: [["--month", "what the next 30 days on GitHub Actions would take instead"]],
    load: async () => (await import("../tick.ts")).plan,
  },
  {
    usage: "tick",
    about: "settle what is open, decide who is due, let them work",
    example: "pullbeat tick",
    options: [
      ["--agent <name>", "one beat of this agent by hand"],
      ["--task <id>", "with --agent: on this task"],
    ],
    load: async () => (await import("../tick.ts")).tick,
  },
  {
    usage: "beat <agent>",
    about: "try a spec: one real beat of which nothing is claimed and nothing published",
    example: "pullbeat beat newcomer --spec agents/newcomer.md --dry-run",
    options: [
      ["--dry-run", "say that it is one; a beat that counts is `tick --agent`"],
      ["--task <id>", "on this task, even if the plan is against it"],
      ["--spec <file>", "by this spec, merged or not, instead of the tip's"],
      ["--full", "the whole request, all answers, the whole diff"],
    ],
    load: async () => (await import("../beat.ts")).beat,
  },
  {
    usage: "settle",
    about: "merge what is approved, close what is closed, park what is stuck; safe at any time",
    example: "pullbeat settle",
    load: async () => (await import("../settle.ts")).settle,
  },
  {
    usage: "calibrate <grader>",
    about:
      "try a grader on accepted work, with and without known faults; the result decides how far its word counts",
    example: "pullbeat calibrate lp-tester --works 3",
    options: [
      [
        "--pulls <numbers>",
        "on these merged pulls, such as 3,7; without it, on the newest that its gates judge",
      ],
      ["--works <n>", "accepted works at most, each asked about up to five times (5)"],
      ["--seed <n>", "which faults are put in follows from it (1)"],
      ["--dry-run", "say which faults those would be, ask nobody, write nothing"],
      AS,
    ],
    load: async () => (await import("../calibrate.ts")).calibrate,
  },
];
