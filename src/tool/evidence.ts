import { nearest } from "../domain/text/near.ts";
import { placesIn, type Place } from "../domain/places.ts";
import type { Desk } from "../port/tool.ts";

/**
 * Why what an agent says it saw cannot be: it names a file or a line that is not there. A file that the agent looked for
 * in this attempt and did not find may be named, since that it is missing may be the very thing. Null when all is well.
 */
export async function unseenPlace(text: string, desk: Desk): Promise<string | null> {
  const visible = desk.visible();
  for (const place of placesIn(text, visible)) {
    const fault = await faultOf(place, desk, visible);
    if (fault !== null) return fault;
  }
  return null;
}

async function faultOf(
  { path, line }: Place,
  desk: Desk,
  visible: readonly string[],
): Promise<string | null> {
  if (desk.missed.has(path)) return null;
  if (visible.some((file) => file.startsWith(`${path}/`))) return null;
  if (!visible.includes(path)) {
    const meant = nearest(path, visible);
    return `${path} is not among the files that you may see${meant === null ? "" : `; did you mean ${meant}?`} If it is missing, read it first, so that this is known`;
  }
  if (line === null) return null;
  const lines = ((await desk.scan(path)) ?? "").replace(/\n$/, "").split("\n").length;
  return line >= 1 && line <= lines ? null : `${path} has ${lines} lines, so there is no line ${line}`;
}
