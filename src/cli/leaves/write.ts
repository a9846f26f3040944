import { AS, DRY, EDIT, NO_PUSH, type Leaf } from "../leaf.ts";

const WRITING = [EDIT, AS, NO_PUSH, DRY] as const;

/** Commands that write a file of the fleet as a commit of yours, on the newest base branch. */
export const WRITE: readonly Leaf[] = [
  {
    usage: "agent new <name>",
    about: "a role to fill in, or a copy of another agent's; paused until you have looked",
    example: 'pullbeat agent new seo --from editor --title "Search editor"',
    options: [
      ["--from <agent>", "copy this agent's spec, with comments"],
      ["--title <text>", "what people call it (from the name)"],
      ["--description <text>", "what it is for, in one sentence"],
      ...WRITING,
    ],
    load: async () => (await import("../agent-new.ts")).agentNew,
  },
  {
    usage: "task new <title>",
    about: "a task, or with --every a duty, for an agent",
    example: 'pullbeat task new "Answer the first questions" --agent faq -m "See mails/."',
    options: [
      ["--agent <name>", "who is to do it; needed where there is more than one"],
      ["-m, --brief <text>", "what is wanted and why (the title)"],
      ["--done <text>", "a fact by which one sees that it is done; again for more", "again"],
      ["--priority <word>", "urgent, high, normal or low"],
      ["--due <day>", "such as 2026-11-30"],
      ["--needs <id>", "a task that comes first, or id=pass; again for more", "again"],
      ["--produces <path>", "a file without which it is not done; again for more", "again"],
      ["--every <schedule>", "makes it a duty: daily 07:00, weekly mon 07:00, ..."],
      ["--id <id>", "an id of your own instead of a random one"],
      ...WRITING,
    ],
    load: async () => (await import("../task-new.ts")).taskNew,
  },
  {
    usage: "task show <id>",
    about: "one task: its state and why, who acts next, needs, pulls, attempts, file and brief",
    example: "pullbeat task show T-8k2f",
    load: async () => (await import("../task-show.ts")).taskShow,
  },
  {
    usage: "task edit <id>",
    about: "change fields of a task and no other byte, or all of it in your editor",
    example: "pullbeat task edit T-8k2f --priority high --due 2026-11-30",
    options: [
      ["--status <word>", "todo, done or dropped"],
      ["--priority <word>", "urgent, high, normal or low"],
      ["--agent <name>", "who is to do it"],
      ["--due <day>", "such as 2026-11-30"],
      ["--title <text>", "another title; the file keeps its name"],
      ["--every <schedule>", "when the duty recurs"],
      ["--file <path>", "take the whole text from this file"],
      ...WRITING,
    ],
    load: async () => (await import("../task-edit.ts")).taskEdit,
  },
  {
    usage: "directive new <title>",
    about: "a standing order, for everybody or for the agents that you name",
    example: 'pullbeat directive new "No launches this week" -m "We move."',
    options: [
      ["-m, --message <text>", "the order itself (the title)"],
      ["--scope <agent>", "whom it binds (everybody); again for more", "again"],
      ["--until <day>", "the last day on which it holds"],
      ...WRITING,
    ],
    load: async () => (await import("../directive-new.ts")).directiveNew,
  },
];
