import type { Entry } from "../domain/change.ts";
import type { Config } from "../domain/config.ts";
import type { Finding } from "../domain/finding.ts";
import type { AgentName, TaskId } from "../domain/id.ts";
import { pathFault } from "../domain/path.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { AgentFile } from "../domain/spec.ts";
import { needsOf, type TaskFile } from "../domain/board/task.ts";
import { sorted } from "../domain/board/twins.ts";
import { CONFIG, kindOf, parseLeaf, type Leaf } from "./leaf.ts";
import { parseOnce, type Memo, type Parsing } from "./memo.ts";

/** A tree, wherever it lies: in a commit or on the disk. */
export interface Source {
  entries: readonly Entry[];
  read: Parsing<Leaf>["read"];
}

/** A fleet whose config may be missing or broken: then a finding says so. */
export type Gathered = Omit<Fleet, "config"> & { config: Config | null };

/** Reads everything that people and agents wrote. A bad file is a finding and hides only itself. */
export async function gatherFleet(source: Source, memo: Memo<Leaf>): Promise<Gathered> {
  let config: Extract<Leaf, { kind: "config" }> | null = null;
  const agents = new Map<AgentName, AgentFile>();
  const written: TaskFile[] = [];
  const directives: Fleet["directives"][number][] = [];
  const effects: Fleet["effects"][number][] = [];
  const ours = source.entries.filter((e) => kindOf(e.path) !== null || FOLDERS.has(e.path));
  const findings: Finding[] = [];
  const files = ours.filter((entry) => {
    const wrong = misfit(entry);
    findings.push(...wrong);
    return wrong.length === 0;
  });
  for (const leaf of await parseOnce(files, { memo, read: source.read, parse })) {
    if (leaf.kind === "config") config = leaf;
    else if (leaf.kind === "agent") agents.set(leaf.file.spec.name, leaf.file);
    else if (leaf.kind === "directive") directives.push(leaf.file);
    else if (leaf.kind === "effect") effects.push(leaf.file);
    else if (leaf.kind === "bad") findings.push(...leaf.findings);
    else written.push(leaf.file);
  }
  const { tasks, findings: twins } = sorted(written);
  findings.push(...twins);
  if (config === null && !findings.some((f) => f.file === CONFIG)) findings.push(NO_CONFIG);
  const archived = await readArchive(source, { tasks, findings, memo });
  return {
    config: config?.config ?? null,
    ...(config === null ? {} : { configAt: config.at }),
    agents,
    tasks,
    archived,
    directives,
    effects,
    entries: source.entries,
    findings,
  };
}

const isFile = (entry: Entry): boolean => entry.mode === "100644" || entry.mode === "100755";

/** Files of the archive are tasks too, where somebody asks for them. */
const parse = ({ path, blob }: Entry, bytes: Uint8Array): Leaf =>
  parseLeaf(kindOf(path) ?? "task", { path, blob, bytes });

/** Ended tasks that some `needs` names and the board does not have any more. */
async function readArchive(
  source: Source,
  board: { tasks: ReadonlyMap<TaskId, TaskFile>; findings: Finding[]; memo: Memo<Leaf> },
): Promise<Fleet["archived"]> {
  const missing = new Set(
    [...board.tasks.values()]
      .flatMap(({ task }) => needsOf(task).map((n) => n.task))
      .filter((id) => !board.tasks.has(id)),
  );
  const candidates = source.entries.filter((e) => isFile(e) && isArchived(e.path, missing));
  const archived = new Map<TaskId, { status: "done" | "dropped"; result?: "pass" | "fail" }>();
  for (const leaf of await parseOnce(candidates, { memo: board.memo, read: source.read, parse })) {
    if (leaf.kind === "bad") board.findings.push(...leaf.findings);
    if (leaf.kind !== "task" || !missing.has(leaf.file.task.id)) continue;
    const { id, status, result } = leaf.file.task;
    if (status === "todo") board.findings.push(stillOpen(leaf.file));
    else archived.set(id, { status, ...(result === undefined ? {} : { result }) });
  }
  return archived;
}

function isArchived(path: string, ids: ReadonlySet<TaskId>): boolean {
  const name = /^board\/archive\/(?:.*\/)?([^/]+)\.md$/.exec(path)?.[1];
  return name !== undefined && [...ids].some((id) => name === id || name.startsWith(`${id}-`));
}

const FOLDERS = new Set([".github", "agents", "board", "board/archive", "board/directives", "board/effects"]);

/** What is wrong with something at one of our places: it is no file, or no program could name it safely. */
function misfit(entry: Entry): Finding[] {
  const { path, mode } = entry;
  const isFolder = FOLDERS.has(path);
  const place = { level: "error" as const, file: path, line: 1, column: 1 };
  if (!isFile(entry)) {
    const found =
      mode === "160000" ? "a submodule" : mode === "120000" ? "a symbolic link" : "something else";
    const message = `expected a ${isFolder ? "folder" : "file"}, found ${found}`;
    return [{ ...place, rule: "file/kind", message }];
  }
  if (isFolder) return [{ ...place, rule: "file/kind", message: "expected a folder, found a file" }];
  const fault = pathFault(path);
  return fault === null ? [] : [{ ...place, rule: "file/name", message: `${fault}; rename it` }];
}

const stillOpen = (file: TaskFile): Finding => ({
  rule: "task/archived-open",
  level: "error",
  message: `${file.task.id} lies in the archive and is not done; move it back to board/, or set its status to done or dropped`,
  file: file.path,
  ...file.at(["status"]),
});

/** The smallest config that is valid. */
export const SMALLEST = "version: 1\nroster: [{ login: your-login, emails: [you@example.com] }]";

const NO_CONFIG: Finding = {
  rule: "config/missing",
  level: "error",
  message: `there is no ${CONFIG}: pullbeat init writes one; the smallest is: ${SMALLEST.replace("\n", " / ")}`,
  file: CONFIG,
  line: 1,
  column: 1,
};
