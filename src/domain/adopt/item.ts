import type { Finding } from "../finding.ts";
import { TaskId, type AgentName } from "../id.ts";
import { pathFault } from "../path.ts";
import { slugOf } from "../board/slug.ts";
import type { Priority, Task } from "../board/task.ts";
import { asciiSlug, oneLine, shown, wordsOf } from "./phrase.ts";
import { mendedGuess, refusalAt, type Drafted, type Dropped, type Field, type Source } from "./source.ts";

/** What is known of a board while its tasks move in. */
export interface Board {
  agents: ReadonlySet<AgentName>;
  /** Who gets the tasks that name nobody we know; null: nobody was named for them. */
  fallback: AgentName | null;
  /** Ids that exist, by themselves and by `plainId`. */
  ids: ReadonlyMap<string, TaskId>;
}

/** What a file says of a task, before it is one. */
export interface Item {
  id: TaskId;
  title: { value: string; guess?: string | undefined };
  status: { value: Task["status"]; guess?: string };
  assignees: { key: string; said: unknown };
  priority: Priority | undefined;
  /** As the source spells them. */
  needs: readonly string[];
  /** A calendar day. */
  due: string | undefined;
  /** `yyyy-mm` when it ended; null when nobody knows, or it has not. */
  month: string | null;
  /** Keys that were dealt with. */
  understood: readonly string[];
}

const MOST_TITLE = 200;

/** The task that an item becomes: on the board while it is to be done, else in the archive's month. */
export function taskOf(source: Source, item: Item, board: Board): Drafted {
  const agent = agentOf(item, board);
  if (agent === null) return { ok: false, refusal: nobody(source, item) };
  const title = oneLine(item.title.value);
  if (title === "" || title.length > MOST_TITLE)
    return refuse(source, "title", `the title has ${title.length} characters; expected 1 to ${MOST_TITLE}`);
  const slug = slugOf(title);
  const name = slug === item.id ? `${slug}.md` : `${item.id}-${slug}.md`;
  const path =
    item.status.value === "todo" || item.month === null
      ? `board/${name}`
      : `board/archive/${item.month}/${name}`;
  const fault = pathFault(path);
  if (fault !== null) return refuse(source, "title", fault);
  return {
    ok: true,
    draft: {
      is: { task: item.id },
      path,
      fields: fieldsOf(item, {
        title,
        agent,
        needs: needsOf(item, board),
        mended: mendedGuess(source, "title"),
      }),
      body: source.body,
      notes: [],
      dropped: droppedFrom(source, [
        ...item.understood,
        ...(isWhole(item, agent) ? [item.assignees.key] : []),
      ]),
    },
  };
}

const refuse = (source: Source, key: string, why: string): Drafted => ({
  ok: false,
  refusal: refusalAt(source, [key], ["task", why]),
});

/** True when the field says all that the source says of who does it. */
const isWhole = ({ assignees }: Item, agent: Field): boolean =>
  agent.guess === undefined && wordsOf(assignees.said)?.length === 1;

interface Parts {
  title: string;
  agent: Field;
  needs: Field;
  mended: string | undefined;
}

function fieldsOf(
  { id, title: said, status, priority, due }: Item,
  { title, agent, needs, mended }: Parts,
): Field[] {
  return [
    { key: "id", value: id },
    { key: "title", value: title, guess: said.guess ?? mended },
    { key: "status", value: status.value, guess: status.guess },
    agent,
    { key: "priority", value: priority },
    needs,
    { key: "due", value: due },
  ];
}

/** The first assignee who is an agent, else whoever was named for the rest. */
function agentOf({ assignees }: Item, { agents, fallback }: Board): Field | null {
  const known = new Map<string, AgentName>([...agents].map((name) => [name, name]));
  const named = (wordsOf(assignees.said) ?? []).flatMap((who) => known.get(asciiSlug(who)) ?? [])[0];
  if (named !== undefined) return { key: "agent", value: named };
  return fallback === null ? null : { key: "agent", value: fallback, guess: "no agent is assigned there" };
}

function nobody(source: Source, { assignees }: Item): Finding {
  const who = wordsOf(assignees.said) ?? [];
  const found = who.length === 0 ? "nobody is assigned" : `${who.map(shown).join(", ")} is no agent`;
  return refusalAt(
    source,
    [assignees.key],
    ["no-agent", `${found}; adopt the agent first, or say with --agent <name> who gets such tasks`],
  );
}

/** An id without what people leave out or add when they write it: `back-217.03` and `BACK-217.3` are one. */
export const plainId = (id: string): string => asciiSlug(id).replaceAll(/(?<=-|^)0+(?=\d)/g, "");

/** Our id for one of theirs; null when it has none of the characters. */
export const idFor = (theirs: string): TaskId | null => TaskId.safeParse(asciiSlug(theirs)).data ?? null;

function needsOf({ id, needs }: Item, { ids }: Board): Field {
  let guess: string | undefined;
  const ours = needs.flatMap((need) => {
    const exact = ids.get(asciiSlug(need)) ?? ids.get(plainId(need));
    // Boards that changed their prefix keep the old one in what was written before.
    const renamed =
      exact ?? ids.get(plainId(need.replace(/^(?!draft)(?:[a-z_]+-?)?(?=\d)/i, `${prefixOf(id)}-`)));
    if (exact === undefined && renamed !== undefined) guess = "the board's prefix was another once";
    return renamed ?? idFor(need) ?? [];
  });
  return { key: "needs", value: ours.length === 0 ? undefined : [...new Set(ours)], guess };
}

const prefixOf = (id: TaskId): string => /^.*?(?=-\d|$)/.exec(id)?.[0] ?? id;

/** Keys with something in them that no field of ours holds. */
const droppedFrom = (source: Source, understood: readonly string[]): Dropped[] =>
  Object.entries(source.data ?? {}).flatMap(([key, value]) =>
    understood.includes(key) || isEmpty(value) ? [] : [{ key, place: source.place([key], "key") }],
  );

const isEmpty = (value: unknown): boolean =>
  value === null || value === "" || (Array.isArray(value) && value.length === 0);
