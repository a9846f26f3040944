import { judgeByProgram } from "../engine/trial.ts";
import type { Judge } from "../port/program.ts";
import { host } from "./engines.ts";

const byProgram = judgeByProgram(host);

/** Has gates judge on this machine. */
export const judge: Judge = async (trial) => {
  switch (trial.kind) {
    case "command":
      return { verdict: await byProgram(trial) };
    case "grader":
      return null;
    default:
      return trial satisfies never;
  }
};
