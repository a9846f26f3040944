import { Fault } from "../domain/fault.ts";
import type { RefUpdate } from "../port/repo.ts";
import { lastWords } from "./git.ts";
import { checkRef } from "./names.ts";
import { readRefs, unreachable, type Remote } from "./refs.ts";

const PUSH = [
  "push",
  "--atomic",
  "--porcelain",
  "--no-verify",
  "--no-follow-tags",
  "--no-signed",
  "--recurse-submodules=no",
];

/**
 * One atomic push of compare-and-swaps, judged by where the refs are afterwards. False also when everything landed and
 * somebody has moved a ref on since: who gets false looks again before trying again.
 */
export async function pushRefs(remote: Remote, updates: readonly RefUpdate[]): Promise<boolean> {
  if (updates.length === 0) return true;
  const args = [...updates.map(lease), "--end-of-options", remote.name, ...updates.map(spec)];
  const said = await remote.git.run([...PUSH, ...args], { ok: "any" });
  const names = updates.map((u) => u.ref);
  const refs = await readRefs(remote, names);
  if (updates.every((u) => (refs.get(u.ref) ?? null) === u.to)) return true;
  const unmoved = updates.every((u) => (refs.get(u.ref) ?? null) === u.from);
  if (said.code !== 0 && unmoved) throwIfHopeless(remote.name, said.out.toString(), said.err);
  return false;
}

/** An empty value stands for "must not exist". */
const lease = ({ ref, from }: RefUpdate): string => `--force-with-lease=${checkRef(ref)}:${from ?? ""}`;

const spec = ({ ref, to }: RefUpdate): string => `${to ?? ""}:${ref}`;

/** Nothing moved. A lost race may be tried again; a remote that is gone, or that says no to us, will say it again. */
function throwIfHopeless(name: string, out: string, err: string): void {
  const refused = out.split("\n").filter((line) => line.startsWith("!\t"));
  if (refused.length === 0 || refused.some((line) => line.includes("[remote failure]")))
    throw unreachable(name, err);
  if (!refused.some((line) => /\(.*(?:declined|prohibited|denied|deny|refus)/i.test(line))) return;
  throw new Fault("refused", `the remote ${name} does not allow this push: ${lastWords(err)}`, {
    expected: "an account that may push these refs",
    next: "see the remote's branch rules and hooks",
  });
}
