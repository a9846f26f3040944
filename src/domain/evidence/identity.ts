import type { Block, Link } from "./block.ts";
import { fold, namedIn, type InRecord } from "./record.ts";

/**
 * Why a link's number may belong to another record than the words around it say; null when each record that it lies in
 * is named in its sentence or table row, or in a heading above that names no other one.
 */
export function misattribution(link: Link, records: readonly InRecord[]): string | null {
  const scopes = scopesOf(link);
  for (const record of records) {
    const wrong = unnamed(record, link, scopes);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Characters on either side of a link that count as its sentence; longer ones are no sentences. */
const NEAR = 2000;

/** What is read together with the link: the sentence or row without its own text, then headings, nearest first. */
function scopesOf(link: Link): string[] {
  const { block, from, to } = link;
  const [start, end] = block.kind === "row" ? [0, block.text.length] : sentenceAround(block, from, to);
  const before = block.text.slice(Math.max(start, from - NEAR), from);
  const after = block.text.slice(to, Math.min(end, to + NEAR));
  return [`${before} ${after}`, ...block.above(from).map((heading) => heading.slice(0, NEAR))];
}

function unnamed({ list, index }: InRecord, link: Link, scopes: readonly string[]): string | null {
  const names = list.names[index] ?? [];
  if (names.length === 0)
    return "its record has no id, name or slug by which the sentence could name it; where data has none, the spec says `identity: off`, or `keys` with the field that tells records apart";
  if (names.some((name) => fold(name) === fold(link.text))) return null;
  for (const scope of scopes) {
    const named = namedIn(scope, list);
    if (named.has(index)) return null;
    if (named.size > 0) {
      const others = [...named].slice(0, 3).map((i) => list.names[i]?.[0] ?? "");
      return `that is the number of ${names.join(" / ")}, and the words around it name ${others.join(", ")}`;
    }
  }
  return `that is the number of ${names.join(" / ")}: name it in the same sentence, table row or heading`;
}

/** Where sentences of a block begin, found once. */
const starts = new WeakMap<Block, readonly number[]>();

const BREAK = /[.!?…]["”’)]*\s+(?=[^\s\p{Ll}])|[。！？]/gu;

/** The bounds of the sentence, or sentences, that a part of a block lies in. */
function sentenceAround(block: Block, from: number, to: number): [start: number, end: number] {
  const known = starts.get(block) ?? [0, ...[...block.text.matchAll(BREAK)].map((m) => m.index + 1)];
  starts.set(block, known);
  const next = firstAbove(known, from);
  const end = known[firstAbove(known, to - 1)] ?? block.text.length;
  return [known[next - 1] ?? 0, end];
}

/** The index of the first number above `than`, in a sorted list. */
function firstAbove(sorted: readonly number[], than: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) > than) high = middle;
    else low = middle + 1;
  }
  return low;
}
