import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { backlogFiles, put } from "./fleet.ts";
import type { Command } from "./measure.ts";

/** What pullbeat is compared with: the board in markdown that most people know. */
const PEER = "backlog.md@1.52.0";

/** Installed once, beside the measurements and outside of git. */
const HOME = join(import.meta.dirname, ".peer");

/** Everything that costs time and is not asked for is off: no fetch, no other branches, no commit of its own. */
const SETTINGS = `project_name: "bench"
default_status: "To Do"
statuses: ["To Do", "In Progress", "Done"]
labels: []
milestones: []
date_format: yyyy-mm-dd
remote_operations: false
check_active_branches: false
auto_commit: false
auto_open_browser: false
task_prefix: "task"
`;

export interface Peer {
  name: string;
  version: Command;
  /** The next task that is ready. */
  next: Command;
  /** A task's status goes back and forth. */
  change: (round: number) => Command;
}

/** The same items in the peer's format and a repository of its own. Null, with a word, when it cannot be installed. */
export async function makePeer(dir: string, count: number): Promise<Peer | null> {
  const bin = join(HOME, "node_modules/.bin/backlog");
  if (!existsSync(bin) && !(await install())) return null;
  const cwd = join(dir, `peer-${count}`);
  await put(cwd, new Map([...backlogFiles(count), ["backlog/config.yml", SETTINGS]]));
  const run = promisify(execFile);
  const who = ["-c", "user.name=ann", "-c", "user.email=ann@example.com"];
  await run("git", ["init", "--quiet"], { cwd });
  await run("git", ["add", "--all"], { cwd });
  await run("git", [...who, "commit", "--quiet", "--message=begin"], { cwd });
  const list = [
    "task",
    "list",
    "--ready",
    "--status",
    "To Do",
    "--sort",
    "priority",
    "--limit",
    "1",
    "--plain",
  ];
  return {
    name: PEER,
    version: { argv: [bin, "--version"], cwd },
    next: { argv: [bin, ...list], cwd },
    change: (round) => ({
      argv: [bin, "task", "edit", "task-5", "--status", round % 2 === 0 ? "In Progress" : "To Do", "--plain"],
      cwd,
    }),
  };
}

async function install(): Promise<boolean> {
  console.error(`installing ${PEER} in bench/.peer`);
  await mkdir(HOME, { recursive: true });
  await writeFile(join(HOME, "package.json"), '{ "private": true }\n');
  try {
    await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund", PEER], { cwd: HOME });
    return true;
  } catch (error) {
    console.error(`no comparison with ${PEER}: ${String(error).split("\n", 1)[0]}`);
    return false;
  }
}
