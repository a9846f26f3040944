import { idOf } from "./backlog.ts";
import { taskOf, type Board } from "./item.ts";
import { NO_TIMING, specOf } from "./role.ts";
import { scalarOf, shown } from "./phrase.ts";
import { namesOf, refusalAt, stemOf, type Drafted, type Source } from "./source.ts";
import { granted, LOOKING } from "./tools.ts";

/** An agent of a Paperclip company: `agents/<slug>/AGENTS.md`. The folder is its slug, and what `reportsTo` names. */
export function draftEmployee(source: Source): Drafted {
  const { name, slug, title, reportsTo } = source.data ?? {};
  const { base, folder } = namesOf(source);
  const place = /^agents\.md$/i.test(base) ? folder : stemOf(source);
  return specOf(source, {
    names: [{ text: slug, key: "slug" }, { text: place }, { text: name, key: "name" }],
    title: typeof title === "string" ? title : name,
    reportsTo,
    timing: NO_TIMING,
    granted: granted(LOOKING, "the file lists none; these only look"),
    understood: ["slug", "title", "reportsTo"],
  });
}

/** The id of a company's task: its slug, or its folder's name. */
export const assignmentId = (source: Source): ReturnType<typeof idOf> =>
  idOf(source.data?.["slug"] ?? namesOf(source).folder);

/** A task of a Paperclip company: `tasks/<slug>/TASK.md`. */
export function draftAssignment(source: Source, board: Board): Drafted {
  const { name, slug, assignee } = source.data ?? {};
  const id = assignmentId(source);
  if (id === null) {
    const message = `no id can be made of ${shown(slug ?? namesOf(source).folder)}; expected letters and digits, at most 48`;
    return { ok: false, refusal: refusalAt(source, ["slug"], ["id", message]) };
  }
  const item = {
    id,
    title: { value: scalarOf(name) ?? "" },
    status: { value: "todo" as const },
    assignees: { key: "assignee", said: assignee },
    priority: undefined,
    needs: [],
    due: undefined,
    month: null,
    understood: ["name", "slug"],
  };
  return taskOf(source, item, board);
}
