import type { Flag, Leaf } from "../leaf.ts";

const PLAN: Flag = ["--plan <file>", "where the plan lies"];
const DIGEST: Flag = [
  "--digest <sha256>",
  "what was said of that file when it was written; another one is refused",
];
const SHARD: Flag = ["--shard <n>", "which of the plan's jobs this is"];
const DOCKET: Flag = ["--docket <file>", "where to write what gates are to judge in jobs of their own"];
const CHAIN: Flag = ["--chain <n>", "ticks since a person or a slot (0)"];

/** A tick in jobs whose rights differ. */
export const JOB: readonly Leaf[] = [
  {
    usage: "job plan",
    about: "settle, decide who is due, claim, and write down which job works what",
    example: "pullbeat job plan --plan plan.json",
    options: [PLAN, DOCKET, CHAIN],
    load: async () => (await import("../job.ts")).jobPlan,
  },
  {
    usage: "job fetch",
    about: "bring exactly the commits that one job works on, into a folder without a remote",
    example: "pullbeat job fetch --plan plan.json --shard 1 --from https://example.com/x.git",
    options: [PLAN, DIGEST, SHARD, ["--from <url>", "the repository's URL"]],
    load: async () => (await import("../job.ts")).jobFetch,
  },
  {
    usage: "job work",
    about: "work the beats of one job and hand them over; needs no remote and no right to write",
    example: "pullbeat job work --plan plan.json --digest <sha256> --shard 1 --out handover",
    options: [PLAN, DIGEST, SHARD, ["--out <dir>", "where to leave what was made"]],
    load: async () => (await import("../job.ts")).jobWork,
  },
  {
    usage: "job publish",
    about: "take in what the jobs left, as from strangers, judge it again and publish it",
    example: "pullbeat job publish --plan plan.json --digest <sha256> --in handover",
    options: [PLAN, DIGEST, ["--in <dir>", "holds a folder work-<n> of each job"], DOCKET],
    load: async () => (await import("../job.ts")).jobPublish,
  },
  {
    usage: "job judge",
    about: "let the gates of one job judge, and leave what they say; needs no remote and no right to write",
    example: "pullbeat job judge --docket docket.json --digest <sha256> --shard 1 --out said",
    options: [
      ["--docket <file>", "where the docket lies"],
      DIGEST,
      SHARD,
      ["--out <dir>", "where to leave what was said"],
    ],
    load: async () => (await import("../job-judge.ts")).jobJudge,
  },
  {
    usage: "job settle",
    about: "settle what is open, write the digest if it is due, say whether another tick is wanted",
    example: "pullbeat job settle",
    options: [
      CHAIN,
      ["--docket <file>", "where the docket lies whose verdicts are taken in"],
      DIGEST,
      ["--in <dir>", "holds a folder verdicts-<n> of each judging job"],
      ["--judged <json>", "the outputs of the judging jobs: the SHA-256 of what each has left"],
    ],
    load: async () => (await import("../job.ts")).jobSettle,
  },
];
