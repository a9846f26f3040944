import type { Diagnosis } from "../domain/doctor/facts.ts";
import { examine } from "../flow/doctor.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { show, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";

/** `pullbeat doctor`: exit code 1 when something is set up wrong, or cannot be told. Changes nothing. */
export async function doctor(shell: Shell): Promise<ExitCode> {
  const { openCheckup } = await import("../wire.ts");
  const findings = await examine(await openCheckup({ dir: shell.dir, now: shell.now }));
  const counts = countsOf(findings);
  const ok = counts.wrong + counts.unknown === 0;
  show(shell, { ok, counts, findings }, () => pageOf(findings, shell.terminal));
  return ok ? 0 : 1;
}

const LEVELS = ["wrong", "unknown", "note"] as const;

const countsOf = (findings: readonly Diagnosis[]) => {
  const [wrong = 0, unknown = 0, notes = 0] = LEVELS.map(
    (level) => findings.filter((f) => f.level === level).length,
  );
  return { wrong, unknown, notes };
};

/** What to mend, numbered in the order to do it; what to know comes after. */
export function pageOf(findings: readonly Diagnosis[], terminal: Terminal): string[] {
  const { red, yellow, green, dim, columns } = terminal;
  const shared = sharedFix(findings);
  const shown = findings.map((f) => (f.fix === shared && f.level === "unknown" ? { ...f, fix: null } : f));
  const [notes, steps] = [shown.filter(isNote), shown.filter((f) => !isNote(f))];
  const rows = [
    ...steps.map(
      (f, i) => [`${i + 1}.`, f.level === "wrong" ? red("wrong") : yellow("cannot be told"), f] as const,
    ),
    ...notes.map((f) => ["", dim("note"), f] as const),
  ];
  // A command is copied: it is never broken. In a pipe a finding is one line, so that it can be searched.
  const lines =
    columns === 0
      ? table(
          rows.map(([number, level, { what, fix }]) => [
            number,
            level,
            fix === null ? what : `${what}  ${ARROW} ${fix}`,
          ]),
          0,
        )
      : rows.flatMap(([number, level, { what, fix }]) => [
          ...table([[number.padEnd(2), level, what]], columns),
          ...(fix === null ? [] : [`    ${ARROW} ${fix}`]),
        ]);
  const { wrong, unknown } = countsOf(findings);
  const summary = [
    ...(wrong > 0 ? [red(`${wrong} set up wrong`)] : []),
    ...(unknown > 0 ? [yellow(`${unknown} cannot be told`)] : []),
  ].join(", ");
  const more = shared === null ? [] : [`${yellow("to be told all of it")}  ${ARROW} ${shared}`];
  return [...lines, ...more, summary === "" ? green("nothing is set up wrong") : summary];
}

/** The one command that several of what cannot be told would be told by: it is shown once. */
function sharedFix(findings: readonly Diagnosis[]): string | null {
  const fixes = findings.flatMap((f) => (f.level === "unknown" && f.fix !== null ? [f.fix] : []));
  return fixes.find((fix, i) => fixes.indexOf(fix) !== i) ?? null;
}

const isNote = ({ level }: Diagnosis): boolean => level === "note";

const ARROW = "->";
