import { Sha } from "../domain/id.ts";
import { LIMITS, Refused } from "../domain/airlock.ts";
import type { Parcel } from "../port/airlock.ts";

/** gitformat-bundle(5): version 3 is needed only to name another hash than SHA-1. */
const titleOf = (idLength: number): string =>
  idLength === 64 ? "# v3 git bundle\n@object-format=sha256\n" : "# v2 git bundle\n";

/** A bundle of one ref with one prerequisite. */
export function writeBundle({ ref, parent }: Parcel, head: Sha, pack: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${titleOf(head.length)}-${parent}\n${head} ${ref}\n\n`), pack]);
}

/** The header of a bundle is at most this long: a title, a prerequisite with a comment, a ref. */
const HEADER = 4096;

/** Reads a bundle's header without git. Throws `Refused` unless it has exactly the ref and the prerequisite of `parcel`. */
export function readBundle({ ref, parent }: Parcel, bundle: Buffer): { head: Sha; pack: Buffer } {
  if (bundle.length > LIMITS.bundle)
    throw new Refused("huge", `it is ${bundle.length} bytes long; at most ${LIMITS.bundle} are taken`);
  const title = titleOf(parent.length);
  if (!bundle.subarray(0, title.length).equals(Buffer.from(title)))
    throw new Refused("bundle", "it does not begin like a git bundle");
  const end = bundle.subarray(0, HEADER).indexOf("\n\n");
  if (end < 0) throw new Refused("bundle", "its header has no end");
  const lines = bundle.toString("latin1", title.length, end).split("\n");
  const needed = lines.filter((l) => l.startsWith("-"));
  // git puts the subject of the commit behind its id.
  if (needed.length !== 1 || needed[0]?.split(" ", 1)[0] !== `-${parent}`)
    throw new Refused("base", `it builds on ${told(needed)}; expected exactly ${parent}`);
  const refs = lines.filter((l) => !l.startsWith("-"));
  return { head: headOf(refs, { ref, parent }), pack: bundle.subarray(end + 2) };
}

function headOf(refs: readonly string[], { ref, parent }: Parcel): Sha {
  const [id, name] = refs[0]?.split(/ (.*)/s) ?? [];
  const head = Sha.safeParse(id);
  if (refs.length === 1 && name === ref && head.success && head.data.length === parent.length)
    return head.data;
  throw new Refused("ref", `it carries ${told(refs)}; expected exactly the ref ${ref}`);
}

/** A stranger's lines, short and without anything that a log or a page would act on. */
const told = (lines: readonly string[]): string =>
  lines.length === 0
    ? "nothing"
    : lines
        .slice(0, 3)
        .map((l) => JSON.stringify(l.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 120)))
        .join(" and ");
