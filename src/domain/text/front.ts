/** The front matter of a text, fences and line endings included; null when the text does not begin with one. */
export const frontOf = (text: string): string | null =>
  /^\uFEFF?---[ \t]*\r?\n[^]*?\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[0] ?? null;

/** What stands below the front matter. */
export const bodyOf = (text: string): string => text.slice(frontOf(text)?.length ?? 0);
