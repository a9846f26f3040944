import { AS, WHY, UNTIL, type Leaf } from "../leaf.ts";

/** A person's verbs: they take effect at once. */
export const CONTROL: readonly Leaf[] = [
  {
    usage: "pause <targets...>",
    about: "no work by these agents, on these tasks, or by `fleet`; slots meanwhile are not due",
    example: 'pullbeat pause editor --why "holidays" --until 2026-12-01T07:00:00Z',
    options: [AS, WHY, UNTIL],
    load: async () => (await import("../control.ts")).control("pause"),
  },
  {
    usage: "resume <targets...>",
    about: "end a pause or a hold of these agents or tasks, or of `fleet`",
    example: "pullbeat resume editor",
    options: [AS, WHY],
    load: async () => (await import("../control.ts")).control("resume"),
  },
  {
    usage: "hold <targets...>",
    about: "nothing of these tasks or agents, or of `fleet`, merges",
    example: 'pullbeat hold fleet --why "release week"',
    options: [AS, WHY, UNTIL],
    load: async () => (await import("../control.ts")).control("hold"),
  },
  {
    usage: "park <targets...>",
    about: "do not try these tasks, or all that an agent has now; until somebody unparks or edits them",
    example: "pullbeat park T-8k2f",
    options: [AS, WHY, UNTIL],
    load: async () => (await import("../control.ts")).control("park"),
  },
  {
    usage: "unpark [targets...]",
    about:
      "try these tasks, or all of an agent or of `fleet`, again: parked ones, and merged ones that were set back to todo",
    example: "pullbeat unpark T-8k2f",
    options: [["--all", "every task that is parked now"], AS, WHY],
    load: async () => (await import("../control.ts")).control("unpark"),
  },
  {
    usage: "release <targets...>",
    about: "take claims of these tasks or agents away from their holders",
    example: "pullbeat release T-8k2f",
    options: [AS, WHY],
    load: async () => (await import("../control.ts")).control("release"),
  },
  {
    usage: "close <tasks...>",
    about:
      "drop what is under way: close the open pulls of these tasks, and park them until somebody unparks or edits them",
    example: 'pullbeat close T-8k2f --why "not this quarter"',
    options: [AS, WHY],
    load: async () => (await import("../control.ts")).control("close"),
  },
  {
    usage: "reassign <task> <agent>",
    about:
      "give a task, its open pull's next round too, to another agent; until its file names somebody else",
    example: 'pullbeat reassign T-8k2f editor --why "the writer is on leave"',
    options: [AS, WHY, UNTIL],
    load: async () => (await import("../control.ts")).control("reassign"),
  },
];
