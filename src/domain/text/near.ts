/**
 * The word that was probably meant; null when none is close. Close: at most one slip (a letter more, less, other, or
 * two swapped) in each three letters. Case does not count. Of equally close words the first wins.
 */
export function nearest(word: string, words: Iterable<string>): string | null {
  const typed = word.toLowerCase();
  let best: { word: string | null; slips: number } = { word: null, slips: Math.floor(typed.length / 3) + 1 };
  for (const candidate of words) {
    if (Math.abs(candidate.length - typed.length) >= best.slips) continue;
    const slips = distance(typed, candidate.toLowerCase());
    if (slips < best.slips) best = { word: candidate, slips };
  }
  return best.word;
}

/** Optimal string alignment distance, in three rows. */
function distance(a: string, b: string): number {
  let older: number[] = [];
  let old: number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(old, j) + 1,
        at(row, j - 1) + 1,
        at(old, j - 1) + same,
        swapped ? at(older, j - 2) + 1 : Infinity,
      );
    }
    [older, old] = [old, row];
  }
  return at(old, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
