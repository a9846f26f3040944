import { digest } from "../../domain/digest/digest.ts";
import type { DigestRecord } from "../../domain/digest/record.ts";
import type { PullNumber } from "../../domain/id.ts";
import { readBranch, type PullDraft } from "../../domain/pull/pull.ts";
import { digestPull } from "../../domain/pull/pull-text.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { recall } from "./recall.ts";
import type { World } from "../world.ts";

/** The pull of a digest. It is about no unit, and so in no task's way. */
export async function digestDraft(
  world: World,
  { date, branch, base }: DigestRecord,
  text: string,
): Promise<PullDraft> {
  const { title, body } = digestPull(date, text);
  const { landed } = await import("../verdict/links.ts");
  return {
    title,
    body: await landed(world, body, { base, head: base, changes: [] }),
    kind: "digest",
    unit: null,
    task: null,
    agent: null,
    attempt: readBranch(branch)?.attempt ?? 1,
    branch,
    base,
  };
}

/** Opens the pull of the newest digest when a crash came before it: its branch stands, and has none. */
export async function reopenDigest(
  world: World,
  { journal, branches, pulls }: Snapshot,
): Promise<PullNumber | null> {
  const record = journal.digest;
  const stands = branches.some((b) => b.name === record?.branch);
  if (record === null || !stands || pulls.some((p) => p.branch === record.branch)) return null;
  return world.forge.open(await digestDraft(world, record, digest(await recall(world, record))));
}
