import { pathFault } from "../path.ts";

/** Which part of a file a link points to. */
type Spot =
  /** RFC 6901: the steps from the document's root; none is the whole document. */
  | { kind: "pointer"; steps: string[] }
  /** RFC 7111: row and column from 1, the header's row included. */
  | { kind: "cell"; row: number; column: number }
  /** Lines from 1, both included. */
  | { kind: "lines"; from: number; to: number }
  /** RFC 5147: characters (code points) from 0, the end not included. */
  | { kind: "characters"; from: number; to: number };

export interface Target {
  /** From the root of the repository. */
  path: string;
  spot: Spot;
  /** What is computed over the document at the spot; null when the spot itself holds the value. */
  formula: string | null;
}

const MOST_FORMULA = 300;

/**
 * Where a link of the file `from` points to, when it is evidence: into a file, or with a formula in its title. Null for
 * all other links; a fault for one that means to be evidence and cannot be.
 */
export function targetOf(
  from: string,
  { href, title }: { href: string; title: string },
): Target | { fault: string } | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(href)) return null;
  const hash = href.indexOf("#");
  const formula = title.trimStart().startsWith("=") ? title.trimStart().slice(1).trim() : null;
  const spot = spotOf(hash < 0 ? "" : href.slice(hash + 1), formula !== null);
  if (spot === null || "fault" in spot) return spot;
  if (formula !== null && (formula === "" || formula.length > MOST_FORMULA))
    return { fault: `expected a formula of at most ${MOST_FORMULA} characters behind the =` };
  const path = resolvePath(from, hash < 0 ? href : href.slice(0, hash));
  return typeof path === "string" ? { path, spot, formula } : path;
}

function spotOf(raw: string, hasFormula: boolean): Spot | { fault: string } | null {
  const fragment = decoded(raw);
  if (fragment === null) return /^(?:\/|cell=|L\d)/.test(raw) ? { fault: "its target has a broken %" } : null;
  if (fragment.startsWith("/") || (fragment === "" && hasFormula)) return pointer(fragment);
  if (hasFormula)
    return { fault: "a formula is computed over a document, or the part that a JSON Pointer names" };
  if (/^L\d/.test(fragment)) return lines(fragment);
  if (/^(?:cell|row|col)=/i.test(fragment)) return cell(fragment);
  return /^(?:char|line)=/i.test(fragment) ? characters(fragment) : null;
}

/** Undoes percent-encoding; null where it is broken. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function pointer(fragment: string): Spot | { fault: string } {
  if (/~(?![01])/.test(fragment)) return { fault: "expected ~0 for ~ and ~1 for / in a JSON Pointer" };
  const steps = fragment.split("/").slice(1);
  return { kind: "pointer", steps: steps.map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~")) };
}

function cell(fragment: string): Spot | { fault: string } {
  const found = /^cell=([1-9]\d{0,6}),([1-9]\d{0,6})$/i.exec(fragment);
  if (found === null) return { fault: "expected one cell as in #cell=5,2: row and column from 1" };
  return { kind: "cell", row: Number(found[1]), column: Number(found[2]) };
}

function lines(fragment: string): Spot | { fault: string } {
  const found = /^L([1-9]\d{0,6})(?:-L?([1-9]\d{0,6}))?$/.exec(fragment);
  const from = Number(found?.[1]);
  const to = Number(found?.[2] ?? found?.[1]);
  if (found === null || to < from) return { fault: "expected lines as in #L10 or #L10-L12" };
  return { kind: "lines", from, to };
}

function characters(fragment: string): Spot | { fault: string } {
  const found = /^char=(\d{1,8}),(\d{1,8})$/i.exec(fragment);
  const [from, to] = [Number(found?.[1]), Number(found?.[2])];
  if (found === null || to <= from)
    return { fault: "expected characters as in #char=10,24, or lines as in #L10" };
  return { kind: "characters", from, to };
}

/** A path from the root. Targets begin at the root with `/`, else at the file's own folder; none leaves the repository. */
export function resolvePath(from: string, raw: string): string | { fault: string } {
  const path = decoded(raw.replace(/\?.*$/s, ""));
  if (path === null) return { fault: "its target has a broken %" };
  if (path === "") return from;
  const steps = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of path.replace(/^\//, "").split("/"))
    if (part === "..") {
      if (steps.pop() === undefined) return { fault: "its target leaves the repository" };
    } else if (part !== ".") steps.push(part);
  const whole = steps.join("/");
  const fault = pathFault(whole);
  return fault === null ? whole : { fault: `its target is no file that may be named: ${fault}` };
}
