import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readScript } from "../../src/model/script.ts";
import { parseText } from "../../src/store/leaf.ts";

const readme = readFileSync("README.md", "utf8");

/** The fenced block behind the words that say where to save it. */
function example(path: string): string {
  const from = readme.indexOf(`\`${path}\``);
  return /```\w+\n([\s\S]*?)```/.exec(readme.slice(from))?.[1] ?? "";
}

test("what the README tells people to save is accepted as it is", () => {
  for (const [kind, path] of [
    ["config", ".github/pullbeat.yml"],
    ["agent", "agents/faq.md"],
    ["task", "board/first-questions.md"],
  ] as const)
    expect(parseText(kind, { path, blob: "", text: example(path) })).toMatchObject({ kind });
});

const scripts = readdirSync("fleet/scripts").filter((name) => name.endsWith(".jsonl"));

test.each(scripts)("%s is a script, and calls only tools that its agent has", (name) => {
  const path = `agents/${name.replace(".jsonl", ".md")}`;
  const agent = parseText("agent", { path, blob: "", text: readFileSync(path, "utf8") });
  const spec = agent.kind === "agent" ? agent.file.spec : null;
  const tools: readonly string[] = [...(spec?.tools ?? []), ...(spec?.grades === undefined ? [] : ["grade"])];
  const rounds = [...readScript(readFileSync(`fleet/scripts/${name}`, "utf8"), name).values()].flat();
  const called = rounds.flat().flatMap((reply) => ("calls" in reply ? reply.calls : []));
  expect(called.map((call) => call.name).filter((tool) => !tools.includes(tool))).toEqual([]);
});
