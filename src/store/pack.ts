import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { z } from "zod";
import { Sha } from "../domain/id.ts";
import { LIMITS, Refused } from "../domain/airlock.ts";

/** An object as it came in a pack, whole. */
export interface Packed {
  kind: "commit" | "tree" | "blob";
  content: Buffer;
}

/** Deltas are refused: a delta against an object that only we have would copy what its sender may not see. */
const KINDS: readonly (Packed["kind"] | undefined)[] = [undefined, "commit", "tree", "blob"];

const HEAD = 12;

const hashOf = (bytes: Buffer, algorithm: string): string =>
  createHash(algorithm).update(bytes).digest("hex");

/**
 * Every object of a pack by its id, read without git. What is larger than the limits is not unpacked to find out how
 * large it is. Throws `Refused` for whatever is not exactly a pack of whole objects; `idLength`: hex digits of an id.
 */
export function readPack(pack: Buffer, idLength: number): Map<Sha, Packed> {
  const algorithm = idLength === 64 ? "sha256" : "sha1";
  const size = idLength / 2;
  const end = pack.length - size;
  if (end < HEAD || pack.toString("latin1", 0, 4) !== "PACK" || pack.readUInt32BE(4) !== 2)
    throw new Refused("pack", "it holds no pack of git's version 2");
  const count = pack.readUInt32BE(8);
  if (count > LIMITS.objects)
    throw new Refused("huge", `its pack says that it holds ${count} objects; at most ${LIMITS.objects} may`);
  if (hashOf(pack.subarray(0, end), algorithm) !== pack.toString("hex", end))
    throw new Refused("pack", "its pack is cut off or changed: the checksum differs");
  const found = new Map<Sha, Packed>();
  let at = HEAD;
  let total = 0;
  for (let n = 0; n < count; n++) {
    const head = readHead(pack, at, end);
    total += head.size;
    if (total > LIMITS.unpacked)
      throw new Refused("huge", `unpacked it is larger than ${LIMITS.unpacked} bytes`);
    const { content, next } = unpack(pack.subarray(head.next, end), head.size);
    at = head.next + next;
    const id = Sha.parse(
      createHash(algorithm).update(`${head.kind} ${content.length}\0`).update(content).digest("hex"),
    );
    found.set(id, { kind: head.kind, content });
  }
  if (at !== end) throw new Refused("pack", "its pack goes on behind its last object");
  return found;
}

/** Three bits of kind and a size in groups of seven bits, lowest first (gitformat-pack(5)). */
function readHead(
  pack: Buffer,
  from: number,
  end: number,
): Pick<Packed, "kind"> & { size: number; next: number } {
  let at = from;
  const byte = (): number => {
    if (at >= end) throw new Refused("pack", "its pack ends in the middle of an object");
    return pack.readUInt8(at++);
  };
  let next = byte();
  const kind = KINDS[(next >> 4) & 7];
  if (kind === undefined)
    throw new Refused("pack", "its pack holds a delta or a tag; expected whole objects");
  let size = next & 15;
  for (let scale = 16; next >= 128; scale *= 128) {
    next = byte();
    size += (next & 127) * scale;
    if (size > LIMITS.unpacked)
      throw new Refused("huge", `one of its objects is larger than ${LIMITS.unpacked} bytes`);
  }
  return { kind, size, next: at };
}

/** What zlib says under `info`, which its types leave out. */
const Inflated = z.object({ buffer: z.instanceof(Buffer), engine: z.object({ bytesWritten: z.int() }) });

function unpack(bytes: Buffer, size: number): { content: Buffer; next: number } {
  try {
    // zlib cannot promise no output at all: one byte more than was said is enough to catch a lie.
    const said = inflateSync(bytes, { info: true, maxOutputLength: size + 1 });
    const { buffer, engine } = Inflated.parse(said);
    if (buffer.length === size) return { content: buffer, next: engine.bytesWritten };
  } catch {
    // Said below, as for an object of another size.
  }
  throw new Refused("pack", "an object of its pack does not unpack to the size that it names");
}
