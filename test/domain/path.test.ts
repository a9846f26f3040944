import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pathFault, refFault } from "../../src/domain/path.ts";

test.each([
  "README.md",
  "reports/lp/roofing.md",
  "board/T-8k2f-größe.md",
  ".hidden/x",
  "a b/c d.csv",
  "报告：第一季.md",
  "漢字/📈.md",
  "data/T-8k2f@20261122T0700Z.json",
  "GIT",
  "COM",
  "console.log",
  "gi7ebaXY",
])("%s may be touched", (path) => {
  expect(pathFault(path)).toBeNull();
});

test.each([
  ["", "empty"],
  ["/etc/passwd", "absolute"],
  ["a//b", "empty part"],
  ["a/", "empty part"],
  ["a/../b", ". or .."],
  ["./a", ". or .."],
  ["a\\b", "backslash"],
  ["C:/x", "Windows"],
  ["a\0b", "control"],
  ["a\nb", "control"],
  ["a\u2028b", "control"],
  [".git/config", "git's own"],
  ["x/.GiT/hooks/post-checkout", "git's own"],
  [".git./x", "Windows drops"],
  [".git /x", "Windows drops"],
  [".git::$INDEX_ALLOCATION/x", "Windows"],
  ["git~1/config", "short name"],
  ["GITMOD~1", "short name"],
  [".g\u200cit/config", "cannot be seen"],
  ["a\u202etxt.md", "cannot be seen"],
  ["．ｇｉｔ/config", "git's own"],
  ["․․/x", ". or .."],
  ["℀", "look-alike of a slash"],
  ["CON", "device"],
  ["x/nul.txt", "device"],
  ["com¹.md", "device"],
  ["CONOUT$", "device"],
  ["-rf", "hyphen"],
  ["a/--output=x", "hyphen"],
  ["a\uD800", "UTF-8"],
  ["a\uFFFD", "UTF-8"],
  ["e\u0301.md", "NFC"],
  ["x".repeat(256), "255 bytes"],
  [Array.from({ length: 9 }, () => "x".repeat(120)).join("/"), "1024 bytes"],
])("%j may not be touched: %s", (path, why) => {
  expect(pathFault(path)).toContain(why);
});

test("a path that may be touched stays inside its root, whatever it is made of", () => {
  const bits = fc.constantFrom(
    "..",
    ".",
    "/",
    "\\",
    "a",
    ".git",
    "~1",
    ":",
    "\0",
    "-",
    " ",
    "．",
    "／",
    "%2e",
    "\u200d",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(bits, fc.string({ unit: "binary" })), { maxLength: 8 }), (parts) => {
      const path = parts.join("");
      if (pathFault(path) !== null) return;
      for (const form of ["NFC", "NFKC"] as const)
        expect(resolve("/root", path.normalize(form)).startsWith(`/root${sep}`)).toBe(true);
      expect(path.normalize("NFKC").toLowerCase().split("/")).not.toContain(".git");
    }),
    { numRuns: 2000 },
  );
});

test.each(["refs/heads/main", "main", "refs/pullbeat/claims/T-8k2f@20261122T0700Z", "pullbeat/work/x--1"])(
  "%s may be a ref",
  (ref) => {
    expect(refFault(ref)).toBeNull();
  },
);

test.each([
  "",
  "-x",
  "--output=x",
  "a..b",
  "a.lock",
  "A.LOCK/b",
  "a@{1}",
  "@",
  "a b",
  "a~1",
  "a^",
  "a:b",
  "a/.b",
  "a/",
  "/a",
  "a\nb",
])("%j may not be a ref", (ref) => {
  expect(refFault(ref)).not.toBeNull();
});

test("git accepts every ref that is accepted here", () => {
  const bits = fc.constantFrom(
    "a",
    "/",
    ".",
    "..",
    "@",
    "{",
    "@{",
    "-",
    ".lock",
    "~",
    "^",
    ":",
    " ",
    "[",
    "*",
    "?",
    "\\",
    "é",
    "\x7f",
    "\t",
  );
  fc.assert(
    fc.property(fc.array(bits, { minLength: 1, maxLength: 6 }), (parts) => {
      const ref = parts.join("");
      if (refFault(ref) !== null) return;
      expect([ref, spawnSync("git", ["check-ref-format", "--allow-onelevel", ref]).status]).toEqual([ref, 0]);
    }),
    { numRuns: 1500 },
  );
});

const CASES = "../shared/cases/git-names.jsonl";

describe.runIf(existsSync(CASES))("names that others met", () => {
  interface Case {
    kind: string;
    value: string;
    should_be: string;
  }
  const rows: Case[] = existsSync(CASES)
    ? readFileSync(CASES, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const names = rows.filter((r) => r.kind.startsWith("path"));
  /** Held by protect.ts: git's metadata may exist, agents do not write it. */
  const metadata = /^\.git(?:modules|attributes|ignore)$/i;

  test("what must be rejected is", () => {
    const must = rows.filter(
      (r) => (r.should_be === "reject" || r.should_be === "upstream-accepts") && !metadata.test(r.value),
    );
    const wrong = must.filter((r) => pathFault(r.value) === null || refFault(r.value) === null);
    expect(wrong.map((r) => r.value)).toEqual([]);
  });

  test("what must be accepted is, but for the backslash, which Windows reads as a slash", () => {
    const must = names.filter((r) => r.should_be === "accept" && !r.value.includes("\\"));
    expect(must.filter((r) => pathFault(r.value) !== null)).toEqual([]);
  });

  test("nothing leaves its root, and no option is read from a name", () => {
    for (const { value } of rows) {
      if (pathFault(value) !== null) continue;
      expect(resolve("/root", value).startsWith("/root/")).toBe(true);
      expect(value).not.toMatch(/^-/);
    }
  });

  test("a name that is accepted comes back from git byte for byte", () => {
    const accepted = [...new Set(rows.map((r) => r.value))].filter((v) => pathFault(v) === null);
    const blob = "0".repeat(39) + "1";
    const input = accepted.map((path) => `100644 blob ${blob}\t${path.split("/").at(-1)}`).join("\0");
    const cwd = mkdtempSync(join(tmpdir(), "pullbeat-"));
    execFileSync("git", ["init", "-q", cwd]);
    const tree = execFileSync("git", ["mktree", "-z", "--missing"], { cwd, input, encoding: "utf8" }).trim();
    const listed = execFileSync("git", ["ls-tree", "-z", "--name-only", tree], { cwd, encoding: "utf8" });
    rmSync(cwd, { recursive: true });
    expect(new Set(listed.split("\0").filter(Boolean))).toEqual(
      new Set(accepted.map((p) => p.split("/").at(-1))),
    );
  });
});

test("names that are taken at a glance would pass the whole test too", () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  const devices = fc.constantFrom("con", "nul", "com1", "lpt9", "aux", "prn", "git");
  const words = fc.array(fc.oneof(word, devices), { minLength: 2, maxLength: 8 });
  const folder = fc.constantFrom("agents", "board", "board/directives");
  // In another folder the same name is looked at character by character.
  const both = (dir: string, parts: readonly string[]): (string | null)[] =>
    [dir, `x/${dir}`].map((place) => pathFault(`${place}/${parts.join("-")}.md`));
  fc.assert(
    fc.property(folder, words, (dir, parts) => {
      expect(both(dir, parts)).toEqual([null, null]);
    }),
  );
  expect(pathFault("board/nul.md")).toContain("a device");
});
