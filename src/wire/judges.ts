import { performance } from "node:perf_hooks";
import { VERSION } from "../domain/version.ts";
import type { Chance } from "../domain/id.ts";
import { judgeByGrader } from "../engine/grader.ts";
import { judgeByProgram } from "../engine/trial.ts";
import type { Judge } from "../port/program.ts";
import { layTable } from "../tool/grade.ts";
import { graderModel, host, unableToGrade } from "./engines.ts";

const byProgram = judgeByProgram(host);

/** Has gates judge on this machine. `scripts`: a folder at the tip with `<agent>.jsonl` for models that are played. */
export function judgeHere({ scripts, chance }: { scripts: string | undefined; chance: Chance }): Judge {
  const byGrader = judgeByGrader({
    model: (trial, nonce) => graderModel(trial, { nonce, scripts }),
    unable: (trial) => unableToGrade(trial, scripts),
    layTable,
    pullbeat: VERSION,
    chance,
    tick: () => performance.now(),
  });
  return async (trial) => {
    switch (trial.kind) {
      case "command":
        return { verdict: await byProgram(trial) };
      case "grader":
        return byGrader(trial);
      default:
        return trial satisfies never;
    }
  };
}
