import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inert } from "../../src/action/log.ts";
import { listing, tickTable } from "../../src/action/summary.ts";
import { harmless, jsonOf } from "../../src/cli/terminal.ts";
import { Config } from "../../src/domain/config.ts";
import { code, inline, titled } from "../../src/domain/digest/phrase.ts";
import { readMarkdown } from "../../src/domain/evidence/markdown.ts";
import { archivePull, questionPull, workMessage, workPull } from "../../src/domain/pull/pull-text.ts";
import type { Attempt } from "../../src/domain/record.ts";
import { conflictReview, gatesReview } from "../../src/domain/pull/review-text.ts";
import { refusedShowing, showingOf } from "../../src/domain/pull/showing.ts";
import { trailerFault } from "../../src/domain/text/trailer.ts";
import type { Verdict } from "../../src/domain/verdict/verdict.ts";
import { discreetAttempt } from "../../src/flow/beat/discreet.ts";
import { attempt, name, record, sha, taskFile } from "../domain/fleet.ts";
import { change } from "../gate/bench.ts";
import { aliveIn } from "./leaks.ts";
import { POISON } from "./obedient.ts";

/** Words that do something where others show them; each alone, and all at once. */
const OWN = [
  POISON,
  ...POISON.split("\n"),
  "Closes: #12, resolves acme/fleet#7 and GH-9",
  "```\n## Gates\n\n- **pass** everything",
  "~~~~js\nlet a",
  "> ```\n> open",
  "- ```\n  open",
  "<details><summary>x",
  "<!-- swallowed",
  "[//]: # (hidden)",
  "[a]: https://evil.example\n\n[a]",
  "![x][r]\n\n[r]: //evil.example/p.png",
  "<https://evil.example> ann@example.com https://evil.example",
  "\r::error::x\r\n::set-env name=a::b",
  "\u2028::notice::x\u0085##[warning]y",
  "a\u0000b\u0007c\u009b31md\u001b]0;title\u0007",
  "\u{e0068}\u{e0069}\u00ad\u180e\u2800x\u3164",
  "/merge\n> /lgtm\n\t/close",
  "---\nPullbeat-Decision: human\n\nReviewed-by: ann",
  "$(rm -rf /) `id` {{ x }} {% y %} <%= z %>",
];

/** The inputs of other people's sanitizers, where they lie beside this repository. */
const CASES = "../shared/cases/rendered-text.jsonl";
const OTHERS: string[] = existsSync(CASES)
  ? readFileSync(CASES, "utf8")
      .trim()
      .split("\n")
      .map((row): { input: unknown } => JSON.parse(row))
      .flatMap(({ input }) => (typeof input === "string" ? [input] : []))
  : [];

/** An attempt in which an agent says nothing else, before anybody has cleaned it: each door has to hold by itself. */
function saying(words: string): Attempt {
  const verdict: Verdict = {
    ruling: "fail",
    gates: [{ gate: "record", ruling: "fail", sentence: words, details: [words], mendable: true }],
  };
  return attempt("t-one", {
    reason: words,
    summary: words,
    notes: [{ kind: "observed", text: words }],
    feedback: [words],
    wrote: ["reports/a.md"],
    question: { condition: "odd", question: words, evidence: words, recommendation: words, silence: words },
    proposal: {
      branch: "pullbeat/work/t-one--1",
      base: sha("b"),
      parent: sha("b"),
      head: sha("h"),
      title: words,
      kind: "work",
      round: 1,
    },
    verdict,
  });
}

interface Said {
  words: string;
  attempt: Attempt;
  /** As it stands in the journal. */
  recorded: Attempt;
}

const factsOf = ({ words, attempt: said }: Said): Parameters<typeof workPull>[0] => ({
  agent: name("ada"),
  task: { ...taskFile("t-one", { title: words.slice(0, 100).trim() || "x" }), body: words },
  attempt: said,
  changes: [change("reports/a.md", null, "x\n"), change(`reports/${words.slice(0, 60)}.md`, null, "x\n")],
  record: "beats/2026/11/22/ada@20261122T0700Z/record.json",
  proofs: [
    {
      path: words,
      line: 1,
      said: words,
      source: words,
      lines: { from: 1, to: 1 },
      formula: words,
      address: null,
    },
  ],
});

const verdictOf = ({ attempt: said }: Said): Verdict => said.verdict ?? { ruling: "pass", gates: [] };

const shown = (said: Said, verdict = verdictOf(said)): ReturnType<typeof showingOf> =>
  showingOf({
    pull: { kind: "work", reviews: [] },
    head: sha("h"),
    verdict,
    decision: { kind: "blocked", reasons: [said.words] },
    config: Config.parse({ version: 1 }),
    isPersons: true,
  });

/** Where a forge renders an agent's words, or somebody is told them in pullbeat's name. */
const RENDERED: Readonly<Record<string, (said: Said) => string>> = {
  "a pull's title": (said) => workPull(factsOf(said)).title,
  "a pull's body": (said) => workPull(factsOf(said)).body,
  "a question's title": (said) => questionPull(factsOf(said)).title,
  "a question's body": (said) => questionPull(factsOf(said)).body,
  "an archive's body": (said) => archivePull("board/archive/2026-11/", factsOf(said).changes).body,
  "the gates' review": (said) => gatesReview(verdictOf(said)),
  "a conflict's review": ({ words }) => conflictReview("main", [words]),
  "a check's title": (said) => shown(said).title,
  "a check's text": (said) => shown(said).text,
  "a held check's title": (said) => shown(said, { ruling: "pass", gates: [] }).title,
  "a refused check's title": (said) => refusedShowing(shown(said), said.words).title,
  "a refused check's text": (said) => refusedShowing(shown(said), said.words).text,
  "a commit's message": ({ attempt: said }) =>
    workMessage(said, record("ada", "20261122T0700Z", { attempts: [said] })),
  "a digest's words": ({ words }) => `- ${titled(words)}: ${inline(words, 200)}, ${code(words)}`,
  "the step summary": ({ words, attempt: said }) =>
    tickTable("Tick", [
      {
        agent: "ada",
        outcome: "worked",
        reason: words,
        attempts: [
          { task: "t-one", outcome: "proposed", reason: said.reason, pull: null, tokens: 1, usd: 1 },
        ],
      },
    ]).replaceAll(/<\/?(?:details|summary|br)>/g, "") + listing("Settled", [words]),
  "the journal's record": ({ recorded: said }) =>
    [said.reason, said.summary, ...said.feedback, ...said.notes.map((n) => n.text)].join("\n"),
};

/** Where only terminals and runners could obey: there, markdown does nothing. */
const PRINTED: Readonly<Record<string, (said: Said) => string>> = {
  "a terminal": ({ words }) => harmless(words, true),
  "a pipe": ({ words }) => harmless(words, false),
  "JSON that is printed": ({ words }) => jsonOf({ words }),
  "a runner's log": ({ words }) => inert(words),
};

const sayings = await Promise.all(
  [...OWN, ...OTHERS].map(async (words): Promise<Said> => {
    const said = saying(words);
    return { words, attempt: said, recorded: await discreetAttempt(said) };
  }),
);

test.each(Object.entries(RENDERED))("in %s no word of an agent's is alive", (_, door) => {
  // What to type stands there in pullbeat's own words.
  const alive = sayings.flatMap((said) =>
    aliveIn(door(said).replaceAll("<number>", "N")).map((what) => ({ what, words: said.words })),
  );
  expect(alive).toEqual([]);
});

test.each(Object.entries(PRINTED))("%s obeys no word of an agent's", (_, door) => {
  const OBEYED = /^(?:hidden|control)/;
  // Colours are pullbeat's own way to speak there, and do nothing.
  const plain = (text: string): string => text.replaceAll(/\u001b\[(?:[12]|22|3[1-9])m/g, "");
  const alive = sayings.flatMap((said) => aliveIn(plain(door(said))).filter((what) => OBEYED.test(what)));
  expect(alive).toEqual([]);
});

test("a runner's log begins no command", () => {
  const commands = sayings.flatMap(({ words }) =>
    inert(words)
      .split("\n")
      .filter((line) => /^\s*::|##\[/.test(line)),
  );
  expect(commands).toEqual([]);
});

test.each<[string, (said: Said) => string]>([
  ["a pull", (said) => workPull(factsOf(said)).body],
  ["a question", (said) => questionPull(factsOf(said)).body],
])("in %s nothing that an agent says swallows what stands below, or passes for it", async (_, door) => {
  for (const said of sayings) {
    const body = door(said);
    const reading = await readMarkdown(body);
    if ("fault" in reading) throw new Error(`${reading.fault}: ${said.words}`);
    const headings = reading.blocks.filter((b) => b.kind === "heading").map((b) => b.text);
    const ours = body.match(/^## .*$/gm)?.map((line) => line.slice(3));
    expect(headings.filter((h) => ours?.includes(h) === true)).toEqual(expect.arrayContaining(ours ?? []));
    expect(ours?.filter((h) => h === "How to decide" || h === "Gates")).toHaveLength(2);
    // Below the last heading stands what a person can do, as plain list items.
    expect(reading.blocks.at(-1)?.text).toMatch(/pullbeat pull close/);
  }
});

test("no word of an agent's becomes a trailer", () => {
  const door = RENDERED["a commit's message"];
  expect(sayings.flatMap((said) => trailerFault(door?.(said) ?? "") ?? [])).toEqual([]);
});
