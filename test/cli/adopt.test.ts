import { expect, test } from "vitest";
import { adopt } from "../../src/cli/adopt.ts";
import type { Shell } from "../../src/cli/shell.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { makeWorld, type World } from "../world.ts";

const same = (shown: string): string => shown;

/** A terminal that nobody looks at, with the lines that it got. */
function plainTerminal(): Terminal & { lines: string[] } {
  const lines: string[] = [];
  const styles = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
  const out = (line: string): void => void lines.push(line);
  return { ...styles, lines, columns: 0, out, raw: out, command: out, err() {}, progress() {} };
}

const FILES = {
  ".claude/agents/w.md": "---\nname: writer\ndescription: Writes\ntools: Read, Bash\n---\n\nYou write.\n",
  "backlog/tasks/back-1 - Mow.md": "---\nid: BACK-1\ntitle: Mow\nstatus: To Do\nlabels: [a]\n---\n\nDo it.\n",
  "backlog/tasks/back-2 - Rest.md": "---\nid: BACK-2\ntitle: Rest\nstatus: Someday\n---\n\nDo it.\n",
};

/** `pullbeat adopt <names>` in a clone, with what it printed. */
async function typed({ clone }: World, names: readonly string[], options: Parameters<typeof adopt>[2] = {}) {
  const terminal = plainTerminal();
  const shell: Shell = {
    dir: clone,
    json: options.json ?? false,
    now: null,
    terminal,
    open: () => Promise.reject(new Error("adopt needs no remote")),
    email: () => Promise.resolve(null),
  };
  const code = await adopt(shell, names, options);
  return { code, out: terminal.lines.join("\n") };
}

test("what became of each file is told, with places, and a refusal is exit code 1", async () => {
  const world = await makeWorld({ files: FILES });
  const { code, out } = await typed(world, [".claude/agents", "backlog"], { agent: "writer" });
  expect(code).toBe(1);
  await expect(`${out}\n`).toMatchFileSnapshot("../snapshots/adopt-report.md");
  expect((await typed(world, [".claude/agents"])).code).toBe(0);
});

test("--dry-run writes nothing and says so, and --json holds the lists and their counts", async () => {
  const world = await makeWorld({ files: FILES });
  const { code, out } = await typed(world, ["backlog"], { agent: "writer", dryRun: true, json: true });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    dryRun: true,
    created: [{ from: "backlog/tasks/back-1 - Mow.md", to: "board/back-1-mow.md" }],
    unchanged: [],
    refused: [{ file: "backlog/tasks/back-2 - Rest.md", line: 4, column: 9, rule: "adopt/status" }],
    counts: { given: 2, created: 1, unchanged: 0, refused: 1 },
  });
  expect(await world.git("status", "--porcelain")).toBe("");
  expect((await typed(world, ["backlog"], { agent: "writer", dryRun: true })).out).toContain(
    "would create board/back-1-mow.md",
  );
});

test("an agent's name that cannot be one is a mistake of the caller", async () => {
  const world = await makeWorld({ files: FILES });
  await expect(typed(world, ["backlog"], { agent: "@joe" })).rejects.toMatchObject({ code: "usage" });
});
