import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFleet, specText, taskText } from "../fleet.ts";
import { pullbeat } from "./cli.ts";

interface Size {
  agents: number;
  tasks: number;
  archived: number;
}

/** The git commands that a command line starts by itself, one process each. */
async function gitsOf({ agents, tasks, archived }: Size, args: readonly string[]): Promise<string[]> {
  const named = (n: number): string => `agent-${n}`;
  const many = (count: number, file: (n: number) => [string, string]): [string, string][] =>
    Array.from({ length: count }, (_, n) => file(n));
  const owner = (n: number): string => named(n % agents);
  const files = Object.fromEntries([
    ...many(agents, (n) => [
      `agents/${named(n)}.md`,
      specText(named(n), "schedule: weekly mon 07:00\nwakes: [slot]\n"),
    ]),
    ...many(tasks, (n) => [
      `board/t${n}-it.md`,
      taskText(`t${n}`, owner(n), n > 0 ? `needs: [t${n - 1}, a${n}]\n` : ""),
    ]),
    ...many(archived, (n) => [
      `board/archive/2026-11/a${n}-it.md`,
      taskText(`a${n}`, owner(n), "status: done\n"),
    ]),
  ]);
  const world = await makeFleet({ at: "2026-11-25T12:00:00Z", files });
  // A clone of a remote that has a commit notes this by itself.
  await world.git("remote", "set-head", "origin", "main");
  const log = join(world.dir, "gits");
  const real = (world.env["PATH"] ?? "").split(":").map((dir) => join(dir, "git"));
  await writeFile(
    join(world.dir, "git"),
    `#!/bin/sh\necho "$@" >> ${log}\nfor g in ${real.join(" ")}; do [ -x "$g" ] && exec "$g" "$@"; done\n`,
  );
  await chmod(join(world.dir, "git"), 0o755);
  const env = { PATH: `${world.dir}:${world.env["PATH"] ?? ""}` };
  const before = await world.far("for-each-ref");
  expect(await pullbeat(world, args, { env })).toMatchObject({ code: 0, err: "" });
  expect(await world.far("for-each-ref")).toBe(before);
  const lines = (await readFile(log, "utf8")).trim().split("\n");
  return lines.map((line) => /--no-replace-objects (?:--\S+ )?(\S+)/.exec(line)?.[1] ?? line).toSorted();
}

const SMALL = { agents: 2, tasks: 3, archived: 2 };
const LARGE = { agents: 40, tasks: 400, archived: 300 };

test.each([[["tick"]], [["plan"]], [["settle"]], [["next", "agent-0"]], [["board"]]])(
  "%j with nothing to do starts as many git processes for a small fleet as for a large one",
  async (args) => {
    const small = await gitsOf(SMALL, args);
    expect(await gitsOf(LARGE, args)).toEqual(small);
  },
);

test("an idle tick of a fleet without a journal starts eight git processes", async () => {
  // The first one looks which forge there is.
  expect(await gitsOf(SMALL, ["tick"])).toEqual([
    "cat-file",
    "cat-file",
    "fetch",
    "for-each-ref",
    "log",
    "ls-tree",
    "rev-parse",
    "version",
  ]);
});
