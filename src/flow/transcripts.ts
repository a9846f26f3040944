import { createHash } from "node:crypto";
import { Fault } from "../domain/fault.ts";
import type { Attempt, BeatRecord } from "../domain/record.ts";
import { textOf } from "../domain/text/text.ts";
import { rebuildRequests } from "../domain/prompt/transcript.ts";
import type { World } from "./world.ts";

/** One request of a beat, byte for byte as it was sent. */
export interface SentRequest {
  unit: string;
  attempt: number;
  /** From 1. */
  index: number;
  sha256: string;
  body: string;
}

/** The month's ref on which a beat's transcripts lie. */
export const transcriptRef = (at: string): string => `refs/pullbeat/transcripts/${at.slice(0, 7)}`;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * Rebuilds every request of a beat from its record and its transcripts. A `Fault` says which transcript has expired,
 * which one another version wrote, and where bytes do not have the SHA-256 that the record holds.
 */
export async function beatTranscripts(world: World, record: BeatRecord): Promise<SentRequest[]> {
  const kept = record.attempts.filter((a) => a.transcript !== null);
  const texts = await transcriptsOf(world, record);
  const { version } = world;
  const ref = transcriptRef(record.now);
  return kept.flatMap((a) => requestsOf(a, { transcript: texts.get(a.transcript ?? ""), ref, version }));
}

/** The transcripts of a beat by their SHA-256; one that is missing has expired. */
export async function transcriptsOf(
  { repo }: Pick<World, "repo">,
  { now, attempts }: Pick<BeatRecord, "now" | "attempts">,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const names = attempts.flatMap((a) => (a.transcript === null ? [] : [`${a.transcript}.jsonl`]));
  const head = names.length === 0 ? null : await repo.fetchOne(transcriptRef(now));
  if (head === null) return texts;
  const entries = await repo.entries(head, names);
  const blobs = await repo.blobs(entries.map((e) => e.blob));
  for (const { path, blob } of entries)
    texts.set(path.replace(/\.jsonl$/, ""), textOf(blobs.get(blob) ?? new Uint8Array()) ?? "");
  return texts;
}

interface Kept {
  transcript: string | undefined;
  ref: string;
  version: string;
}

function requestsOf(attempt: Attempt, { transcript, ref, version }: Kept): SentRequest[] {
  const { unit, attempt: number } = attempt;
  if (transcript === undefined)
    throw new Fault("not-found", `the transcript of ${unit}, attempt ${number}, has expired`, {
      expected: `${attempt.transcript}.jsonl on ${ref}`,
      next: "pullbeat log show without --prompt shows the record, which stays",
    });
  const rebuilt = rebuildRequests(transcript, version);
  if (rebuilt.kind === "other-version")
    throw new Fault("refused", `pullbeat ${rebuilt.pullbeat} wrote the transcript of ${unit}`, {
      expected: `pullbeat ${rebuilt.pullbeat}: only it promises the same bytes; this is ${version}`,
      next: `the same command with pullbeat ${rebuilt.pullbeat}`,
    });
  return attempt.requests.map((expected, i) => {
    const body = rebuilt.bodies[i] ?? "";
    if (sha256(transcript) === attempt.transcript && sha256(body) === expected)
      return { unit, attempt: number, index: i + 1, sha256: expected, body };
    throw new Fault("broken", `request ${i + 1} of ${unit} is not the one that the record names`, {
      expected: `bytes with the SHA-256 ${expected}`,
    });
  });
}
