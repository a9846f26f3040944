import { isWhole } from "./match.ts";

/** The text between two positions, counted in code points; null when an end cuts through a word or a number. */
export function stretch(characters: readonly string[], from: number, to: number): string | null {
  const text = characters.slice(from, to).join("");
  const before = characters.slice(Math.max(0, from - 3), from).join("");
  return isWhole(before, text, characters.slice(to, to + 3).join("")) ? text : null;
}
