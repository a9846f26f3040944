import { monthOf, type Month } from "../domain/actions/month.ts";
import { read } from "../flow/read.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { show, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";

/** `pullbeat plan --month`: jobs, minutes, tokens, dollars and API calls before anybody pays them. */
export async function month(shell: Shell): Promise<ExitCode> {
  const world = await shell.open();
  const said = monthOf(await read(world));
  show(shell, said, () => lines(said, shell.terminal));
  return 0;
}

/** The same in one line, for who only begins. */
export const monthLine = (m: Month): string =>
  `on Actions about ${m.ticks} ticks, ${m.jobs} jobs, ${m.minutes} billed minutes (a private repository has 2,000 free ones) and ${m.agents.some((a) => a.atMost) ? "at most " : ""}${dollars(m.usd)} for models; pullbeat plan --month says more`;

function lines(m: Month, terminal: Terminal): string[] {
  const rows = m.agents.map((a) => [
    a.agent,
    `${a.beats} beats`,
    `${a.minutes} min`,
    `${a.atMost ? "at most " : ""}${count(a.tokens)} tokens`,
    `${a.atMost ? "at most " : ""}${dollars(a.usd)}`,
  ]);
  const unknown = m.agents.some((a) => a.atMost);
  return [
    terminal.bold(`The next ${m.days} days on GitHub Actions, about:`),
    `${m.ticks} ticks (${m.idle} of them idle, one job each), by cron in UTC: ${m.crons.join("; ")}`,
    `${m.jobs} jobs, ${m.minutes} billed minutes; a private repository has 2,000 free ones a month`,
    `${m.beats} beats, ${count(m.tokens)} tokens, ${dollars(m.usd)}, ${count(m.calls)} API calls of GitHub`,
    "",
    ...table(rows, terminal.columns),
    ...(unknown
      ? [
          "",
          terminal.dim(
            "at most: it has not worked yet; its budget for one task a beat stands for what it would use",
          ),
        ]
      : []),
    terminal.dim(
      "Ticks that begin because a merge made something ready, or a gate must judge again, come on top.",
    ),
  ];
}

const count = (n: number): string => n.toLocaleString("en-US");
const dollars = (usd: number): string => `$${usd.toFixed(2)}`;
