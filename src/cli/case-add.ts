import { Fault } from "../domain/fault.ts";
import { makeCase, type Made } from "../flow/case/add.ts";
import { read } from "../flow/read.ts";
import type { Page } from "../flow/save.ts";
import type { ExitCode } from "./exit.ts";
import { findPull, numberOf } from "./pull.ts";
import { rescued, savedLines, savedRow, write, type Bench, type WriteOptions } from "./save.ts";
import { show, whoami, type Shell } from "./shell.ts";

interface CaseOptions extends WriteOptions {
  good?: boolean;
  lacks?: string[];
  says?: string[];
}

/** `pullbeat case add <pull>`: what was wrong, as a file of the person's beside the spec. */
export async function caseAdd(
  shell: Shell,
  [number]: readonly string[],
  options: CaseOptions,
): Promise<ExitCode> {
  const { good = false, why, lacks = [], says = [] } = options;
  const odd = good ? [lacks, "--lacks is for what was wrong"] : [says, "--says is for what is right: --good"];
  if (odd[0] !== undefined && odd[0].length > 0)
    throw new Fault("usage", String(odd[1]), { expected: good ? "--says" : "--lacks" });
  const world = await shell.open();
  const snapshot = await read(world);
  const pull = await findPull(world, snapshot, numberOf(number));
  const by = await whoami(shell, snapshot.fleet, options.as);
  const told = why === undefined ? null : { by, why };
  const made = await makeCase(world, snapshot, { pull, good, told, lacks, says });
  const saved = await write(shell, options, {
    rescue: rescued(() => made.path),
    compose: (bench) => Promise.resolve(pageOf(bench, made)),
  });
  if (saved === null) throw new Fault("broken", "a new case was no change");
  const dry = options.dryRun === true;
  const value = { case: made.case, replies: made.replies.path, ...savedRow(saved, dry) };
  show(shell, value, () => [...savedLines(shell, saved, dry), ...endOf(made)]);
  return 0;
}

function pageOf({ ground }: Bench, { path, text, replies, case: file }: Made): Page {
  const taken = ground.fleet.entries.find((e) =>
    [path, replies.path].some((p) => p.toLowerCase() === e.path.toLowerCase()),
  );
  if (taken !== undefined)
    throw new Fault("refused", `${taken.path} is there already`, {
      expected: "a pull of which no case is kept yet",
      next: `git rm ${path} ${replies.path}, commit and push, to keep it anew`,
    });
  return { path, text, beside: replies, subject: `Keep case ${file.case}` };
}

/** What catches it, in a line. */
function endOf({ case: file }: Made): string[] {
  const run = `pullbeat case run ${file.agent}`;
  if (file.kind === "good")
    return [`it must make ${file.makes.join(", ")}; ${run} says whether gates let it`];
  if (file.caught_by.length > 0)
    return [`caught today by ${file.caught_by.join(", ")}; ${run} says when it is not any more`];
  return ["no gate catches it: only a person or a grader did"];
}
