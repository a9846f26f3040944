import type { Rehearsed } from "../flow/beat/dry-run.ts";
import { barred, block, leftOut, plain, titled, type Page } from "./beat-page.ts";
import { table, wrap } from "./layout.ts";
import { patchOf } from "./patch.ts";
import { counted, inert, visible } from "./step-words.ts";
import { dollars } from "./words.ts";

/** What came of an attempt: its diff, every gate's word, how it would end, and what it cost. */
export function endLines(done: Rehearsed, page: Page): string[] {
  return [
    ...diffLines(done, page),
    ...gateLines(done, page),
    ...wouldEnd(done, page),
    ...costLines(done, page),
  ];
}

/** Lines of a diff that are shown without `--full`. */
const MOST_DIFF = 80;

function diffLines({ changes, attempt }: Rehearsed, { terminal, full }: Page): string[] {
  const { bold, red, green, dim, columns } = terminal;
  if (changes.length === 0)
    return [bold("Diff"), dim(attempt.outcome === "failed" ? "  none is kept" : "  none")];
  const lines = visible(patchOf(changes)).replace(/\n$/, "").split("\n");
  const shown = full ? lines : lines.slice(0, MOST_DIFF);
  const paint = (line: string): string[] => {
    const colour = line.startsWith("+") ? green : line.startsWith("-") ? red : plain;
    return barred(line, columns).map(colour);
  };
  const gone = lines.length - shown.length;
  return [
    `${bold("Diff")} ${dim(counted(changes.length, "file"))}`,
    ...shown.flatMap(paint),
    ...(gone === 0 ? [] : [dim(leftOut(gone))]),
  ];
}

function gateLines({ verdict }: Rehearsed, { terminal }: Page): string[] {
  const { bold, green, red, yellow, dim, columns } = terminal;
  const paint = { pass: green, fail: red, inconclusive: yellow };
  if (verdict === null) return [bold("Gates"), dim("  none was asked")];
  const rows = verdict.gates.map((g) => [
    `  ${paint[g.ruling](g.ruling)}`,
    g.gate,
    [g.sentence, ...g.details].map(inert).join("\n"),
  ]);
  return [bold("Gates"), ...table(rows, columns)];
}

function wouldEnd({ attempt, planned, park }: Rehearsed, page: Page): string[] {
  const { terminal } = page;
  const { red, green, yellow, columns } = terminal;
  const { outcome, reason, failure, question, result } = attempt;
  const pull =
    planned.pull === null ? `would open a pull from ${planned.branch}` : `would go onto pull ${planned.pull}`;
  const [colour, word] = {
    proposed: [green, `finished${result === null ? "" : ` with ${result}`}, and ${pull}`] as const,
    clean: [green, "finished: nothing had to change, so there would be no pull"] as const,
    asked: [yellow, `asks a person, and ${pull}`] as const,
    failed: [red, `failed (${failure}): ${inert(reason)}`] as const,
  }[outcome];
  const asked = question === null ? [] : Object.entries(question).map(([key, text]) => `${key}: ${text}`);
  return [
    ...titled("End", word, { terminal, colour }),
    ...block([attempt.summary, ...asked].filter((t) => t !== "").join("\n"), page, {
      head: 12,
      tail: 0,
    }).filter((l) => l !== "  │"),
    ...(park === null ? [] : wrap(`  and its task would be parked: ${inert(park)}`, columns, "  ").map(red)),
  ];
}

const n = (count: number): string => count.toLocaleString("en-US");

function costLines({ attempt }: Rehearsed, { terminal, snapshot, agent }: Page): string[] {
  const { spent, engine } = attempt;
  const budget = snapshot.fleet.agents.get(agent)?.spec.budget.attempt;
  if (budget === undefined) return [];
  const tokens = spent.tokens.input + spent.tokens.output;
  const parts = [
    `${n(spent.steps)} of ${n(budget.steps)} calls`,
    `${n(tokens)} of ${n(budget.tokens)} tokens`,
    spent.usd === null
      ? `price unknown, so ${dollars(budget.usd)} bind nothing`
      : `${dollars(spent.usd)} of ${dollars(budget.usd)}`,
    `${Math.round(spent.ms / 1000)} s of ${budget.minutes} min`,
  ];
  const label = engine.scripted ? " (scripted)" : "";
  return titled("Cost", `${parts.join(", ")}${label}`, {
    terminal,
    colour: engine.scripted ? terminal.yellow : plain,
  });
}
