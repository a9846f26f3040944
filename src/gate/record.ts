import type { TextChange } from "../domain/change.ts";
import { isEffectPath } from "../domain/board/effect.ts";
import { matches } from "../domain/glob.ts";
import { added, pathsAfter, ruled, type Gate, type GateInput } from "./gate.ts";
import { endsByFile, fieldOf, oddLines, saysDone } from "./front.ts";

/** Holds that the records tell the truth: what the task promises exists, and board and agents can still be read. */
export const record: Gate = {
  id: "record",
  judge(input) {
    const problems = [
      ...input.changes.flatMap((c) => unreadable(c, input)),
      ...input.changes.filter((c) => added(c) && isTask(c, input)).flatMap((c) => newTask(c, input)),
      ...(input.kind === "work" ? [...artifacts(input), ...ending(input)] : []),
    ];
    return ruled("record", problems, {
      pass: "the artifacts are there, and every touched record can be read",
      fail: "the records do not say what they must",
    });
  },
};

function unreadable({ path, after }: TextChange, input: GateInput): string[] {
  if (after === null) return [];
  return input
    .inspect(path, after)
    .filter((f) => f.level === "error")
    .map((f) => `${f.file}:${f.line}:${f.column}: ${f.message}`);
}

/** An attempt that changed nothing is clean: its artifacts only have to be there. */
function artifacts(input: GateInput): string[] {
  const after = [...pathsAfter(input)];
  const promised = input.task.task.produces;
  const missing = promised
    .filter((glob) => !after.some((path) => matches(glob, path)))
    .map((glob) => `${glob}: the task promises it, and no such file exists after the change`);
  const touched = input.changes.some((c) => promised.some((glob) => matches(glob, c.path)));
  if (missing.length > 0 || promised.length === 0 || touched || input.changes.length === 0) return missing;
  return [`none of what the task promises was changed: ${promised.join(", ")}`];
}

/** A finished task says so in its own file: merging is the state change. */
function ending(input: GateInput): string[] {
  const { task } = input;
  if (!endsByFile(input)) return [];
  const own = input.changes.find((c) => c.path === task.path);
  if (
    typeof own?.before === "string" &&
    typeof own.after === "string" &&
    saysDone(input, own.before, own.after)
  )
    return [];
  return [`${task.path}: the work is finished, and its file does not say \`status: done\``];
}

const isTask = (change: TextChange, { task }: GateInput): boolean =>
  change.path.startsWith("board/") && change.path !== task.path && !isEffectPath(change.path);

/** A new task tells where it comes from, and cannot hide how many tasks stand above it. */
function newTask({ path, after }: TextChange, input: GateInput): string[] {
  const field = (key: string): string | null => fieldOf(after ?? "", key);
  const depth = input.task.task.depth + 1;
  const most = input.config.limits.depth;
  const wrong = [
    ...(field("created_by") === input.agent.spec.name ? [] : [`created_by must be ${input.agent.spec.name}`]),
    ...(field("depth") === String(depth) ? [] : [`depth must be ${depth}, one more than its parent's`]),
    ...(depth > most ? [`tasks made by tasks end at depth ${most}`] : []),
    ...([null, "todo"].includes(field("status")) ? [] : ["a new task is `todo`"]),
    ...(field("every") === null ? [] : ["a new task does not recur: duties are for people to make"]),
    ...oddLines(after ?? "").map(
      (line) => `expected a plain \`key: value\` line, found ${JSON.stringify(line.slice(0, 60))}`,
    ),
    ...(taken(input, path, field("id")) ? [`the id ${field("id")} is in use`] : []),
  ];
  return wrong.map((w) => `${path}: ${w}`);
}

/** Ids of files named `<id>-…` or `<id>.md` on the board or in the archive, this change's own included. */
function taken(input: GateInput, path: string, id: string | null): boolean {
  if (id === null) return false;
  return [...pathsAfter(input)].some((other) => {
    const name = other.split("/").at(-1) ?? "";
    const isTaskFile = /^board\/(?:archive\/[^/]+\/)?[^/]+\.md$/.test(other);
    return other !== path && isTaskFile && (name === `${id}.md` || name.startsWith(`${id}-`));
  });
}
