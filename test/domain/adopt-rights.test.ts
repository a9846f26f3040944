import * as fc from "fast-check";
import { expect, test } from "vitest";
import { kindOf } from "../../src/domain/adopt/kind.ts";
import type { Draft } from "../../src/domain/adopt/source.ts";
import { ToolName } from "../../src/domain/spec.ts";
import { source } from "../adoption.ts";

function draft(file: string, front: string): Draft {
  const given = source(file, `---\n${front}\n---\nYou write reports.\n`);
  const kind = kindOf(given);
  if (typeof kind === "string" || kind.makes !== "spec")
    throw new Error(`not a spec: ${JSON.stringify(kind)}`);
  const drafted = kind.draft(given);
  if (!drafted.ok) throw new Error(drafted.refusal.message);
  return drafted.draft;
}

const valueOf = (d: Draft, key: string): unknown => d.fields.find((f) => f.key === key)?.value;
const rules = (d: Draft): string[] => d.notes.map((n) => n.rule);

const SUBAGENT = "name: writer\ndescription: Writes reports";
const ALWAYS = ["note", "escalate", "finish"];

test("tools that ours can stand for are mapped", () => {
  const d = draft(".claude/agents/writer.md", `${SUBAGENT}\ntools: Read, Glob, Grep, Write, MultiEdit`);
  expect(valueOf(d, "tools")).toEqual(["read", "list", "search", "write", "edit", ...ALWAYS]);
  expect(d.notes).toEqual([]);
});

test.each([
  "Bash",
  "WebFetch",
  "mcp__github__create_issue",
  "Task",
  "create_task",
  "*",
  "Bash(git log:*)",
  "Read(../**)",
])("the tool %s maps to nothing and is named at its place", (tool) => {
  const d = draft(".claude/agents/writer.md", `${SUBAGENT}\ntools: Grep, ${tool}`);
  expect(valueOf(d, "tools")).toEqual(["search", ...ALWAYS]);
  expect(d.notes).toMatchObject([{ rule: "adopt/no-right", line: 4, column: 8 }]);
  expect(d.notes[0]?.message).toContain(JSON.stringify(tool));
});

test("a file that lists no tools gets those that look, and one that lists none gets none", () => {
  expect(valueOf(draft("a.md", SUBAGENT), "tools")).toEqual(["read", "list", "search", ...ALWAYS]);
  expect(valueOf(draft("a.md", `${SUBAGENT}\ntools: []`), "tools")).toEqual(ALWAYS);
});

test("what is forbidden there is not granted here", () => {
  const d = draft("a.md", `${SUBAGENT}\ntools: Read, Write, Edit\ndisallowedTools: Write, Read(secrets/**)`);
  expect(valueOf(d, "tools")).toEqual(["edit", ...ALWAYS]);
});

test.each(["tools: { read: true }", "tools: [[Read]]", "tools: true", "disallowedTools: { a: 1 }"])(
  "a list of tools that cannot be read grants nothing: %s",
  (line) => {
    const d = draft("a.md", `${SUBAGENT}\n${line}`);
    expect(valueOf(d, "tools")).toEqual(ALWAYS);
    expect(rules(d)).toEqual(["adopt/no-right"]);
  },
);

test("who is switched off there is paused here", () => {
  expect(valueOf(draft("a.md", `${SUBAGENT}\ndisabled: true`), "status")).toBe("paused");
});

test.each([
  "permissions: write-all",
  "permissions: { contents: write }",
  "network: { allowed: ['*'] }",
  "mcp-servers: { x: { command: sh } }",
  "safe-outputs: { create-pull-request: }",
  "jobs: { x: { steps: [] } }",
  "env: { TOKEN: x }",
])("a workflow's %s gives nothing and is named", (line) => {
  const d = draft("w.md", `on: push\n${line}`);
  expect(d.fields.map((f) => f.key)).not.toContain(line.split(":", 1)[0]);
  expect(rules(d)).toContain("adopt/no-right");
});

test.each([
  "produces: ['**']",
  "reads: ['**']",
  "engine: echo",
  "gates: []",
  "budget: { day: { usd: 1000 } }",
  "wakes: [slot]",
  "status: active",
  "escalates: []",
])("a key of ours in a foreign file is not taken for ours: %s", (line) => {
  const d = draft("a.md", `${SUBAGENT}\n${line}`);
  expect(valueOf(d, "produces")).toEqual([]);
  expect(valueOf(d, "reads")).toEqual([]);
  expect(valueOf(d, "engine")).toEqual({ kind: "openai" });
  expect(d.fields.map((f) => f.key)).not.toContain("budget");
  expect(rules(d)).toEqual(["adopt/not-carried"]);
});

test("a spec that is ours already, command engine and all, does not come in this way", () => {
  const own = source("x/a.md", `---\n${SUBAGENT}\nengine: { kind: command, run: [sh] }\n---\n`);
  expect(kindOf(own)).toMatch(/spec of pullbeat already/);
});

test("a workflow whose schedule ends some day does not run for ever here", () => {
  const d = draft("w.md", "on:\n  schedule: hourly\n  stop-after: +48h");
  expect(valueOf(d, "schedule")).toBe("on-demand");
  expect(rules(d)).toEqual(["adopt/schedule", "adopt/trigger"]);
});

test("whatever front matter says, a draft reads the board, writes nothing and asks the config's model", () => {
  const word = fc.constantFrom(
    "name",
    "description",
    "tools",
    "on",
    "engine",
    "reads",
    "produces",
    "permissions",
    "x",
  );
  const value = fc.constantFrom(
    "a",
    "'*'",
    "[Read, Bash]",
    "{ write: true }",
    "write-all",
    "['**']",
    "true",
    "7",
    "",
  );
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(word, value), { selector: ([key]) => key }), (pairs) => {
      const given = source(
        "a.md",
        `---\nx-a: 1\n${pairs.map(([k, v]) => `${k}: ${v}\n`).join("")}---\nWords.\n`,
      );
      const kind = kindOf(given);
      if (typeof kind === "string" || kind.makes !== "spec") return;
      const drafted = kind.draft(given);
      if (!drafted.ok) return;
      expect(valueOf(drafted.draft, "reads")).toEqual([]);
      expect(valueOf(drafted.draft, "produces")).toEqual([]);
      expect(valueOf(drafted.draft, "engine")).toEqual({ kind: "openai" });
      const tools = ToolName.array().parse(valueOf(drafted.draft, "tools"));
      expect(tools).not.toContain("create_task");
      // Every key is either in the draft or named.
      const keys = pairs
        .map(([key]) => key)
        .filter((key) => !["name", "description", "tools", "on"].includes(key));
      const told = drafted.draft.notes.map((n) => n.message).join("\n");
      for (const key of ["x-a", ...keys]) expect(told).toContain(JSON.stringify(key));
    }),
  );
});
