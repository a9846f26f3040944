import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Hearing } from "../../src/domain/verdict/hearing.ts";
import { readBranch } from "../../src/domain/pull/pull.ts";
import { BeatRecord, Control, EndedPull, JOURNAL, Merge } from "../../src/domain/record.ts";

/** What a story leaves behind, without what may differ from run to run: numbers of pulls and attempts, ids, times. */
export interface Remains {
  /** Of claims, work branches and pulls none is left at a story's end. */
  refs: string[];
  /** Mode, blob and path of every file of the base branch; of digests, which tell when they were made, the path alone. */
  base: string[];
  /** `agent@slot outcome` of those who have a schedule. */
  slots: string[];
  /** What became of each unit, attempt by attempt. */
  attempts: string[];
  /** Each pull that ended, with exactly what it changed. */
  pulls: string[];
  controls: string[];
  merges: string[];
  /** What gates' programs said of which unit; how often each was asked may differ. */
  heard: string[];
  /** Units of which a transcript was recorded and not kept. */
  lost: string[];
  /** Commits of the journal that are merges, and files that did not stay as they were added. */
  rewritten: string[];
}

/** They have no schedule: their slots are the minutes of ticks. */
const WOKEN = ["writer", "second", "scribe"];

const run = promisify(execFile);

/** Reads a bare repository. */
export async function remainsOf(origin: string): Promise<Remains> {
  const git = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await run("git", args, { cwd: origin, maxBuffer: 2 ** 26 });
    return stdout.split("\n").filter((line) => line !== "");
  };
  const read = async (folder: string): Promise<unknown[]> => {
    const paths = await git("ls-tree", "-r", "--name-only", JOURNAL, `${folder}/`);
    const texts = paths.map((path) => git("cat-file", "blob", `${JOURNAL}:${path}`));
    return (await Promise.all(texts)).map((lines): unknown => JSON.parse(lines.join("\n")));
  };
  const refs = await git("for-each-ref", "--format=%(refname)");
  const records = (await read("beats")).map((r) => BeatRecord.parse(r));
  const attempts = records.flatMap((r) => r.attempts);
  const controls = (await read("control")).map((c) => Control.parse(c));
  const hearings = (await read("verdicts")).map((h) => Hearing.parse(h));
  const merges = (await read("merges")).map((m) => Merge.parse(m));
  const pulls = (await read("pulls")).map(async (file) => {
    const { unit, kind, state, base, head } = EndedPull.parse(file);
    const changes = kind === "digest" ? [] : await git("diff-tree", "-r", base, head ?? base);
    return [unit, kind, state, ...changes].join(" ");
  });
  const transcripts = refs.filter((ref) => ref.startsWith("refs/pullbeat/transcripts/"));
  const kept = await Promise.all(transcripts.map((ref) => git("ls-tree", "--name-only", ref)));
  return {
    refs,
    base: (await git("ls-tree", "-r", "main")).map((line) => line.replace(/^.*\t(?=digest\/)/, "")),
    slots: records.filter((r) => !WOKEN.includes(r.agent)).map((r) => `${r.agent}@${r.slot} ${r.outcome}`),
    attempts: attempts
      .map((a) => [a.unit, a.outcome, ...(a.failure === null ? [] : [a.failure])].join(" "))
      .toSorted(),
    pulls: (await Promise.all(pulls)).toSorted(),
    controls: controls
      .map((c) => `${c.verb} ${"unit" in c.target ? c.target.unit : ""} by ${c.who}`)
      .toSorted(),
    merges: merges
      .map((m) =>
        [`${m.unit} ${m.kind} by ${m.approvals.map((a) => a.login).join()}`, ...(m.redone ?? [])].join(" "),
      )
      .toSorted(),
    heard: [
      ...new Set(hearings.map((h) => `${readBranch(h.branch)?.unit} ${h.gate} ${h.verdict.ruling}`)),
    ].toSorted(),
    lost: attempts.filter((a) => !kept.flat().includes(`${a.transcript}.jsonl`)).map((a) => a.unit),
    rewritten: [
      ...(await git("rev-list", "--min-parents=2", JOURNAL)),
      ...(await git("log", "--format=", "--name-status", "--diff-filter=a", JOURNAL)),
    ],
  };
}
