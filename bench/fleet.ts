import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How many agents share the work; that many is what pullbeat is made for. */
export const AGENTS = 37;

/** One task of the measured board, whoever's format it is written in. */
interface Item {
  number: number;
  title: string;
  agent: string;
  priority: "high" | "normal" | "low";
  isDone: boolean;
  /** Numbers of items that must be done first. */
  needs: number[];
  brief: string;
}

const VERBS = ["Grade", "Write", "Shorten", "Compare", "Measure", "Correct", "Translate"];
const THINGS = ["the roofing page", "the June letter", "the price table", "the survey", "the funnel report"];
const WORDS =
  "the page says what it costs and who it is for a reader on a phone sees the number before the form and asks why it differs from last week".split(
    " ",
  );

/** A board of so many tasks: one in ten is done, one in five needs an older one. The same number gives the same board. */
function itemsOf(count: number): Item[] {
  return Array.from({ length: count }, (_, i) => ({
    number: i + 1,
    title: `${VERBS[i % VERBS.length]} ${THINGS[i % THINGS.length]}, part ${i + 1}`,
    agent: agentName(i % AGENTS),
    priority: (["normal", "high", "low", "normal"] as const)[i % 4] ?? "normal",
    isDone: i % 10 === 3,
    needs: i % 5 === 4 ? [i - 1 - (i % 3)] : [],
    brief: Array.from({ length: 120 }, (__, w) => WORDS[(i * 7 + w * 5) % WORDS.length]).join(" "),
  }));
}

export const agentName = (n: number): string => `agent-${String(n + 1).padStart(2, "0")}`;

const CONFIG = `version: 1
roster:
  - { login: ann, emails: [ann@example.com] }
engines:
  openai: { base_url: "http://127.0.0.1:9/v1", model: none }
`;

/** Nobody is due before Monday, so that a tick has nothing to do. */
const specOf = (name: string): string => `---
name: ${name}
description: Works on its part of the board
schedule: weekly mon 07:00
wakes: [slot]
engine: { kind: openai }
reads: [notes/**]
produces: ["reports/${name}/*.md"]
---
Writes one page for each task, in plain words, with a link for each number.
`;

export const idOf = (number: number): string => `task-${number}`;

const taskOf = (item: Item): string => `---
id: ${idOf(item.number)}
title: "${item.title}"
status: ${item.isDone ? "done" : "todo"}
agent: ${item.agent}
priority: ${item.priority}
needs: [${item.needs.map(idOf).join(", ")}]
produces: ["reports/${item.agent}/${item.number}.md"]
---
## Brief

${item.brief}

## Done when

- [ ] the page says it in one sentence
`;

/** A fleet's files by path. */
export function fleetFiles(count: number): Map<string, string> {
  const agents = Array.from({ length: AGENTS }, (_, n) => agentName(n));
  return new Map([
    [".github/pullbeat.yml", CONFIG],
    ["notes/one.md", "A note.\n"],
    ...agents.map((name): [string, string] => [`agents/${name}.md`, specOf(name)]),
    ...itemsOf(count).map((item): [string, string] => [`board/${idOf(item.number)}.md`, taskOf(item)]),
  ]);
}

/** The same items as Backlog.md keeps them; its ids begin with `task-` too. */
export function backlogFiles(count: number): Map<string, string> {
  return new Map(
    itemsOf(count).map((item): [string, string] => {
      const name = `${idOf(item.number)} - ${item.title.replaceAll(/[^A-Za-z0-9]+/g, "-")}.md`;
      return [`backlog/tasks/${name}`, backlogTask(item)];
    }),
  );
}

const backlogTask = (item: Item): string => `---
id: ${idOf(item.number)}
title: '${item.title}'
status: ${item.isDone ? "Done" : "To Do"}
assignee: ['@${item.agent}']
created_date: '2026-11-01'
labels: []
dependencies: [${item.needs.map(idOf).join(", ")}]
priority: ${item.priority === "normal" ? "medium" : item.priority}
---

## Description

${item.brief}

## Acceptance Criteria
<!-- AC:BEGIN -->
- [ ] #1 the page says it in one sentence
<!-- AC:END -->
`;

/** Puts files into a folder. */
export async function put(dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(dir, path))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const queue = [...files];
  const worker = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      await writeFile(join(dir, next[0]), next[1]);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
