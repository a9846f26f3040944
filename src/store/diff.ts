import type { Change, Entry, Mode } from "../domain/change.ts";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";

const MODES: readonly Mode[] = ["000000", "100644", "100755", "120000", "160000"];

/** git's modes as pullbeat knows them; very old trees hold other permission bits, and git itself reads them like this. */
export function modeOf(mode: string): Mode {
  const known = MODES.find((m) => m === mode);
  if (known !== undefined) return known;
  if (!/^100[0-7]{3}$/.test(mode))
    throw new Fault("git", `a file has the mode ${mode}, which is none of git's`);
  return (Number.parseInt(mode, 8) & 0o100) === 0 ? "100644" : "100755";
}

/** Reads `ls-tree -r -z`: `<mode> <type> <object>\t<path>\0`. */
export function parseEntries(out: Buffer): Entry[] {
  return tokens(out).map((token) => {
    const tab = token.indexOf("\t");
    const [mode = "", , blob] = token.slice(0, tab).split(" ");
    return { path: token.slice(tab + 1), mode: modeOf(mode), blob: Sha.parse(blob) };
  });
}

/** A line that is not part of a diff, and the changes that follow it. */
export interface Section {
  title: string;
  changes: Change[];
}

/**
 * Reads what `--raw -z --no-abbrev --no-renames` prints: `:<mode> <mode> <object> <object> <status>\0<path>\0`,
 * and before each diff a title, which ends with a line feed (diff-tree) or with NUL (log).
 */
export function parseSections(out: Buffer): Section[] {
  const sections: Section[] = [];
  const parts = tokens(out);
  for (let i = 0; i < parts.length; i++) {
    for (const line of (parts[i] ?? "").split("\n")) {
      if (line.startsWith(":")) sections.at(-1)?.changes.push(change(line, parts[++i] ?? ""));
      else if (line !== "") sections.push({ title: line, changes: [] });
    }
  }
  return sections;
}

function change(record: string, path: string): Change {
  const [oldMode = "", newMode = "", oldBlob, newBlob] = record.slice(1).split(" ");
  return {
    path,
    oldMode: modeOf(oldMode),
    oldBlob: objectOf(oldBlob),
    newMode: modeOf(newMode),
    newBlob: objectOf(newBlob),
  };
}

const objectOf = (id: string | undefined): Sha | null => (/^0+$/.test(id ?? "") ? null : Sha.parse(id));

/** NUL-terminated pieces. Names that are not UTF-8 come with replacement characters: nothing of ours matches those. */
export const tokens = (out: Buffer): string[] => out.toString().split("\0").slice(0, -1);
