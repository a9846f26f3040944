import type { TaskId } from "../id.ts";

/** Letters and digits of any script with their marks, and nothing that cannot be seen. */
const WORD = /[[\p{L}\p{N}]--\p{DI}][[\p{L}\p{N}\p{M}]--\p{DI}]*/gv;
/** Names that Windows keeps for devices, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;
const MOST_CHARACTERS = 48;
const MOST_BYTES = 120;

/** A title as a part of a file name: lower case, words joined by hyphens; without any word, `otherwise`. */
export function slugOf(title: string, otherwise = "task"): string {
  const words = title.normalize("NFKC").toLowerCase().normalize("NFKC").match(WORD) ?? [];
  const slug = cut(words.join("-")).replace(/-$/, "");
  if (slug === "") return otherwise;
  return DEVICE.test(slug) ? `${slug}-${otherwise}` : slug;
}

/** Where a new task goes. The name is for people: pullbeat finds a task by its `id`. */
export const taskPath = (id: TaskId, title: string): string => `board/${id}-${slugOf(title)}.md`;

function cut(text: string): string {
  const points = Array.from(text).slice(0, MOST_CHARACTERS);
  while (new TextEncoder().encode(points.join("")).length > MOST_BYTES) points.pop();
  return points.join("");
}
