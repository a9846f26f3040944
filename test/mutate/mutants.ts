/** What is changed into what, on lines of code. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/ === /g, " !== "],
  [/ !== /g, " === "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ >= /g, " > "],
  [/ <= /g, " < "],
  [/ > (?=\w)/g, " >= "],
  [/ < (?=\w)/g, " <= "],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/\.some\(/g, ".every("],
  [/\.every\(/g, ".some("],
  [/\.findLast\(/g, ".find("],
  [/!(?=[a-z]\w*[.(])/g, ""],
  [/\.findLastIndex\(/g, ".findIndex("],
  [/\.at\(-1\)/g, ".at(0)"],
  [/\bMath\.min\(/g, "Math.max("],
  [/\bMath\.max\(/g, "Math.min("],
  [/\.filter\((\w+)\)/g, ".filter(() => $1 !== null)"],
  [/\.filter\((\w+|\([^()]*\)) => (?!\{)/g, ".filter($1 => true || "],
  // A guard that guards nothing.
  [/^(\s*(?:\} else )?if \()(.+)(\)(?: return .*;| continue;| \{|))$/g, "$1false && ($2)$3"],
];

export interface Mutant {
  line: number;
  broken: string;
  text: string;
}

/** Every way to break one place of a text of code. */
export function mutantsOf(whole: string): Mutant[] {
  const lines = whole.split("\n");
  return lines.flatMap((line, i) => {
    if (/^\s*(?:\*|\/\/|\/\*|import |export type|interface |\.describe\()/.test(line)) return [];
    return CHANGES.flatMap(([from, to]) =>
      [...line.matchAll(from)].map(({ index }) => {
        const broken = line.slice(0, index) + line.slice(index).replace(new RegExp(from.source), to);
        return { line: i + 1, broken, text: lines.with(i, broken).join("\n") };
      }),
    );
  });
}
