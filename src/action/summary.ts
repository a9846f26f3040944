import { cleanLine } from "../domain/text/clean.ts";

/** GitHub shows a summary of at most 1 MiB. */
const MOST = 1_000_000;

/** A row of the tick's table. */
export interface SummaryRow {
  agent: string;
  outcome: string;
  reason: string;
  attempts: readonly {
    task: string;
    outcome: string;
    reason: string;
    pull: number | null;
    tokens: number;
    usd: number | null;
  }[];
}

/** Agents' words in a cell: one line, nothing that a page acts on, no bar that would end the cell. */
const cell = (text: string): string => cleanLine(text, 300).replaceAll("\\", "\\\\").replaceAll("|", "\\|");

/** Who did what, as a table; those who rest are folded away. */
export function tickTable(title: string, rows: readonly SummaryRow[]): string {
  const awake = rows.filter((r) => r.outcome !== "rested");
  const rested = rows.filter((r) => r.outcome === "rested");
  const lines = [
    `## ${title}`,
    "",
    ...(awake.length === 0
      ? ["Nothing is due."]
      : [
          "| agent | outcome | why | came to | tokens | cost |",
          "| --- | --- | --- | --- | ---: | ---: |",
          ...awake.map(row),
        ]),
    "",
    ...(rested.length === 0
      ? []
      : [
          `<details><summary>${rested.length} rest</summary>`,
          "",
          "| agent | why |",
          "| --- | --- |",
          ...rested.map((r) => `| ${cell(r.agent)} | ${cell(r.reason)} |`),
          "",
          "</details>",
          "",
        ]),
  ];
  return fitted(lines);
}

function row({ agent, outcome, reason, attempts }: SummaryRow): string {
  const came = attempts.map(
    (a) => `${a.task} ${a.outcome}${a.pull === null ? "" : ` (pull ${a.pull})`}: ${a.reason}`,
  );
  const tokens = attempts.reduce((sum, a) => sum + a.tokens, 0);
  const usd = attempts.reduce((sum, a) => sum + (a.usd ?? 0), 0);
  const cells = [
    cell(agent),
    outcome,
    cell(reason),
    came.map(cell).join("<br>"),
    String(tokens),
    `$${usd.toFixed(4)}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A list of plain lines under a title. */
export const listing = (title: string, lines: readonly string[]): string =>
  fitted([`## ${title}`, "", ...lines.map((l) => `- ${cell(l)}`), ""]);

/** Whole lines, as many as are shown; what is left out is said. */
function fitted(lines: readonly string[]): string {
  let size = 0;
  const kept = lines.filter((line) => (size += Buffer.byteLength(line) + 1) < MOST);
  const rest = lines.length - kept.length;
  return `${[...kept, ...(rest === 0 ? [] : ["", `… and ${rest} lines more, in the log`])].join("\n")}\n`;
}
