import type { z } from "zod";
import type { Entry } from "../domain/change.ts";
import { dayOfRecord, DigestRecord, type Day, digestRecordPath } from "../domain/digest/record.ts";
import { Fault } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import { Calibration } from "../domain/grading/calibration.ts";
import { Hearing } from "../domain/verdict/hearing.ts";
import type { Sha } from "../domain/id.ts";
import { readObject } from "../domain/text/json.ts";
import { BeatRecord, Control, EndedPull, endedPath, Merge, mergePath, recordPath } from "../domain/record.ts";
import type { Journal } from "../domain/snapshot.ts";
import { textOf } from "../domain/text/text.ts";
import type { Repo } from "../port/repo.ts";
import { findingsOf } from "./issue.ts";
import { parseOnce, type Memo } from "./memo.ts";

/** What a file of the journal says. */
export type Item = Fact | { kind: "bad"; finding: Finding };

type Fact =
  | { kind: "record"; value: BeatRecord }
  | { kind: "control"; value: Control }
  | { kind: "merge"; value: Merge }
  | { kind: "digest"; value: DigestRecord }
  | { kind: "hearing"; value: Hearing }
  | { kind: "calibration"; value: Calibration };

type Placed = Fact & { home: string | null };

/** Where the look back begins: the first day (UTC) of the month before last, so two to three months are seen. */
const windowStart = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 1));

/** Reads the journal's window, and of what lies outside it only the controls and the highest number of a pull. */
export async function readJournal(
  repo: Repo,
  { head, now, memo }: { head: Sha | null; now: Date; memo: Memo<Item> },
): Promise<Journal> {
  const from = windowStart(now);
  const entries = head === null ? [] : await repo.entries(head, folders(from));
  const records: BeatRecord[] = [];
  const controls: Control[] = [];
  const merges: Merge[] = [];
  const digests: DigestRecord[] = [];
  const hearings: Hearing[] = [];
  const calibrations: Calibration[] = [];
  const findings: Finding[] = [];
  const newest = newestDigests(entries, now);
  const files = [
    ...entries.filter((e) => readerOf(e.path) !== null && dayOfRecord(e.path) === null),
    ...newest,
  ];
  const read = (fresh: readonly Entry[]) => repo.blobs(fresh.map((e) => e.blob));
  for (const item of await parseOnce(files, { memo, read, parse })) {
    if (item.kind === "record") records.push(item.value);
    else if (item.kind === "control") controls.push(item.value);
    else if (item.kind === "merge") merges.push(item.value);
    else if (item.kind === "digest") digests.push(item.value);
    else if (item.kind === "hearing") hearings.push(item.value);
    else if (item.kind === "calibration") calibrations.push(item.value);
    else findings.push(item.finding);
  }
  return {
    head,
    records: records.toSorted((a, b) => order(a.ended, b.ended)),
    controls: controls.toSorted((a, b) => order(a.at, b.at)),
    merges: merges.toSorted((a, b) => order(a.at, b.at)),
    digest: digests.at(-1) ?? null,
    hearings: hearings.toSorted((a, b) => order(a.at, b.at)),
    calibrations: calibrations.toSorted((a, b) => order(a.at, b.at)),
    lastPull: entries.reduce((highest, e) => Math.max(highest, pullOf(e.path)), 0),
    from,
    findings,
  };
}

/** A pull that ended, in the window or before it; null when the journal has none of that number. */
export const readEnded = (repo: Repo, head: Sha, number: number): Promise<EndedPull | null> =>
  readOne(repo, head, { path: endedPath(number), schema: EndedPull });

async function readOne<T>(
  repo: Repo,
  head: Sha,
  { path, schema }: { path: string; schema: z.ZodType<T> },
): Promise<T | null> {
  const [entry] = await repo.entries(head, [path]);
  if (entry === undefined) return null;
  const bytes = (await repo.blobs([entry.blob])).get(entry.blob) ?? new Uint8Array();
  const read = decode(bytes, schema);
  if ("value" in read) return read.value;
  throw new Fault("broken", `the journal's ${path} cannot be read: ${read.fault}`);
}

/** The last digest, and the one before it should that be broken; none of days to come, which a wrong clock left. */
const newestDigests = (entries: readonly Entry[], now: Date): Entry[] => {
  const tomorrow = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
  return entries.filter((e) => (dayOfRecord(e.path) ?? "9999") <= tomorrow).slice(-2);
};

/** The digest of a day, as the journal keeps it; null when it has none. */
export async function readDigest(repo: Repo, head: Sha, date: Day): Promise<DigestRecord | null> {
  return readOne(repo, head, { path: digestRecordPath({ date }), schema: DigestRecord });
}

/** The window's months and one more: another machine's clock may be ahead of ours at midnight. */
function folders(from: Date): string[] {
  const months = [0, 1, 2, 3].map((n) => {
    const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + n, 1));
    return month.toISOString().slice(0, 7).replace("-", "/");
  });
  return [
    ...months.flatMap((m) => [`beats/${m}`, `merges/${m}`, `digests/${m}`, `verdicts/${m}`]),
    "calibrations",
    "control",
    "pulls",
  ];
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const pullOf = (path: string): number => Number(/^pulls\/\d+\/(\d+)\.json$/.exec(path)?.[1] ?? 0);

/** How each kind of file is read, and under which path it must lie: elsewhere it would be another one's lock. */
const READERS: readonly [RegExp, z.ZodType<Placed>][] = [
  [
    /^beats\/.*\/record\.json$/,
    BeatRecord.transform((value) => ({ kind: "record" as const, value, home: recordPath(value) })),
  ],
  [
    /^merges\/.*\.json$/,
    Merge.transform((value) => ({ kind: "merge" as const, value, home: mergePath(value) })),
  ],
  [
    /^digests\/.*\.json$/,
    DigestRecord.transform((value) => ({ kind: "digest" as const, value, home: digestRecordPath(value) })),
  ],
  [/^verdicts\/.*\.json$/, Hearing.transform((value) => ({ kind: "hearing" as const, value, home: null }))],
  [
    /^calibrations\/[^/]+\/[^/]+\.json$/,
    Calibration.transform((value) => ({ kind: "calibration" as const, value, home: null })),
  ],
  [/^control\/[^/]+\.json$/, Control.transform((value) => ({ kind: "control" as const, value, home: null }))],
];

const readerOf = (path: string): z.ZodType<Placed> | null =>
  READERS.find(([place]) => place.test(path))?.[1] ?? null;

function parse({ path }: Entry, bytes: Uint8Array): Item {
  const reader = readerOf(path);
  if (reader === null) return bad(path, "the journal has no such files");
  const read = decode(bytes, reader);
  if ("fault" in read) return bad(path, read.fault);
  const { home } = read.value;
  return home === null || home === path ? read.value : bad(path, `what it says belongs at ${home}`);
}

function decode<T>(bytes: Uint8Array, schema: z.ZodType<T>): { value: T } | { fault: string } {
  const text = textOf(bytes);
  const read = text === null ? { fault: "the file is not text" } : readObject(text);
  if ("fault" in read) return read;
  const result = schema.safeParse(read.value, { reportInput: true });
  if (result.success) return { value: result.data };
  const found = findingsOf(result.error.issues, { schema, place: () => ({ file: "", line: 1, column: 1 }) });
  return {
    fault: found
      .slice(0, 3)
      .map((f) => f.message)
      .join("; "),
  };
}

const bad = (file: string, message: string): Item => ({
  kind: "bad",
  finding: { rule: "journal/file", level: "error", message, file, line: 1, column: 1 },
});
