import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { cleanLine, cleanText } from "../domain/text/clean.ts";
import { instantOf } from "../domain/id.ts";
import { readObject } from "../domain/text/json.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import { inconclusive } from "../gate/gate.ts";
import type { ProgramTrial } from "../port/program.ts";
import { bareEnv } from "./bare.ts";
import { privateTree, type PrivateTree } from "./private-tree.ts";
import { run, type Ended, type Host } from "./program.ts";

/**
 * Runs gates' programs: each in a private folder that holds what it reads of the judged tree and, over it, its own files
 * as the tip has them, with a clean environment and no key. What it leaves behind is thrown away. It is people's code, and
 * its process is not fenced.
 *
 * `PULLBEAT_CHANGED` names a file with the changed paths, one a line. Exit code 0 passes, 1 fails. Its last line on stdout
 * may be `{"sentence": "…", "details": ["…"]}`; otherwise that line is the sentence.
 */
export const judgeByProgram =
  (host: Host) =>
  async (trial: ProgramTrial): Promise<GateVerdict> => {
    const { settings, judged, tip } = trial;
    const tree = await privateTree([
      { tree: judged, globs: settings.reads },
      { tree: tip, globs: settings.files },
    ]);
    try {
      return verdictOf(trial, await ended(trial, tree, host));
    } finally {
      await tree.remove();
    }
  };

async function ended(
  { gate, settings, changed, now }: ProgramTrial,
  tree: PrivateTree,
  host: Host,
): Promise<Ended> {
  const list = join(tree.home, "changed.txt");
  await writeFile(list, changed.map((path) => `${path}\n`).join(""));
  const env = {
    ...bareEnv(host, tree.home),
    PULLBEAT_GATE: gate,
    PULLBEAT_CHANGED: list,
    PULLBEAT_NOW: instantOf(now),
  };
  const signal = AbortSignal.timeout(Math.round(settings.minutes * 60_000));
  return run({ command: settings.run, cwd: tree.root, env, signal }, host);
}

/** The last line that a program may say for itself. */
const Said = z.strictObject({
  sentence: z.string().trim().min(1),
  details: z.array(z.string()).max(1000).default([]),
});

function verdictOf({ gate, settings }: ProgramTrial, { by, stdout, stderr }: Ended): GateVerdict {
  const last = cleanLine(linesOf(stderr).at(-1) ?? "", 200);
  const words = last === "" ? "" : `: ${last}`;
  switch (by.kind) {
    case "aborted":
      return inconclusive(gate, `it took longer than ${settings.minutes} minutes`);
    case "start":
      return inconclusive(gate, `its program could not be started: ${by.why}`);
    case "signal":
      return inconclusive(gate, `its program was ended by ${by.name}${words}`);
    case "exit":
      return by.code > 1
        ? inconclusive(gate, `its program broke with exit code ${by.code}${words}`)
        : ruledBy(gate, by.code === 0 ? "pass" : "fail", stdout);
    default:
      return by satisfies never;
  }
}

function ruledBy(gate: string, ruling: "pass" | "fail", stdout: string): GateVerdict {
  const last = linesOf(stdout).at(-1)?.trim() ?? "";
  const said = saidIn(last, ruling);
  if (said === null)
    return inconclusive(
      gate,
      `its last line must be {"sentence": "…", "details": ["…"]}, and is ${cleanText(last, 200)}`,
    );
  const details = said.details.slice(0, 100).map((d) => cleanLine(d, 400));
  return { gate, ruling, sentence: cleanLine(said.sentence, 400), details, mendable: true };
}

/** Null for a line that is meant as JSON and is not what was agreed. */
function saidIn(last: string, ruling: "pass" | "fail"): z.infer<typeof Said> | null {
  if (!last.startsWith("{")) return { sentence: last || `its program says ${ruling}`, details: [] };
  const object = readObject(last);
  return "fault" in object ? null : (Said.safeParse(object.value).data ?? null);
}

const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== "");
