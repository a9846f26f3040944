import { AS, HEAD, WHY, type Leaf } from "../leaf.ts";

/** Commands of `pull`: look at one, decide about it. */
export const PULL: readonly Leaf[] = [
  {
    usage: "pull list",
    about: "the pulls that are open, and who each waits for",
    example: "pullbeat pull list",
    load: async () => (await import("../pull.ts")).list,
  },
  {
    usage: "pull show <number>",
    about: "intent, changes, reasons, verdicts, cost, and how to decide",
    example: "pullbeat pull show 3",
    load: async () => (await import("../pull.ts")).showPull,
  },
  {
    usage: "pull diff <number>",
    about: "what the pull changes, line by line",
    example: "pullbeat pull diff 3",
    load: async () => (await import("../pull.ts")).diff,
  },
  {
    usage: "pull approve <number>",
    about: "approve the present head; the next settle or tick merges it",
    example: "pullbeat pull approve 3",
    options: [AS, HEAD, ["-m, --message <text>", "what you want to say"]],
    load: async () => (await import("../decide.ts")).approve,
  },
  {
    usage: "pull merge <number>",
    about: "approve the present head and merge it now",
    example: "pullbeat pull merge 3",
    options: [AS, HEAD, ["-m, --message <text>", "what you want to say"]],
    load: async () => (await import("../decide.ts")).merge,
  },
  {
    usage: "pull request-changes <number>",
    about: "send it back to its agent, with what must change",
    example: 'pullbeat pull request-changes 3 -m "name the source of the second number"',
    options: [AS, ["-m, --message <text>", "what must change"]],
    load: async () => (await import("../decide.ts")).requestChanges,
  },
  {
    usage: "pull answer <number> <text>",
    about: "answer an agent's question; the answer lands in the task's file",
    example: 'pullbeat pull answer 4 "leave the old page up until Friday"',
    options: [AS],
    load: async () => (await import("../decide.ts")).answer,
  },
  {
    usage: "pull close <number>",
    about: "close it unmerged; its task is parked until you unpark or edit it",
    example: 'pullbeat pull close 3 --why "we dropped this page"',
    options: [AS, WHY],
    load: async () => (await import("../decide.ts")).close,
  },
];
