import { expect, test } from "vitest";
import { check, formatGithub } from "../../src/flow/check.ts";
import { finding, snapshot } from "../domain/fleet.ts";

const broken = snapshot({
  findings: [finding("board/x.md"), { ...finding("agents/z.md"), line: 9 }, finding("agents/z.md")],
  tasks: { "T-aaaa": { agent: "eve" } },
});

test("findings come by file and line, from parsers and rules alike, and are counted", () => {
  const report = check(broken.fleet, [{ file: "agents/ada.md", why: "uncommitted" }]);
  expect(report.findings.map((f) => `${f.file}:${f.line}`)).toEqual([
    "agents/ada.md:1",
    "agents/z.md:3",
    "agents/z.md:9",
    "board/T-aaaa.md:1",
    "board/x.md:3",
  ]);
  expect(report).toMatchObject({ ok: false, counts: { errors: 4, notes: 1 } });
});

test("a fleet with notes only is fine", () => {
  const report = check(snapshot().fleet, [{ file: "a.md", why: "unpushed" }]);
  expect(report).toMatchObject({ ok: true, counts: { errors: 0, notes: 1 } });
  expect(report.findings[0]).toMatchObject({
    rule: "tree/unseen",
    message: expect.stringContaining("unpushed"),
  });
});

test("a finding is shown beside its line on GitHub", () => {
  expect(formatGithub(finding("board/x.md"))).toBe(
    "::error file=board/x.md,line=3,col=1,title=spec/unknown-key::unknown key",
  );
  expect(formatGithub({ ...finding("x"), level: "note" })).toMatch(/^::notice /);
});

test("no text in a finding becomes a command or a property", () => {
  const said = formatGithub(finding("a,b:c%.md\n::error::x", "50%\r\n::set-output name=x::y"));
  expect(said).toBe(
    "::error file=a%2Cb%3Ac%25.md%0A%3A%3Aerror%3A%3Ax,line=3,col=1,title=spec/unknown-key::50%25%0D%0A::set-output name=x::y",
  );
  expect(said.split("\n")).toHaveLength(1);
});
