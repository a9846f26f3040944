import { expect, test } from "vitest";
import { moved } from "../adoption.ts";

const snapshot = (name: string): string => `../snapshots/adopt-${name}.md`;

test("a role in prose", async () => {
  const text =
    "# The Market Scout\n\n*You watch* what competitors publish\nand say what matters. You never guess.\n\n- Monday: news\n";
  await expect(await moved("notes/market-scout.md", text)).toMatchFileSnapshot(snapshot("prose"));
});

test("a subagent", async () => {
  const text = `---
name: SEO Specialist
description: Use it for audits. Triggers on: 'seo', 'ranking'
tools: Read, Grep, Bash, WebFetch, mcp__ads__pause
model: haiku
color: blue
hooks:
  PreToolUse: [{ command: "./x.sh" }]
---

You are a specialist. Read {{STATE}} first.
`;
  await expect(await moved(".claude/agents/seo.md", text)).toMatchFileSnapshot(snapshot("subagent"));
});

test("an agentic workflow", async () => {
  const text = `---
name: Weekly Report
on:
  schedule:
    - cron: "30 6 * * 1"
  workflow_dispatch:
  issues: { types: [opened] }
permissions:
  contents: write
engine: { id: codex, model: gpt-5.1-codex-mini }
network: { allowed: ["*"] }
tools:
  edit:
  bash: ["*"]
safe-outputs:
  create-pull-request: { max: 4 }
timeout-minutes: 60
---

# Weekly Report

Look at \${{ github.repository }} and write what happened.
`;
  await expect(await moved(".github/workflows/weekly-report.md", text)).toMatchFileSnapshot(
    snapshot("workflow"),
  );
});

test("an agent of a Paperclip company", async () => {
  const text =
    "---\nname: QA & Release Lead\ntitle: QA & Release Lead\nreportsTo: ceo\nskills: [review]\n---\n\nYou own quality. You ship.\n";
  await expect(await moved("acme/agents/qa-lead/AGENTS.md", text)).toMatchFileSnapshot(snapshot("employee"));
});

test("a task of Backlog.md", async () => {
  const text = `---
id: BACK-4.1
title: 'Board: show "asked" tasks'
status: In Progress
assignee: @joe
created_date: '2025-06-11'
labels: [web, board]
dependencies: [BACK-3]
priority: medium
type: bug
---

## Acceptance Criteria
- [ ] #1 asked tasks are yellow
`;
  await expect(await moved("backlog/tasks/back-4.1 - Board.md", text, "designer")).toMatchFileSnapshot(
    snapshot("task"),
  );
});
