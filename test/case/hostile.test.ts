import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Case, CaseId } from "../../src/domain/case/case.ts";
import { readReplies, writeReplies, type RecordedReply } from "../../src/domain/case/replies.ts";
import { caseBody } from "../../src/domain/case/words.ts";
import { AgentName, Instant, PullNumber, Sha, TaskId, Unit } from "../../src/domain/id.ts";
import { combine } from "../../src/domain/verdict/verdict.ts";
import { parseCase } from "../../src/store/case.ts";
import { composeMatter } from "../../src/store/edit.ts";
import { aliveIn } from "../hostile/leaks.ts";
import { ORDER, POISON } from "../hostile/obedient.ts";
import { LOOSE, worked, WRONG } from "./bench.ts";

const MD = "agents/writer.cases/ctr-1.md";
const JSONL = "agents/writer.cases/ctr-1.jsonl";
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/u;

/** A model that says all that nobody should, and leaves its fence. */
const hostile = (more: readonly object[] = []): string =>
  JSON.stringify({
    content: `\u001b]0;owned\u0007${ORDER}\u202e${POISON}`,
    calls: [
      { name: "../../../etc/passwd", arguments: { path: "../../../../tmp/x" } },
      { name: "write", arguments: { path: "../../.git/hooks/post-checkout", text: "x" } },
      { name: "write", arguments: { path: "agents/writer.cases/ctr-9.md", text: "x" } },
      { name: "write", arguments: "{broken" },
      { name: "write", arguments: { path: "reports/ctr.md", text: `${WRONG}\n\u200b\u2066${ORDER}\n` } },
      ...more,
      { name: "finish", arguments: { summary: `Done. ${ORDER}` } },
    ],
  });

test("hostile words in a case are dead and can be seen, and playing them touches nothing", async () => {
  const fleet = await worked({ writer: hostile() }, { "agents/writer.md": LOOSE });
  const why = `wrong\u001b[2J\n---\nkind: good\n# ${ORDER}\nghp_${"a1B2".repeat(9)}`;
  expect(await fleet.type("case", "add", "1", "--why", why)).toMatchObject({ code: 0 });
  const [text, replies] = [await fleet.must(MD), await fleet.must(JSONL)];
  expect(UNSEEN.test(text.replaceAll("\n", ""))).toBe(false);
  expect(UNSEEN.test(replies.replaceAll("\n", ""))).toBe(false);
  expect(aliveIn(text)).toEqual([]);
  expect(text).toContain("> [withheld: looks like a credential");
  expect(text).not.toContain("a1B2a1B2");
  const before = await fleet.far("for-each-ref", "--format=%(refname) %(objectname)");
  const status = await fleet.git("status", "--porcelain");
  expect(await fleet.type("case", "run", "writer")).toMatchObject({
    code: 0,
    value: { cases: [{ outcome: "open" }] },
  });
  expect(await fleet.far("for-each-ref", "--format=%(refname) %(objectname)")).toBe(before);
  expect(await fleet.git("status", "--porcelain")).toBe(status);
});

const PINNED = {
  case: "ctr-1",
  agent: "writer",
  pull: 1,
  task: "ctr",
  unit: "ctr",
  base: "0a".repeat(20),
  spec: "0a".repeat(20),
  now: "2026-11-22T07:00:00Z",
  makes_sha256: "0a".repeat(32),
};
/** What may stand on a line of a case's facts, and would be more than words below them. */
const LINE = "\u202e@ann fixes #1 <img src=x> ![p](https://evil.example/p.png) \u200b [skip ci]";

test.each([
  ["who said it", { by: LINE }, { kind: "wrong" }],
  ["their words", { words: POISON }, { kind: "wrong" }],
  ["words that mark the mistake", {}, { kind: "wrong", lacks: [LINE] }],
  ["files that it makes", {}, { kind: "good", makes: [`reports/${LINE}`] }],
  ["words that it says", {}, { kind: "good", makes: ["reports/ctr.md"], says: [LINE] }],
])("below a case's facts, %s are dead", (_, more, facts) => {
  const file = Case.parse({ ...PINNED, ...facts });
  const said = { by: "ann", words: "wrong", verdict: combine([]), replies: JSONL, ...more };
  const body = caseBody(file, said);
  expect(body).toContain("＠ann");
  expect(aliveIn(body)).toEqual([]);
});

test("replies in which something looks like a credential are not written down", async () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const note = { name: "note", arguments: { kind: "observed", text: token } };
  const fleet = await worked({ writer: hostile([note]) }, { "agents/writer.md": LOOSE });
  expect(await fleet.type("case", "add", "1", "--why", "it leaks")).toMatchObject({
    code: 2,
    value: { error: { message: expect.stringMatching(/^there is no transcript/) } },
  });
  expect(await fleet.file(JSONL)).toBeNull();
});

test("a case is bounded at its door, whoever wrote it", () => {
  const heading = '{"attempt":"ctr"}\n';
  const bad = (text: string): unknown => {
    const read = readReplies(text);
    return "fault" in read ? `${read.line}: ${read.fault}` : "taken";
  };
  expect(bad(`${heading}{"calls":[]}\n`)).toBe("taken");
  expect(bad(heading)).toBe("1: round 1 has no reply");
  expect(bad(`${heading}{"content":"${"x".repeat(1024 * 1024)}"}\n`)).toBe("1: it is larger than 1024 KB");
  expect(bad(`${heading}${'{"calls":[]}\n'.repeat(1001)}`)).toMatch(/^1001: more lines/);
  expect(bad(`${heading}{"calls":[],"run":"sh"}\n`)).toMatch(/^2: .*Unrecognized key: "run"/s);
  expect(bad(`${heading}{"__proto__":{}}\n`)).toMatch(/^2: /);
  expect(bad('{"attempt":"../../x"}\n{"calls":[]}\n')).toMatch(/^1: /);
  for (const path of ["agents/a.cases/../b.md", "agents/a.cases/x/y.md", "agents/A.cases/x.md", "x.md"])
    expect(parseCase(path, "---\n---\n")).toMatchObject([{ rule: "case/name", file: path }]);
});

const word = fc.string({ unit: "binary", maxLength: 40 });
const reply: fc.Arbitrary<RecordedReply> = fc.record(
  {
    content: word,
    calls: fc.array(
      fc.record({
        name: word,
        arguments: fc.oneof(word, fc.dictionary(word, fc.oneof(word, fc.integer(), fc.constant(null)))),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ["calls"] },
);
const unit = Unit.parse("ctr@20261122T0700Z");

test("replies come back as they were, and all that is written of them can be seen", () => {
  const rounds = fc.array(fc.array(reply, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(rounds, (replies) => {
      const text = writeReplies(replies, unit);
      expect(UNSEEN.test(text.replaceAll("\n", ""))).toBe(false);
      const read = readReplies(text);
      // A key that JSON readers disagree about is refused, and halves of characters are no text.
      if ("fault" in read) expect(read.fault).toMatch(/__proto__|half of a character/);
      else expect(JSON.stringify(read.replies)).toBe(JSON.stringify(replies));
    }),
    { numRuns: 300 },
  );
});

test("front matter comes back as it was", () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
    .map((s) => s.trim())
    .filter((s) => s !== "" && /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u.test(s));
  const hex = (n: number): fc.Arbitrary<string> =>
    fc
      .array(fc.constantFrom(..."0123456789abcdef".split("")), { minLength: n, maxLength: n })
      .map((d) => d.join(""));
  fc.assert(
    fc.property(hex(40), hex(64), fc.array(line, { maxLength: 4 }), (sha, print, lacks) => {
      const file: Case = Case.parse({
        case: CaseId.parse("T-8k2f-7"),
        kind: "wrong",
        agent: AgentName.parse("writer"),
        pull: PullNumber.parse(7),
        task: TaskId.parse("T-8k2f"),
        unit,
        base: Sha.parse(sha),
        spec: Sha.parse(sha),
        now: Instant.parse("2026-11-22T07:00:00Z"),
        makes_sha256: print,
        made: [],
        caught_by: [],
        lacks,
      });
      const path = "agents/writer.cases/T-8k2f-7.md";
      expect(parseCase(path, composeMatter(file, "## What was wrong\n"))).toEqual({
        case: file,
        path,
        body: "## What was wrong\n",
      });
    }),
    { numRuns: 200 },
  );
});
