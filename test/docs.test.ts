import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pages } from "../docs/generate.ts";
import { LEAVES } from "../src/cli/leaves.ts";

test.each(pages.map((page) => [page.path, page] as const))(
  "%s is what `npm run docs` writes",
  (path, { text }) => {
    expect(readFileSync(path, "utf8")).toBe(text());
  },
);

const lints = spawnSync("mandoc", ["-T", "lint", "docs/man/pullbeat.1"]);

test.skipIf(lints.error !== undefined)("the man page has nothing that mandoc would mend", () => {
  expect(lints.stdout.toString()).toBe("");
});

test("the man page has a line for every command, and none that roff would obey", () => {
  const text = readFileSync("docs/man/pullbeat.1", "utf8");
  for (const { usage } of LEAVES) expect(text).toContain(`.SS pullbeat ${usage.replaceAll("-", "\\-")}\n`);
  const requests = new Set(text.match(/^[.'].\w*/gm));
  expect([...requests].sort()).toEqual([".B", ".EE", ".EX", ".I", ".PP", ".SH", ".SS", ".TH", ".TP"]);
});

test("the page on specs quotes the role that it is about, line by line", () => {
  const role = readFileSync("templates/studio/agents/page-tester.md", "utf8");
  const page = readFileSync("docs/writing-specs.md", "utf8");
  const quoted = [...page.matchAll(/```(?:yaml|markdown)\n([^]*?)```/g)].flatMap(([, block = ""]) =>
    block.trimEnd().split("\n"),
  );
  expect(quoted.length).toBeGreaterThan(15);
  for (const line of quoted) expect(role).toContain(line);
});
