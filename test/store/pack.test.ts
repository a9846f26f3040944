import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refused } from "../../src/domain/airlock.ts";
import { Sha } from "../../src/domain/id.ts";
import { readBundle, writeBundle } from "../../src/store/bundle.ts";
import { readPack } from "../../src/store/pack.ts";

const REF = "refs/pullbeat/proposals/x/one--1";
const A = Sha.parse("a".repeat(40));
const B = Sha.parse("b".repeat(40));

/** A pack's bytes around objects that are made by hand. */
function packOf(objects: readonly Buffer[], count = objects.length): Buffer {
  const head = Buffer.alloc(12);
  head.write("PACK");
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...objects]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

/** An object with its head; sizes below 2,048. */
function object(kind: number, content: Buffer, size = content.length): Buffer {
  const head = size < 16 ? [(kind << 4) | size] : [0x80 | (kind << 4) | (size & 15), size >> 4];
  return Buffer.concat([Buffer.from(head), deflateSync(content)]);
}

const refusal = (read: () => unknown): string => {
  try {
    read();
    return "read";
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
};

test("a pack of git's own is read as git reads it", () => {
  const dir = mkdtempSync(join(tmpdir(), "pullbeat-pack-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const git = (args: string[], input = ""): Buffer => execFileSync("git", args, { cwd: dir, input });
  git(["init", "--quiet"]);
  const ids = ["", "one\n", "x".repeat(100_000)].map((text) =>
    git(["hash-object", "-w", "--stdin"], text).toString().trim(),
  );
  const pack = git(["pack-objects", "--stdout", "--quiet"], `${ids.join("\n")}\n`);
  const found = readPack(pack, 40);
  expect([...found.keys()].sort()).toEqual([...ids].sort());
  expect(found.get(Sha.parse(ids[2]))?.content.length).toBe(100_000);
});

test.each([
  ["a delta against an object that it does not hold", packOf([Buffer.concat([object(7, Buffer.from("x"))])])],
  ["an object larger than it says", packOf([object(3, Buffer.from("hello"), 4)])],
  ["an object smaller than it says", packOf([object(3, Buffer.from("hello"), 6)])],
  ["fewer objects than it says", packOf([object(3, Buffer.from("hello"))], 2)],
  ["more than it says", packOf([object(3, Buffer.from("hello"))], 0)],
  ["another version", Buffer.from(packOf([]).toString("latin1").replace("\u0002", "\u0003"), "latin1")],
])("a pack with %s is refused", (_, pack) => {
  expect(refusal(() => readPack(pack, 40))).toBe("pack");
});

test("a pack that says it holds a million objects is refused before any is read", () => {
  expect(refusal(() => readPack(packOf([], 1_000_000), 40))).toBe("huge");
});

test("no bytes are anything but read or refused", () => {
  const honest = packOf([object(3, Buffer.from("hello")), object(2, Buffer.from(""))]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(["read", "pack", "huge"]).toContain(refusal(() => readPack(Buffer.from(bytes), 40)));
    }),
  );
  fc.assert(
    fc.property(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(honest);
      changed.writeUInt8((changed.readUInt8(at) + by) % 256, at);
      expect(["pack", "huge"]).toContain(refusal(() => readPack(changed, 40)));
    }),
  );
});

test("a header is read only if it is exactly the expected one", () => {
  const parcel = { ref: REF, parent: A };
  const honest = Buffer.from(writeBundle(parcel, B, Buffer.from("PACK")));
  expect(readBundle(parcel, honest)).toEqual({ head: B, pack: Buffer.from("PACK") });
  const text = honest.toString();
  const forged = (change: (t: string) => string): string =>
    refusal(() => readBundle(parcel, Buffer.from(change(text))));
  expect(forged((t) => t.replace("v2", "v3"))).toBe("bundle");
  expect(forged((t) => t.replace(`-${A}\n`, ""))).toBe("base");
  expect(forged((t) => t.replace(`-${A}`, `-${B}`))).toBe("base");
  expect(forged((t) => t.replace(`-${A}\n`, `-${A}\n-${B}\n`))).toBe("base");
  expect(forged((t) => t.replace(`-${A}`, `-${A}0`))).toBe("base");
  expect(forged((t) => t.replace(REF, `${REF}\n${B} refs/heads/main`))).toBe("ref");
  expect(forged((t) => t.replace(REF, `${REF}0`))).toBe("ref");
  expect(forged((t) => t.replace(B, B.slice(1)))).toBe("ref");
  expect(forged((t) => t.replace("\n\n", "\n"))).toBe("bundle");
});

test("a repository of SHA-256 has bundles of its own", () => {
  const [parent, head] = [Sha.parse("a".repeat(64)), Sha.parse("b".repeat(64))];
  const bundle = Buffer.from(writeBundle({ ref: REF, parent }, head, Buffer.from("PACK")));
  expect(bundle.toString()).toContain("@object-format=sha256\n");
  expect(readBundle({ ref: REF, parent }, bundle).head).toBe(head);
  expect(refusal(() => readBundle({ ref: REF, parent: A }, bundle))).toBe("bundle");
});
