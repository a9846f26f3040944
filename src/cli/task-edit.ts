import { readFile } from "node:fs/promises";
import { Fault } from "../domain/fault.ts";
import { fieldOf, subjectOf, titleOf } from "../domain/text/field.ts";
import { TaskId } from "../domain/id.ts";
import type { Fleet } from "../domain/snapshot.ts";
import { Task } from "../domain/board/task.ts";
import { textOf } from "../domain/text/text.ts";
import type { Page } from "../flow/save.ts";
import type { ExitCode } from "./exit.ts";
import { agentNamed, noTask, taskPathNamed } from "../domain/names.ts";
import { savedLines, savedRow, write, type Bench, type WriteOptions } from "./save.ts";
import { show, type Shell } from "./shell.ts";

interface EditOptions extends WriteOptions {
  due?: string;
  every?: string;
  file?: string;
  priority?: string;
  status?: string;
  title?: string;
}

/** A task's file as it is to be edited. */
interface Sheet {
  path: string;
  text: string;
  onDisk?: NonNullable<Page["onDisk"]>;
}

/** `pullbeat task edit`: only the bytes of the fields that are named change. */
export async function taskEdit(
  shell: Shell,
  [typed = ""]: readonly string[],
  options: EditOptions,
): Promise<ExitCode> {
  const id = fieldOf(TaskId, "the task", typed.split("@", 1)[0]);
  let first: string | undefined;
  let fields: Record<string, string> = {};
  const saved = await write(shell, options, {
    rescue: (file) => `your text lies in ${file}: mend it, then pullbeat task edit ${id} --file ${file}`,
    compose: async (bench) => {
      fields = fieldsOf(bench.ground.fleet, options);
      if (Object.keys(fields).length === 0 && options.edit !== true && options.file === undefined)
        throw new Fault("usage", `what is to change in ${id}?`, {
          expected: "a field such as --priority high, or --edit",
          next: "pullbeat task edit --help",
        });
      const sheet = await sheetOf(bench, id, shell.dir);
      first ??= sheet.text;
      if (options.edit === true && sheet.text !== first)
        throw new Fault("refused", `${sheet.path} was changed by others while you edited it`);
      return pageOf(bench, { ...sheet, id, fields }, options);
    },
  });
  const dry = options.dryRun === true;
  const row = saved === null ? null : savedRow(saved, dry);
  show(shell, { id, changed: row !== null, fields, ...row }, () =>
    saved === null ? [`${id}: nothing to change`] : savedLines(shell, saved, dry),
  );
  return 0;
}

/** Those that were given, each as its schema takes it. */
function fieldsOf(fleet: Fleet, options: EditOptions): Record<string, string> {
  const { shape } = Task;
  const { status, priority, agent, due, title, every } = options;
  const given = {
    status: status === undefined ? undefined : fieldOf(shape.status, "--status", status),
    priority: priority === undefined ? undefined : fieldOf(shape.priority, "--priority", priority),
    agent: agent === undefined ? undefined : agentNamed(fleet, agent),
    due: due === undefined ? undefined : fieldOf(shape.due, "--due", due),
    title: title === undefined ? undefined : titleOf(title),
    every: every === undefined ? undefined : fieldOf(shape.every, "--every", every),
  };
  return Object.fromEntries(Object.entries(given).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
}

async function pageOf(
  { home, edit }: Bench,
  { id, path, text, fields, onDisk }: Sheet & { id: TaskId; fields: Record<string, string> },
  options: EditOptions,
): Promise<Page | null> {
  const given = options.file === undefined ? text : await textIn(options.file);
  const set = Object.keys(fields).length === 0 ? given : home.edit(given, fields);
  const next = options.edit === true ? await edit(`task-${id}`, set) : set;
  if (next === text) return null;
  const what = Object.entries(fields).map(([key, value]) => `${key} ${value}`);
  return {
    path,
    text: next,
    before: text,
    subject: subjectOf(`Edit task ${id}`, what.join(", ") || "its text"),
    ...(onDisk === undefined ? {} : { onDisk }),
  };
}

async function textIn(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Fault("not-found", `${file} cannot be read`, {
      expected: "a text file of this machine",
      next: `ls -l ${file}`,
      cause,
    });
  });
  const text = textOf(bytes);
  if (text === null) throw new Fault("refused", `${file} is no text in UTF-8`);
  return text;
}

/**
 * The file as its branch has it. What somebody has changed here, and not committed or pushed yet, is edited where it lies:
 * a commit of ours would carry their change along, or clash with it.
 */
async function sheetOf({ home, ground }: Bench, id: TaskId, dir: string): Promise<Sheet> {
  const { fleet } = ground;
  const { worktree } = await import("../wire.ts");
  const path = taskPathNamed(fleet, id) ?? taskPathNamed((await worktree(dir)).fleet, id);
  if (path === null) throw noTask(fleet, id);
  const mine = await mineOf({ home, ground }, path);
  if (mine !== null) return mine;
  const blob = fleet.entries.find((e) => e.path === path)?.blob;
  const text = blob === undefined ? null : await home.read(blob);
  if (text !== null) return { path, text };
  throw new Fault("refused", `${path} is no text in UTF-8`);
}

/** The file on the disk, where its branch does not have it like that; null where it has. */
async function mineOf({ home, ground }: Pick<Bench, "home" | "ground">, path: string): Promise<Sheet | null> {
  const { text, unseen } = await home.look(path, ground.snapshot?.base);
  if (unseen === null) return null;
  // A commit that is not pushed is on its branch already when nothing is pushed, and on another branch it is not our matter.
  const isCommitted = unseen === "not pushed";
  if (isCommitted && (ground.snapshot === null || (await home.stand()).branch !== ground.branch)) return null;
  if (text !== null) return { path, text, onDisk: unseen };
  throw new Fault("refused", `${path} is not there as text here, and that is not on ${ground.branch} yet`, {
    next: `git restore ${path}, or commit and push what you did to it`,
  });
}
