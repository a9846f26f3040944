import { expect, test } from "vitest";
import type { CheckRun } from "../../src/domain/verdict/checks.ts";
import { GateSettings } from "../../src/domain/verdict/gates.ts";
import { Sha } from "../../src/domain/id.ts";
import { judgeChecks } from "../../src/gate/checks.ts";

const HEAD = Sha.parse("a".repeat(40));
const settings = (runs: unknown): Parameters<typeof judgeChecks>[1] => {
  const read = GateSettings.parse({ kind: "checks", runs });
  if (read.kind !== "checks") throw new Error("another kind");
  return read;
};
const CI = settings([
  { name: "test", app: "github-actions" },
  { name: "scan", app: 77 },
]);

const run = (name: string, more: Partial<CheckRun> = {}): CheckRun => ({
  name,
  app: name === "scan" ? { id: 77, slug: "scanner" } : { id: 15368, slug: "github-actions" },
  head: HEAD,
  done: true,
  conclusion: "success",
  ...more,
});
const GREEN = [run("test"), run("scan")];

test("what every attack starts from: both checks succeeded, by the apps that are meant", () => {
  expect(judgeChecks("ci", CI, { head: HEAD, runs: GREEN })).toMatchObject({
    ruling: "pass",
    details: [],
    mendable: true,
  });
  const more = [...GREEN, run("lint", { conclusion: "failure" })];
  expect(judgeChecks("ci", CI, { head: HEAD, runs: more }).ruling).toBe("pass");
});

const OTHER = { id: 9, slug: "somebody" };
test.each<[string, CheckRun[], "fail" | "inconclusive", RegExp]>([
  ["one is missing", [run("test")], "inconclusive", /scan of 77: there is none on this head$/],
  ["none is there", [], "inconclusive", /there is none/],
  [
    "another app made a check of its name",
    [run("test", { app: OTHER }), run("scan")],
    "inconclusive",
    /test of github-actions: there is none on this head; that of somebody does not count/,
  ],
  [
    "an app has another's id as its slug",
    [run("test"), run("scan", { app: { id: 9, slug: "77" } })],
    "inconclusive",
    /none/,
  ],
  ["nobody can tell whose it is", [run("test", { app: null }), run("scan")], "inconclusive", /nobody known/],
  [
    "it is another head's",
    [run("test", { head: Sha.parse("b".repeat(40)) }), run("scan")],
    "inconclusive",
    /none/,
  ],
  [
    "it has not ended",
    [run("test", { done: false, conclusion: null }), run("scan")],
    "inconclusive",
    /not ended/,
  ],
  [
    "it says success before it ended",
    [run("test", { done: false }), run("scan")],
    "inconclusive",
    /not ended/,
  ],
  ["it ended without a word", [run("test", { conclusion: null }), run("scan")], "inconclusive", /not ended/],
  ...["skipped", "neutral", "cancelled", "stale", "something new"].map(
    (conclusion): [string, CheckRun[], "inconclusive", RegExp] => [
      `it was ${conclusion}`,
      [run("test", { conclusion }), run("scan")],
      "inconclusive",
      /no pass/,
    ],
  ),
  ...["failure", "timed_out", "startup_failure", "action_required"].map(
    (conclusion): [string, CheckRun[], "fail", RegExp] => [
      `it ended as ${conclusion}`,
      [run("test", { conclusion }), run("scan")],
      "fail",
      /it ended as/,
    ],
  ),
  [
    "a newer attempt still runs",
    [...GREEN, run("test", { done: false, conclusion: null })],
    "inconclusive",
    /not ended/,
  ],
  [
    "one of two attempts failed",
    [run("test", { conclusion: "failure" }), ...GREEN],
    "fail",
    /ended as failure/,
  ],
])("it is no pass where %s", (_, runs, ruling, says) => {
  const verdict = judgeChecks("ci", CI, { head: HEAD, runs });
  expect(verdict).toMatchObject({ ruling, mendable: ruling === "fail" });
  expect(verdict.details.join("\n")).toMatch(says);
});

test("a check without an app, and pullbeat's own, cannot be asked for", () => {
  for (const runs of [[], [{ name: "test" }], [{ name: "test", app: "" }], [{ name: "pullbeat", app: 1 }]])
    expect(GateSettings.safeParse({ kind: "checks", runs }).success).toBe(false);
});
