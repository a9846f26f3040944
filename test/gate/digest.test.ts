import { expect, test } from "vitest";
import type { Change } from "../../src/domain/change.ts";
import { Sha } from "../../src/domain/id.ts";
import { judgeDigest } from "../../src/gate/digest.ts";

const blob = Sha.parse("a".repeat(40));
const page = (more: Partial<Change> = {}): Change => ({
  path: "digest/2026-11-22.md",
  oldMode: "000000",
  oldBlob: null,
  newMode: "100644",
  newBlob: blob,
  ...more,
});

test("one new page of digest/ is a digest", () => {
  expect(judgeDigest([page()])).toMatchObject({ gate: "digest", ruling: "pass" });
});

test("a page that is written anew is a digest", () => {
  expect(judgeDigest([page({ oldMode: "100644", oldBlob: blob })])).toMatchObject({ ruling: "pass" });
});

test.each<[string, Change[]]>([
  ["nothing", []],
  ["a page and another file", [page(), page({ path: "README.md" })]],
  ["two pages", [page(), page({ path: "digest/2026-11-23.md" })]],
  ["a file outside digest/", [page({ path: "agents/2026-11-22.md" })]],
  ["a file of another name", [page({ path: "digest/notes.md" })]],
  ["a deeper file", [page({ path: "digest/x/2026-11-22.md" })]],
  ["a link", [page({ newMode: "120000" })]],
  ["a link that becomes a page", [page({ oldMode: "120000", oldBlob: blob })]],
  ["a program", [page({ newMode: "100755" })]],
  ["a deletion", [page({ oldMode: "100644", oldBlob: blob, newMode: "000000", newBlob: null })]],
])("%s is no digest", (_, changes) => {
  expect(judgeDigest(changes)).toMatchObject({ ruling: "fail", mendable: false });
});
