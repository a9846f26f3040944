import { cleanLine } from "../text/clean.ts";
import type { Proof } from "./links.ts";
import type { Attempt } from "../record.ts";
import { first } from "./review-text.ts";

/** A part of a pull's text. */
export type Section = readonly [title: string, lines: readonly string[]];

export const sections = (parts: readonly Section[]): string =>
  `${parts.map(([title, lines]) => [`## ${title}`, "", ...lines].join("\n")).join("\n\n")}\n`;

/** A name or path as code, whatever it holds. */
export const code = (text: string, most = 300): string =>
  `\`${cleanLine(text, most).replaceAll("`", "｀")}\``;

/** What gates sent back before anybody saw it, and that it was mended. */
export function caught({ feedback }: Attempt): Section[] {
  if (feedback.length === 0) return [];
  const lines = first(feedback, 20, (line) => `> - ${cleanLine(line, 300)}`);
  const told =
    "Gates sent this back before anybody saw it. The agent was told, and mended it in the same attempt:";
  return [["What was caught", [told, "", ...lines]]];
}

/** Each statement that holds, with the way to its source. */
export function proved(proofs: readonly Proof[]): Section[] {
  if (proofs.length === 0) return [];
  const isOne = proofs.length === 1;
  const lead = `${isOne ? "1 statement is" : `${proofs.length} statements are`} verified against ${isOne ? "its source" : "their sources"}, as the sources stood when the agent read them. Whether the sentences follow is yours to judge.`;
  return [["Evidence", [lead, "", ...first(proofs, 15, proofLine)]]];
}

function proofLine({ path, line, said, source, lines, formula, address }: Proof): string {
  const value = cleanLine(said, 80).replaceAll(/[[\]`\\]/g, "·");
  const shown = address === null || address.length > 400 ? `“${value}”` : `[${value}](${address})`;
  const from = code(lines === null ? source : `${source}:${lines.from}`, 120);
  return `- ${code(`${path}:${line}`, 120)}: ${shown}, ${formula === null ? "" : `computed as ${code(formula)} `}from ${from}`;
}
