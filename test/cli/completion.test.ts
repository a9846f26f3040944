import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { candidates, wordsOf } from "../../src/cli/complete.ts";
import { LEAVES } from "../../src/cli/leaves.ts";
import type { Glance, Glimpse } from "../../src/port/glance.ts";
import { specText, taskText } from "../fleet.ts";
import { makeWorld } from "../world.ts";
import { pullbeat } from "./cli.ts";

const names = async (...all: string[]): Promise<Glimpse[]> => all.map((name) => ({ name, about: "" }));
const glance: Glance = {
  agents: () => names("ceo", "writer", "$(reboot)", "a;b", "-x"),
  tasks: () => names("T-8k2f", "first"),
  pulls: () => names("1", "2", "10"),
  beats: () => names("ceo@20261123T0700Z"),
  people: () => names("ann"),
};

async function offered(line: string, of: Glance = glance): Promise<string> {
  const found = await candidates(wordsOf(line).slice(1), LEAVES, async () => of);
  return found === "files" ? "<files>" : found.map((f) => f.name).join(" ");
}

test.each([
  ["pullbeat pl", "plan"],
  ["pullbeat pull ap", "approve"],
  ["pullbeat pull show ", "1 2 10"],
  ["pullbeat pull show 1", "1 10"],
  ["pullbeat pull show 1 ", ""],
  ["pullbeat log s", "show"],
  ["pullbeat log show ", "ceo@20261123T0700Z"],
  ["pullbeat log show --p", "--prompt"],
  ["pullbeat pause w", "writer"],
  ["pullbeat pause writer ce", "ceo"],
  ["pullbeat pause f", "first fleet"],
  ["pullbeat pause writer --why 'a b' ce", "ceo"],
  ["pullbeat tick --agent ", "ceo writer"],
  ["pullbeat tick --task T", "T-8k2f"],
  ["pullbeat tick --ag", "--agent"],
  ["pullbeat pull approve 1 --as ", "ann"],
  ["pullbeat init --template ", "blank studio"],
  ["pullbeat init --remote ", "local"],
  ["pullbeat check --format ", "text github"],
  ["pullbeat completion ", "bash zsh fish"],
  ["pullbeat -C ../x pla", "plan"],
  ["pullbeat help pull cl", "close"],
  ["pullbeat check -C ", "<files>"],
  ["pullbeat adopt ", "<files>"],
  ["pullbeat nonsense ", ""],
  ["pullbeat pause -- ce", "ceo"],
])("behind `%s` stands %s", async (line, expected) => {
  expect(await offered(line)).toBe(expected);
});

test("every command can be reached by completing one word after the other", async () => {
  for (const { usage } of LEAVES) {
    const words = usage.replace(/ [<[].*$/, "").split(" ");
    for (const [i, word] of words.entries()) {
      const before = ["pullbeat", ...words.slice(0, i), ""].join(" ");
      expect((await offered(before)).split(" ")).toContain(word);
    }
  }
});

test("a clone that cannot be read offers nothing, and says nothing", async () => {
  const broken: Glance = { ...glance, tasks: () => Promise.reject(new Error("gone")) };
  expect(await offered("pullbeat pause ", broken)).toBe("ceo writer fleet");
});

const FILES = {
  "agents/writer.md": specText("writer"),
  "agents/proof-reader.md": specText("proof-reader"),
  "board/one.md": taskText("one", "writer"),
  "board/T-8k2f-words.md": taskText("T-8k2f", "writer"),
};

/** A world where `pullbeat` is on the path, with a pull of number 12 and a beat that the remote was read with. */
async function place(): Promise<{ run: (shell: string, script: string) => string }> {
  const world = await makeWorld({ files: FILES });
  const bin = join(world.dir, "bin");
  await mkdir(bin);
  const main = join(import.meta.dirname, "../../src/main.ts");
  await writeFile(join(bin, "pullbeat"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(join(bin, "pullbeat"), 0o755);
  await world.git("-C", world.clone, "update-ref", "refs/pullbeat/pulls/12", "HEAD");
  const env = { ...world.env, PATH: `${bin}:${world.env["PATH"]}` };
  return {
    run(shell, script) {
      const { stdout, stderr } = spawnSync(shell, ["-c", script], { cwd: world.clone, env });
      expect(stderr.toString()).toBe("");
      return stdout.toString().trim();
    },
  };
}

/** What bash's function leaves for a line, as bash calls it. */
const inBash = (line: string): string => `
  source <(pullbeat completion bash)
  complete -p pullbeat >/dev/null || exit 1
  COMP_LINE='${line}' COMP_POINT=${line.length}
  _pullbeat pullbeat
  echo "\${COMPREPLY[*]}"`;

test(
  "bash completes commands, agents, tasks and pulls of the clone where it stands",
  { timeout: 60_000 },
  async () => {
    const { run } = await place();
    expect(run("bash", inBash("pullbeat pull me"))).toBe("merge");
    expect(run("bash", inBash("pullbeat pause pr"))).toBe("proof-reader");
    expect(run("bash", inBash("pullbeat close "))).toBe("T-8k2f one");
    expect(run("bash", inBash("pullbeat pull show "))).toBe("12");
    expect(run("bash", inBash("pullbeat -C /nowhere pause w"))).toBe("");
  },
);

test("bash, which breaks words at an @, is given what stands behind it", async () => {
  const world = await makeWorld({ files: FILES });
  const record = "beats/2026/11/23/writer@20261123T0700Z/record.json";
  await mkdir(join(world.clone, record, ".."), { recursive: true });
  await writeFile(join(world.clone, record), "{}");
  await world.git("-C", world.clone, "add", "--all");
  await world.git("-C", world.clone, "commit", "--quiet", "--message", "a beat");
  await world.git("-C", world.clone, "update-ref", "refs/remotes/origin/pullbeat/journal", "HEAD");
  const line = ["__complete", "line", " @:=", "pullbeat log show writer@2026"];
  expect((await pullbeat(world, line)).out).toBe("words\n20261123T0700Z\n");
  expect((await pullbeat(world, ["__complete", "words", "log", "show", "w"])).out).toBe(
    "words\nwriter@20261123T0700Z\t\n",
  );
});

const has = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).status === 0;

test.skipIf(!has("fish"))("fish completes the same, and says what it is", { timeout: 60_000 }, async () => {
  const { run } = await place();
  const fish = (line: string): string => `pullbeat completion fish | source; complete -C '${line}'`;
  expect(run("fish", fish("pullbeat pull me"))).toBe("merge\tapprove the present head and merge it now");
  expect(run("fish", fish("pullbeat pause pr"))).toMatch(/^proof-reader\t/);
});

test.skipIf(!has("zsh"))("zsh takes its script without a word", async () => {
  const { run } = await place();
  const script =
    "autoload -Uz compinit; compinit -u -D; source <(pullbeat completion zsh); echo $_comps[pullbeat]";
  expect(run("zsh", script)).toBe("_pullbeat");
});
