import type { Tally } from "../domain/case/live.ts";
import { isFinding, type Outcome } from "../domain/case/outcome.ts";
import { cleanLine } from "../domain/text/clean.ts";
import type { Compared } from "../flow/case/compare.ts";
import { isToLookAt, type Ran } from "../flow/case/run.ts";
import { wrap } from "./layout.ts";
import type { Terminal } from "./terminal.ts";
import { dollars } from "./words.ts";

/** One case as `case run --json` tells it. */
export const rowOf = (ran: Ran) => {
  const { path, case: file, outcome, lived } = ran;
  return {
    file: path,
    case: file?.case ?? null,
    agent: file?.agent ?? null,
    kind: file?.kind ?? null,
    pull: file?.pull ?? null,
    outcome: outcome.kind,
    finding: isToLookAt(ran),
    by: "by" in outcome ? outcome.by : [],
    says: saysOf(outcome),
    live: lived,
  };
};

/** What there is to read about an outcome. */
function saysOf(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case "caught":
    case "refused":
      return outcome.says;
    case "escaped":
      return [`caught once by ${outcome.was.join(", ")}, and no longer caught`];
    case "untold":
      return [outcome.why];
    case "open":
    case "kept":
      return [];
    default:
      return outcome satisfies never;
  }
}

/** All of them, and how many there are to look at. */
export function linesOf(
  { ran, left, name }: { ran: readonly Ran[]; left: number; name: string | undefined },
  terminal: Terminal,
): string[] {
  if (ran.length === 0) return [`${name ?? "nobody"} has no cases yet: pullbeat case add <pull>`];
  const odd = ran.filter(isToLookAt).length;
  const fine = `${ran.length} of ${ran.length} as they should be`;
  return [
    ...ran.flatMap((r) => caseLines(r, terminal)),
    "",
    odd === 0 ? fine : `${odd} of ${ran.length} to look at`,
    ...(left === 0 ? [] : [terminal.yellow(`${left} more were not run`)]),
  ];
}

function caseLines({ path, case: file, outcome, lived }: Ran, terminal: Terminal): string[] {
  const { dim, columns } = terminal;
  const name = file === null ? path : `${file.agent} ${file.case}`;
  const detail = isFinding(outcome) && outcome.kind !== "escaped" ? saysOf(outcome).slice(0, 4) : [];
  const live = file === null || lived === null ? [] : livedLine(file.kind, lived);
  return [
    ...wrap(`${headOf(outcome, terminal)}  ${name}`, columns, "  "),
    ...detail.flatMap((line) => wrap(`  ${dim(cleanLine(line, 300))}`, columns, "    ")),
    ...live.flatMap((line) => wrap(`  ${cleanLine(line, 300)}`, columns, "    ")),
  ];
}

function headOf(outcome: Outcome, { green, red, yellow }: Terminal): string {
  switch (outcome.kind) {
    case "caught":
      return green(
        `caught by ${outcome.by.join(", ")}${outcome.anew ? " (nothing did when it was kept)" : ""}`,
      );
    case "escaped":
      return red(`no longer caught (once by ${outcome.was.join(", ")})`);
    case "open":
      return yellow("no gate catches it, as when it was kept");
    case "kept":
      return green("still let through");
    case "refused":
      return red(`right, and refused by ${outcome.by.join(", ")}`);
    case "untold":
      return red("nobody can tell");
    default:
      return outcome satisfies never;
  }
}

/** Before and after, as k of n, with what it cost. */
function livedLine(kind: "wrong" | "good", { before, now }: NonNullable<Ran["lived"]>): string[] {
  const what = kind === "wrong" ? "made again" : "done right";
  const then = before === null ? "" : `by the spec of then ${tallyText(before)}; by the one of now `;
  return [`live, ${what}: ${then}${tallyText(now)}`, ...(now.why === null ? [] : [`such as: ${now.why}`])];
}

function tallyText({ k, n, unjudged, broken, usd }: Tally): string {
  const person = unjudged > 0 ? `, ${unjudged} that only a person can judge` : "";
  const off = broken > 0 ? `, ${broken} that broke off` : "";
  return `${k} of ${n}${person}${off} (${dollars(usd)})`;
}

/** What a pull that changes a spec or the gates does to cases, and how to see more. */
export function comparedLines(compared: readonly Compared[], pull: number): string[] {
  return compared.flatMap(({ agent, cases, fine, moved, left }) => [
    `- ${agent}: ${fine.merged} of ${cases} are as they should be with this pull, ${fine.now} without it${left === 0 ? "" : `; ${left} more were not played`}`,
    ...moved.map((m) => `  ${m.case}: ${m.now} now, ${m.merged} with it`),
    `  more, and what the model itself does: pullbeat case run ${agent} --pull ${pull} --live`,
  ]);
}
