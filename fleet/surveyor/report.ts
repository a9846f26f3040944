import type { Links } from "./links.ts";
import { duplicates, licenses, unexplained, type Package } from "./lock.ts";
import type { Sized } from "./sizes.ts";
import type { Tree } from "./tree.ts";

/** The house's limits, in lines. The lint rules hold them; the survey shows how near the code comes. */
const LIMITS = { file: 220, function: 50 };
/** Rows of a table at most: a report that nobody finishes helps nobody. */
const ROWS = 10;

/** Everything that was measured. */
export interface Survey {
  day: string;
  tree: Tree;
  files: Sized[];
  functions: Sized[];
  /** Null without a lock file. */
  packages: Package[] | null;
  links: Links;
}

/** The report's text: a headline, then a table for each question, worst first. */
export const report = (survey: Survey): string =>
  [
    `# Survey of ${survey.day}`,
    headline(survey),
    ["## Sizes", filesTable(survey), functionsTable(survey)].join("\n\n"),
    ["## Dependencies", ...dependencies(survey)].join("\n\n"),
    ["## Links", ...linkLines(survey.links)].join("\n\n"),
  ].join("\n\n") + "\n";

/** One line, for the report's head and for the record. */
export function headline({ files, functions, packages, links }: Survey): string {
  const over = [
    count(above(files, LIMITS.file), "file") + ` over ${LIMITS.file} lines`,
    count(above(functions, LIMITS.function), "function") + ` over ${LIMITS.function} lines`,
    count(links.dead.length, "dead link"),
    packages === null ? "no lock file" : count(packages.length, "package"),
  ];
  return `${over.join(", ")}.`;
}

/** True when nothing is over a limit and no link is dead. */
export const isWell = ({ files, functions, links }: Survey): boolean =>
  above(files, LIMITS.file) + above(functions, LIMITS.function) + links.dead.length === 0;

const above = (all: readonly Sized[], limit: number): number => all.filter((s) => s.lines > limit).length;

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

function filesTable({ files }: Survey): string {
  const lines = files.reduce((sum, f) => sum + f.lines, 0);
  return [
    `${count(files.length, "file")} under src/, ${count(lines, "line")}; median ${median(files)}, limit ${LIMITS.file}.`,
    table(
      ["file", "lines"],
      files.map((f) => [link(f.path), f.lines]),
    ),
  ].join("\n\n");
}

function functionsTable({ functions }: Survey): string {
  return [
    `${count(functions.length, "function")} with a name; median ${median(functions)}, limit ${LIMITS.function}.`,
    table(
      ["function", "where", "lines"],
      functions.map((f) => [`\`${f.name}\``, link(f.path, f.line), f.lines]),
    ),
  ].join("\n\n");
}

function dependencies({ packages, tree }: Survey): string[] {
  if (packages === null) return ["There is no package-lock.json."];
  const silent = new Set(unexplained(packages, tree));
  const direct = packages.filter((p) => p.kind === "direct");
  return [
    `${direct.length} direct, ${packages.length - direct.length} transitive; ` +
      `${packages.filter((p) => p.use === "runtime").length} at run time. ` +
      `${packages.filter((p) => !p.integrity).length} without an integrity hash. ` +
      "The lock file holds no dates, so ages are not measured.",
    `Licences: ${licenses(packages)
      .map((l) => `${l.license} ${l.count}`)
      .join(", ")}.`,
    table(
      ["direct dependency", "version", "use", "licence", "named in docs/"],
      direct
        .toSorted((a, b) => Number(silent.has(b)) - Number(silent.has(a)))
        .map((p) => [
          `\`${p.name}\``,
          p.version,
          p.use,
          p.license ?? "not stated",
          silent.has(p) ? "**no**" : "yes",
        ]),
      direct.length,
    ),
    table(
      ["package in several versions", "versions"],
      duplicates(packages).map((d) => [`\`${d.name}\``, d.versions.join(", ")]),
    ),
  ];
}

function linkLines({ pages, checked, external, dead }: Links): string[] {
  return [
    `${count(checked, "link")} in ${count(pages, "page")} checked against the files that are here; ` +
      `${external} lead outside and were not followed.`,
    table(
      ["dead link", "on", "what is wrong"],
      dead.map((d) => [`\`${d.target}\``, link(d.path, d.line), d.why]),
      dead.length,
    ),
  ];
}

/** Reports lie in reports/survey/, two folders below the root. */
const link = (path: string, line?: number): string =>
  line === undefined
    ? `[${path}](../../${encodeURI(path)})`
    : `[${path}:${line}](../../${encodeURI(path)}#L${line})`;

function median(all: readonly Sized[]): number {
  return all[Math.floor(all.length / 2)]?.lines ?? 0;
}

function table(head: string[], rows: (string | number)[][], most = ROWS): string {
  if (rows.length === 0) return `No ${head[0]}.`;
  const rest = rows.length > most ? [`\n${rows.length - most} more are not shown.`] : [];
  return [row(head), row(head.map(() => "---")), ...rows.slice(0, most).map(row), ...rest].join("\n");
}

const row = (cells: (string | number)[]): string =>
  `| ${cells.map((c) => String(c).replaceAll("|", "\\|")).join(" | ")} |`;
