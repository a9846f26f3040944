import { amountOf } from "../../../src/domain/evidence/amount.ts";
import { same } from "../../../src/domain/evidence/decimal.ts";
import { openLibrary } from "../../../src/domain/evidence/library.ts";
import { verify, type Rules, type Verified } from "../../../src/domain/evidence/verify.ts";

const OPEN: Rules = { strict: false, identity: false, percent: [], closed: () => null };

export type Files = Readonly<Record<string, string>>;

interface Setup extends Partial<Rules> {
  keys?: string[];
  path?: string;
}

/** Verifies a text against files by path; front matter is read as plain `key: value` lines. */
export async function verified(
  text: string,
  files: Files,
  { keys = [], path = "reports/a.md", ...rules }: Setup = {},
): Promise<Verified> {
  const read = (file: string): Promise<string | null> => Promise.resolve(files[file] ?? null);
  const result = await verify({ path, text }, openLibrary({ read, front }, keys), { ...OPEN, ...rules });
  if ("fault" in result) throw new Error(result.fault);
  return result;
}

function front(text: string): Record<string, unknown> | null {
  const [, lines] = /^---\n([^]*?)\n---\n/.exec(text) ?? [];
  return lines === undefined
    ? null
    : Object.fromEntries(
        lines
          .split("\n")
          .map((line): [string, string] => [line.split(": ")[0] ?? "", line.split(": ")[1] ?? ""]),
      );
}

/** The reasons of the links that do not hold. */
export const wrongs = async (text: string, files: Files, setup: Setup = {}): Promise<(string | null)[]> =>
  (await verified(text, files, setup)).links.filter((l) => !l.ok).map((l) => l.reason);

/** A claim about a table or a text, as the data sets give it. Rows, columns and characters count from 0. */
export interface Row {
  id: string;
  kind: "cell" | "multi" | "quote" | "derived" | "count";
  label: "true" | "false";
  value: string | number | string[];
  pointers: Pointer[];
  pointer_text: string[];
  derivation?: string;
}

type Pointer = { file: string } & (
  | { kind: "cell"; row: number; col: number }
  | { kind: "chars"; start: number; end: number }
);

/** Markdown's own signs in a link's text stand for themselves. */
const literal = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>()#+.!|~&"'-]/g, String.raw`\$&`);

/** The claim as a writer would put it down: each value a link to its place, or with its formula. */
export function textOf({ kind, value, pointers, pointer_text, derivation = "" }: Row): string {
  const [first] = pointers;
  const values = [value].flat().map(String);
  if (kind === "derived" || kind === "count") {
    const formula =
      kind === "count"
        ? `$count([${pointers.map(operand).join(", ")}])`
        : formulaOf(derivation, { pointers, pointer_text });
    return `[${literal(values[0] ?? "")}](/${first?.file} '= ${formula}')`;
  }
  return values.map((v, i) => linkTo(v, pointers[i])).join(" and ");
}

export function linkTo(value: string, pointer: Pointer | undefined): string {
  if (pointer === undefined) throw new Error(`nothing points to ${value}`);
  return pointer.kind === "cell"
    ? `[${literal(value)}](/${pointer.file}#cell=${pointer.row + 1},${pointer.col + 1})`
    : `["${literal(value)}"](/${pointer.file}#char=${pointer.start},${pointer.end})`;
}

const operand = (p: Pointer): string =>
  p.kind === "cell" ? `$cell(${p.row + 1}, ${p.col + 1})` : `$char(${p.start}, ${p.end})`;

/**
 * `(1,283 / 4,750 - 1) * 100` with each operand read from the cell that holds it. The data set names one cell where two
 * years have the same number, as in `5.2-5.2`: the other year's is the cell beside it.
 */
function formulaOf(
  derivation: string,
  { pointers, pointer_text }: Pick<Row, "pointers" | "pointer_text">,
): string {
  const plain = derivation.replaceAll("[", "(").replaceAll("]", ")");
  let uses = 0;
  return plain.replaceAll(/\$?(\d[\d,]*(?:\.\d+)?%?)/g, (_, digits: string) => {
    const wanted = amountOf(digits)?.value;
    const at = pointer_text.findIndex((text) => {
      const there = amountOf(text)?.value;
      return wanted !== undefined && there !== undefined && same(absolute(there), wanted);
    });
    const named = pointers[at];
    if (named === undefined) return digits.replaceAll(",", "");
    const isOnly = pointers.length === 1 && named.kind === "cell";
    const pointer = isOnly ? { ...named, col: named.col + uses++ } : named;
    const isNegative = (amountOf(pointer_text[at] ?? "")?.value.digits ?? 0n) < 0n;
    return isNegative ? `$abs(${operand(pointer)})` : operand(pointer);
  });
}

const absolute = ({
  digits,
  places,
}: {
  digits: bigint;
  places: number;
}): { digits: bigint; places: number } => ({
  digits: digits < 0n ? -digits : digits,
  places,
});
