import { expect, test } from "vitest";
import { protectedBy } from "../../src/domain/clearance/protect.ts";

const config = { protect: ["Legal/**", "price-list.csv"] };

test.each([
  "board/T-8k2f-x.md",
  "reports/lp/a.md",
  "docs/agents.txt",
  "gitignore",
  "data/.hidden",
  "legalese/x.md",
])("agents may write %s", (path) => {
  expect(protectedBy(path, config)).toBeNull();
});

test.each([
  [".github/workflows/tick.yml", ".github/**"],
  [".GitHub/pullbeat.yml", ".github/**"],
  ["．ｇｉｔｈｕｂ/x", ".github/**"],
  [".github./x", ".github/**"],
  ["agents/ceo.md", "agents/**"],
  ["Agents/ceo.md", "agents/**"],
  ["agents", "agents/**"],
  ["board/directives/x.md", "board/directives/**"],
  ["board/Archive/2026-11/T-1.md", "board/archive/**"],
  ["digest/2026-11-22.md", "digest/**"],
  ["CODEOWNERS", "**/CODEOWNERS"],
  ["docs/codeowners", "**/CODEOWNERS"],
  ["a/b/AGENTS.md", "**/AGENTS.md"],
  ["claude.md", "**/CLAUDE.md"],
  [".gitattributes", "**/.git*"],
  ["a/.gitignore", "**/.git*"],
  [".gitmodules", "**/.git*"],
  [".GITMODULES ", "**/.git*"],
  [".gitmodules::$DATA", "**/.git*"],
  [".gi\u200ctattributes", "**/.git*"],
  ["legal/terms.md", "Legal/**"],
  ["Price-List.CSV", "price-list.csv"],
])("agents may not write %j, which %s holds", (path, rule) => {
  expect(protectedBy(path, config)).toBe(rule);
});
