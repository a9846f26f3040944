import type { Leaf } from "../leaf.ts";

/** Commands that show what stands and what happened. */
export const LOOK: readonly Leaf[] = [
  {
    usage: "digest",
    about: "what you must know now: decide, stuck, landed, failed, spent, next",
    example: "pullbeat digest",
    options: [
      ["--date <day>", "the one that was published on this day, such as 2026-11-23"],
      ["--publish", "publish today's now, as digest/<date>.md"],
    ],
    load: async () => (await import("../digest.ts")).digest,
  },
  {
    usage: "board",
    about: "the tasks of the work tree, with their states",
    example: "pullbeat board --agent editor",
    options: [
      ["--agent <name>", "only this agent's"],
      ["--all", "done and dropped ones too"],
    ],
    load: async () => (await import("../board.ts")).board,
  },
  {
    usage: "agents",
    about: "the timetable: each agent's last beat, next slot, spending today, state, and why it rests",
    example: "pullbeat agents",
    options: [["--rates", "how often each asked, was sent back, stalled, failed or was parked"]],
    load: async () => (await import("../agents.ts")).agents,
  },
  {
    usage: "next <agent>",
    about: "the task that this agent would work on first now; as the remote has it",
    example: "pullbeat next editor --limit 3",
    options: [["--limit <n>", "how many (1)"]],
    load: async () => (await import("../next.ts")).next,
  },
  {
    usage: "log",
    about: "the beats of the journal, newest first",
    example: "pullbeat log --agent ceo --limit 5",
    options: [
      ["--agent <name>", "only this agent's"],
      ["--limit <n>", "how many (20)"],
    ],
    load: async () => (await import("../log.ts")).log,
  },
  {
    usage: "log show <beat>",
    about: "one beat, `<agent>@<slot>`: what it did, saw, believed and cost",
    example: "pullbeat log show ceo@20261123T0700Z --prompt",
    options: [["--prompt", "every request, byte for byte"]],
    load: async () => (await import("../log-show.ts")).logShow,
  },
  {
    usage: "verify <files...>",
    about: "hold what pages state against the places that they link to",
    example: "pullbeat verify reports/week.md --strict",
    options: [
      ["--base <rev>", "read the sources at this commit (the work tree)"],
      ["--strict", "also find numbers that no link proves"],
      ["--identity <on|off>", "the record that a number belongs to must be named beside it (on)"],
    ],
    load: async () => (await import("../verify.ts")).verify,
  },
];
