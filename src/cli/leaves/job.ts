import type { Flag, Leaf } from "../leaf.ts";

const PLAN: Flag = ["--plan <file>", "where the plan lies"];
const DIGEST: Flag = ["--digest <sha256>", "what `job plan` said of its file; another one is refused"];
const SHARD: Flag = ["--shard <n>", "which of the plan's jobs this is"];
const CHAIN: Flag = ["--chain <n>", "ticks since a person or a slot (0)"];

/** A tick in jobs whose rights differ. */
export const JOB: readonly Leaf[] = [
  {
    usage: "job plan",
    about: "settle, decide who is due, claim, and write down which job works what",
    example: "pullbeat job plan --plan plan.json",
    options: [PLAN, CHAIN],
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
    options: [PLAN, DIGEST, ["--in <dir>", "holds a folder work-<n> of each job"]],
    load: async () => (await import("../job.ts")).jobPublish,
  },
  {
    usage: "job settle",
    about: "settle what is open, write the digest if it is due, say whether another tick is wanted",
    example: "pullbeat job settle",
    options: [CHAIN],
    load: async () => (await import("../job.ts")).jobSettle,
  },
];
