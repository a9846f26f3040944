import { specText, taskText } from "../fleet.ts";
import type { Files } from "../world.ts";
import { LOG } from "./player.ts";
import type { Remains } from "./remains.ts";

// Fleets whose lives are played with crashes in them; `player.ts` says what their agents and their person do.

export interface Story {
  files: Files;
  /** After so many hours nothing is left to do. */
  hours: number;
  /** What it leaves behind, besides what its files say. */
  left: Pick<Remains, "slots" | "attempts" | "controls" | "merges">;
}

const task = (id: string, agent: string, more = ""): Files => ({
  [`board/${id}-it.md`]: taskText(id, agent, `produces: [reports/${id}.md]\n${more}`),
});
const produces = 'produces: ["reports/*.md"]\n';
const escalates = "escalates:\n  - { id: unclear, when: the task is unclear }\n";
const WRITER = { "agents/writer.md": specText("writer", produces + escalates) };
const SLOTS = {
  "agents/daily.md": specText("daily", `schedule: daily 07:00\n${produces}`),
  "agents/idle.md": specText("idle", "schedule: daily 07:00\n"),
  ...task("day", "daily", "every: daily 07:00\n"),
};
const FULL_BOARD = {
  ".github/pullbeat.yml":
    "version: 1\nroster:\n  - login: ann\nlimits: { archive: 1 }\ndigest: { at: off }\n",
  "board/old-it.md": taskText("old", "writer", "status: done\n"),
  "board/older-it.md": taskText("older", "writer", "status: done\n"),
};

const NOTHING: Story["left"] = { slots: [], attempts: [], controls: [], merges: [] };

/** A duty is worked in its slot, approved and merged, while another agent's slot finds nothing to do. */
export const duty: Story = {
  files: SLOTS,
  hours: 1,
  left: {
    slots: ["daily@20261122T0700Z worked", "idle@20261122T0700Z rested"],
    attempts: ["day@20261122T0700Z proposed"],
    controls: [],
    merges: ["day@20261122T0700Z work by ann"],
  },
};

/** A question is asked, answered and merged; then the task is worked, approved and merged. */
export const question: Story = {
  files: { ...WRITER, ...task("ask", "writer") },
  hours: 2,
  left: {
    ...NOTHING,
    attempts: ["ask asked", "ask proposed"],
    merges: ["ask question by ann", "ask work by ann"],
  },
};

/** One task fails twice and is parked; the pull of another one is closed. */
export const failures: Story = {
  files: { ...WRITER, ...task("bad", "writer"), ...task("drop", "writer") },
  hours: 2,
  left: {
    ...NOTHING,
    attempts: ["bad failed engine/server", "bad failed engine/server", "drop proposed"],
    controls: ["close drop by ann", "park bad by pullbeat"],
  },
};

/** Done tasks are moved to the archive. */
export const archive: Story = {
  files: { ...WRITER, ...FULL_BOARD },
  hours: 1,
  left: { ...NOTHING, merges: ["archive-20261122 archive by "] },
};

/** A task is worked and merged, and later, even if that took an hour more, the digest of the day is due. */
export const digest: Story = {
  files: {
    ...WRITER,
    ".github/pullbeat.yml": "version: 1\nroster:\n  - login: ann\ndigest: { at: daily 09:00 }\n",
    ...task("page", "writer"),
  },
  hours: 3,
  left: { ...NOTHING, attempts: ["page proposed"], merges: ["null digest by ", "page work by ann"] },
};

/**
 * What settle does besides: a pull is sent back once; a program judges another; a person edits a task's file while its pull
 * is open; and two pulls add to one log.
 */
export const lane: Story = {
  files: {
    ...WRITER,
    ".github/pullbeat.yml": `version: 1
roster:
  - login: ann
digest: { at: off }
gates:
  links: { kind: command, run: [node, gates/links.mjs], files: [gates/links.mjs] }
require:
  - { path: [reports/gated.md], gates: [links] }
`,
    "gates/links.mjs": "process.exit(0);\n",
    "agents/second.md": specText("second", produces),
    "agents/scribe.md": specText("scribe", `produces: ["reports/*.md", { path: ${LOG}, mode: append }]\n`),
    [LOG]: "task,round\n",
    ...task("again", "second"),
    ...task("gated", "writer"),
    ...task("edit", "writer"),
    ...task("log-a", "scribe"),
    ...task("log-b", "scribe"),
  },
  hours: 2,
  left: {
    ...NOTHING,
    attempts: ["again", "again", "edit", "gated", "log-a", "log-b"].map((id) => `${id} proposed`),
    merges: [
      "again work by ann",
      "edit work by ann",
      "gated work by ann",
      "log-a work by ann",
      `log-b work by ann ${LOG}`,
    ],
  },
};

/** All of this in one fleet, a pull that is sent back once, and what was done meanwhile moved to the archive as well. */
export const everything: Story = {
  files: {
    ...SLOTS,
    ...FULL_BOARD,
    ...question.files,
    ...failures.files,
    ...digest.files,
    ".github/pullbeat.yml":
      "version: 1\nroster:\n  - login: ann\nlimits: { archive: 1 }\ndigest: { at: daily 09:00 }\n",
    "agents/second.md": specText("second", produces),
    ...task("again", "second"),
  },
  hours: 3,
  left: {
    slots: duty.left.slots,
    attempts: [...allOf("attempts"), "again proposed", "again proposed"].toSorted(),
    controls: allOf("controls"),
    merges: [...allOf("merges"), "again work by ann", ...archive.left.merges].toSorted(),
  },
};

function allOf(key: keyof Story["left"]): string[] {
  return [duty, question, failures, archive, digest].flatMap((s) => s.left[key]).toSorted();
}
