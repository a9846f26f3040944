import type { TaskId } from "../id.ts";
import { draftBacklog, idOf } from "./backlog.ts";
import { assignmentId, draftAssignment, draftEmployee } from "./company.ts";
import type { Board } from "./item.ts";
import { draftProse } from "./prose.ts";
import { namesOf, type Drafted, type Source } from "./source.ts";
import { draftSubagent } from "./subagent.ts";
import { draftWorkflow } from "./workflow.ts";

/** A kind of file that can move in: a role that becomes a spec, or a task. */
export type Kind =
  | { makes: "spec"; draft: (source: Source) => Drafted }
  | {
      makes: "task";
      id: (source: Source) => TaskId | null;
      draft: (source: Source, board: Board) => Drafted;
    };

const PROSE: Kind = { makes: "spec", draft: draftProse };
const SUBAGENT: Kind = { makes: "spec", draft: draftSubagent };
const WORKFLOW: Kind = { makes: "spec", draft: draftWorkflow };
const EMPLOYEE: Kind = { makes: "spec", draft: draftEmployee };
const ASSIGNMENT: Kind = { makes: "task", id: assignmentId, draft: draftAssignment };
const BACKLOG: Kind = { makes: "task", id: (source) => idOf(source.data?.["id"]), draft: draftBacklog };

/** Files of companies and agents that describe no one agent. */
const OTHERS = /^(?:company|team|project|skill)\.md$/i;
const EXPECTED =
  "expected prose, a subagent (name, description), an agentic workflow (on), a Paperclip agent (reportsTo) or a task of Backlog.md (id, title, status)";

/** What a file is, by its name and its keys; a sentence when it is nothing that can move in. */
export function kindOf(source: Source): Kind | string {
  const { base } = namesOf(source);
  if (!/\.(?:md|markdown)$/i.test(base)) return `this is no markdown file; ${EXPECTED}`;
  const { data } = source;
  if (OTHERS.test(base))
    return `${base} describes no agent and no task; its agents and tasks have files of their own`;
  if (data === null) return PROSE;
  return foreign(data) ?? kindByKeys(base, data) ?? `its keys are of no kind that is known; ${EXPECTED}`;
}

type Data = Readonly<Record<string, unknown>>;

const has = (data: Data, ...keys: readonly string[]): boolean => keys.some((key) => key in data);

/** Things that look like a role or a task and are not, with what to do instead. */
function foreign(data: Data): string | null {
  const { engine, id } = data;
  if (typeof engine === "object" && engine !== null && "kind" in engine)
    return "this is a spec of pullbeat already; copy it to agents/<name>.md, and look at what it may do before you do";
  if (has(data, "agent") && has(data, "id") && !has(data, "assignee"))
    return "this is a task of pullbeat already; copy it to board/";
  if (typeof id === "string" && /^(?:doc|decision)-\d/i.test(id))
    return "this is a document of Backlog.md, and no task";
  if (!has(data, "on") && has(data, "safe-outputs", "mcp-servers", "import-schema", "steps"))
    return "this is a part that workflows import, and no role by itself";
  return null;
}

function kindByKeys(base: string, data: Data): Kind | null {
  if (has(data, "on")) return WORKFLOW;
  if (/^task\.md$/i.test(base)) return ASSIGNMENT;
  if (has(data, "id") && has(data, "status", "dependencies", "assignee")) return BACKLOG;
  if (has(data, "reportsTo") || (/^agents\.md$/i.test(base) && has(data, "name"))) return EMPLOYEE;
  return has(data, "id") || !has(data, "name", "description") ? null : SUBAGENT;
}
