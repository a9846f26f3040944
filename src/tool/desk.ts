import type { Note } from "../domain/record.ts";
import { textOf } from "../domain/text/text.ts";
import type { End, Job, Shown, Tree } from "../port/engine.ts";
import { ToolError, type OpenDesk } from "../port/tool.ts";
import { closedTo, inSight, pathRefusal, textRefusal } from "./fence.ts";
import { layOver, type Overlay } from "./overlay.ts";

/** A desk over the job's tree. Everything that a tool does, it does through here. */
export function openDesk(job: Job): OpenDesk {
  const overlay = layOver(job.tree);
  const visible = new Set(job.tree.entries.filter(inSight(job)).map((e) => e.path));
  const saw: Shown[] = [...job.shown];
  const notes: Note[] = [];
  const made = new Set<string>();
  const missed = new Set<string>();
  let asked: End | null = null;

  const scan = async (path: string): Promise<string | null> =>
    visible.has(path) ? (overlay.edits.get(path) ?? (await treeText(job.tree, path))) : null;

  const put = (path: string, text: string, refusal: string | null): void => {
    if (refusal !== null) throw new ToolError(`Nothing was written. ${nameOf(path)}: ${refusal}.`);
    overlay.put(path, text);
    visible.add(path);
  };

  return {
    job,
    edits: overlay.edits,
    saw,
    notes,
    made,
    missed,
    visible: () => [...visible].sort(),
    scan,
    async read(path) {
      if (!visible.has(path)) throw absent(path, missed);
      const text = await scan(path);
      if (text === null) throw new ToolError(`${nameOf(path)} is not text, so it cannot be shown.`);
      if (!overlay.edits.has(path)) mark(saw, overlay, path);
      return text;
    },
    write: async (path, text) => put(path, text, await refusalOf(job, overlay, { path, text })),
    addTask(id, path, text) {
      put(path, text, closedTo(job, path) ?? overlay.clash(path));
      made.add(id);
    },
    note: (note) => void notes.push(note),
    end: (end) => void (asked = end),
    takeEnd() {
      const end = asked;
      asked = null;
      return end;
    },
  };
}

/** A path as an error names it: short, and on one line whatever it holds. */
const nameOf = (path: string): string => JSON.stringify(path.slice(0, 200));

function absent(path: string, missed: Set<string>): ToolError {
  missed.add(path);
  return new ToolError(`There is no file ${nameOf(path)} among those you may see.`);
}

async function treeText(tree: Tree, path: string): Promise<string | null> {
  const bytes = await tree.read(path);
  return bytes === null ? null : textOf(bytes);
}

async function refusalOf(
  job: Job,
  overlay: Overlay,
  { path, text }: { path: string; text: string },
): Promise<string | null> {
  const refusal = pathRefusal(job, path) ?? overlay.clash(path);
  if (refusal !== null) return refusal;
  const before = { tree: await treeText(job.tree, path), base: await treeText(job.base, path) };
  return textRefusal(job, path, text, before);
}

/** One line of lineage for each version of a file. */
function mark(saw: Shown[], overlay: Overlay, path: string): void {
  const blob = overlay.entry(path)?.blob;
  if (blob !== undefined && !saw.some((s) => s.path === path && s.blob === blob)) saw.push({ path, blob });
}
