import type { Leaf } from "../leaf.ts";

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
];
