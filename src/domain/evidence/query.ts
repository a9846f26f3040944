import type { Library } from "./library.ts";
import { amountOf } from "./amount.ts";
import { formulaAt } from "./scope.ts";

/** A computed value, and the link that proves it wherever it is written. */
export interface Computed {
  value: string;
  link: string;
  /** The records it belongs to: one name of each must stand beside the link. */
  names: string[];
}

/** Decimals that a computed value is shown with; a writer may show fewer. */
const PLACES = 4;

/** Computes a formula over a file, as evidence would. */
export async function compute(
  { path, formula }: { path: string; formula: string },
  library: Library,
): Promise<Computed | { fault: string }> {
  const result = await formulaAt(path, { steps: [], formula }, library);
  if ("fault" in result) return result;
  const { text, number } = result.found.kind === "value" ? result.found : { text: "", number: null };
  const value = number === null ? text : short(text);
  return {
    value,
    link: `[${literal(value)}](${targetFor(path)} ${titleFor(formula)})`,
    names: result.records.flatMap(({ list, index }) => list.names[index]?.[0] ?? []),
  };
}

/** Fewer decimals, where there are many, and never none of its digits. */
function short(text: string): string {
  const rounded = Number(text).toFixed(PLACES);
  const isLong = (text.split(".")[1]?.length ?? 0) > PLACES;
  return isLong && Number(rounded) !== 0 && amountOf(rounded) !== null ? rounded : text;
}

const literal = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>|]/g, String.raw`\$&`);

const targetFor = (path: string): string =>
  `/${path
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll(/[()'!*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`))
    .join("/")}`;

/** A title in marks that the formula does not hold itself; a bar would end a table's cell. */
function titleFor(formula: string): string {
  const bare = `= ${formula.trim()}`.replaceAll("\\", "\\\\").replaceAll("|", String.raw`\|`);
  if (!bare.includes("'")) return `'${bare}'`;
  return bare.includes('"') ? `'${bare.replaceAll("'", String.raw`\'`)}'` : `"${bare}"`;
}
