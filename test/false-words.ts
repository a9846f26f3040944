import { copyFileSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LIMITS } from "../src/domain/airlock.ts";
import { speak, twist, wordsAt, type Left } from "./court.ts";

interface Attack {
  name: string;
  /** What the journal holds in place of a word. */
  code: string;
  says: RegExp;
  forge: (s: Left) => void;
}

const OTHER = "1".repeat(40);

/** What somebody may try with the words of the first judging job, and what the journal says of it. */
export const FALSE_WORDS: Attack[] = [
  {
    name: "no words at all",
    code: "missing",
    says: /its job handed nothing over/,
    forge: (s) => rmSync(wordsAt(s)),
  },
  {
    name: "words that another job left in its place",
    code: "digest",
    says: /not the words that its job gave out/,
    forge: (s) => writeFileSync(wordsAt(s), readFileSync(wordsAt(s), "utf8").replace("nothing", "all")),
  },
  {
    name: "words of a job that gave out no digest",
    code: "digest",
    says: /gave out no digest/,
    forge: (s) => void s.digests.delete(1),
  },
  {
    name: "a file beside its words",
    code: "stray",
    says: /it left "more\.json" beside its words/,
    forge: (s) => writeFileSync(join(s.box(1), "more.json"), "{}"),
  },
  {
    name: "a link in the place of its words",
    code: "file",
    says: /leads somewhere else/,
    forge(s) {
      copyFileSync(wordsAt(s), join(s.box(1), "..", "elsewhere.json"));
      rmSync(wordsAt(s));
      symlinkSync("../elsewhere.json", wordsAt(s));
    },
  },
  {
    name: "words larger than any may be",
    code: "huge",
    says: /at most 1048576 are taken/,
    forge: (s) => truncateSync(wordsAt(s), LIMITS.verdicts + 1),
  },
  {
    name: "words that are cut off",
    code: "record",
    says: /not JSON that can be read in one way only/,
    forge: (s) => speak(s, readFileSync(wordsAt(s), "utf8").slice(0, -9)),
  },
  {
    name: "a ruling that stands twice",
    code: "record",
    says: /read in one way only/,
    forge: (s) =>
      speak(s, readFileSync(wordsAt(s), "utf8").replace('"ruling":', '"ruling":"fail","ruling":')),
  },
  {
    name: "a key of its own",
    code: "record",
    says: /unrecognized_keys/,
    forge: (s) => twist(s, (heard) => ({ ...heard, approved: true })),
  },
  {
    name: "a sentence longer than any may be",
    code: "record",
    says: /heard\.0\.verdict\.sentence is wrong \(too_big\)/,
    forge: (s) => twist(s, (heard, first) => ({ ...heard, heard: [withVerdict(first, "x".repeat(4001))] })),
  },
  {
    name: "a ruling that there is none",
    code: "record",
    says: /verdict\.ruling is wrong/,
    forge: (s) =>
      twist(s, (heard, first) => ({
        ...heard,
        heard: [{ ...first, verdict: { ...first.verdict, ruling: "approved" } }],
      })),
  },
  {
    name: "the words of another docket",
    code: "replay",
    says: /belong to another docket/,
    forge: (s) => twist(s, (heard) => ({ ...heard, docket: "a".repeat(16) })),
  },
  {
    name: "the words of another job of this docket",
    code: "shard",
    says: /another job's/,
    forge: (s) => speak(s, readFileSync(wordsAt(s, 2), "utf8")),
  },
  {
    name: "a word for a pull of another job",
    code: "matter",
    says: /it speaks for links on pull 2, which it was not asked/,
    forge: (s) => twist(s, (heard, first) => ({ ...heard, heard: [first, { ...first, pull: 2 }] })),
  },
  {
    name: "a word for a gate that nobody asked",
    code: "matter",
    says: /it speaks for other on pull 1/,
    forge: (s) => twist(s, (heard, first) => ({ ...heard, heard: [{ ...first, gate: "other" }] })),
  },
  {
    name: "another gate's verdict under its name",
    code: "gate",
    says: /links on pull 1: the verdict is another gate's/,
    forge: (s) =>
      twist(s, (heard, first) => ({
        ...heard,
        heard: [{ ...first, verdict: { ...first.verdict, gate: "other" } }],
      })),
  },
  {
    name: "two words for one pull",
    code: "twice",
    says: /it speaks twice for links on pull 1/,
    forge: (s) => twist(s, (heard, first) => ({ ...heard, heard: [first, first] })),
  },
  ...(["head", "judged"] as const).map((key): Attack => ({
    name: `a word on another ${key}`,
    code: "bound",
    says: new RegExp(`it judged another ${key} than it was asked to`),
    forge: (s) => twist(s, (heard, first) => ({ ...heard, heard: [{ ...first, [key]: OTHER }] })),
  })),
  {
    name: "a word of other settings",
    code: "bound",
    says: /it judged another of than it was asked to/,
    forge: (s) => twist(s, (heard, first) => ({ ...heard, heard: [{ ...first, of: "1".repeat(64) }] })),
  },
  {
    name: "a price that a program tells in a grader's name",
    code: "grading",
    says: /links on pull 1: it tells what another judge's word took/,
    forge: (s) => twist(s, (heard, first) => ({ ...heard, heard: [{ ...first, grading: GRADING }] })),
  },
  {
    name: "silence about what it was asked",
    code: "missing",
    says: /its job said nothing of it/,
    forge: (s) => twist(s, (heard) => ({ ...heard, heard: [] })),
  },
];

const GRADING = {
  agent: "critic",
  spec: OTHER,
  engine: { kind: "openai", model: "m", scripted: false },
  spent: { steps: 1, tokens: { input: 1, cached: 0, output: 1 }, usd: 1, ms: 1 },
};

const withVerdict = <T extends { verdict: object }>(first: T, sentence: string): T => ({
  ...first,
  verdict: { ...first.verdict, sentence },
});
