import { settle as runSettle } from "../flow/settle/settle.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Shell } from "./shell.ts";
import { settledLines } from "./words.ts";

/** `pullbeat settle`: safe at any time, any number of times. */
export async function settle(shell: Shell): Promise<ExitCode> {
  const settled = await runSettle(await shell.open());
  show(shell, settled, () => settledLines(settled));
  return 0;
}
