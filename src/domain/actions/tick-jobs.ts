import { WORK_MINUTES } from "../shard.ts";
import { clone, indented, PINS, step, type Steps } from "./pins.ts";

const PLAN = '"${{ runner.temp }}/plan/plan.json"';
const BASE = '"${{ runner.temp }}/base"';
const HANDOVER = '"${{ runner.temp }}/handover"';
const TOKEN = '"${{ github.token }}"';
const CHAIN = '"${{ inputs.chain }}"';
const DIGEST = '"${{ needs.plan.outputs.digest }}"';
const SHARD = '"${{ matrix.shard }}"';
const DAYS = { "retention-days": "7" };

const getPlan = (): string[] => step(PINS.download, { name: "plan", path: '"${{ runner.temp }}/plan"' });

const planSteps = (pullbeat: Steps, key: string): string =>
  indented(6, [
    '- run: mkdir -p "$RUNNER_TEMP/plan"',
    ...clone(),
    ...pullbeat.get,
    ...pullbeat.run({ job: "plan", plan: PLAN, chain: CHAIN, token: TOKEN }, [
      "id: plan",
      "env:",
      `  PULLBEAT_KEY_ELSEWHERE: \${{ secrets.${key} != '' }}`,
    ]),
    ...step(PINS.upload, { name: "plan", path: PLAN, "if-no-files-found": "error", ...DAYS }, [
      "if: steps.plan.outputs.due == 'true'",
    ]),
  ]);

/** Names of secrets: the model's key, and what programs ask for; each goes to those alone who asked. */
interface Secrets {
  key: string;
  programs: readonly string[];
}

/** The token ends with the fetch; the key comes after it, and only to models. */
const workSteps = (pullbeat: Steps, { key, programs }: Secrets): string =>
  indented(6, [
    ...getPlan(),
    ...pullbeat.get,
    ...pullbeat.run({ job: "fetch", plan: PLAN, digest: DIGEST, shard: SHARD, dir: BASE, token: TOKEN }),
    ...pullbeat.run({ job: "work", plan: PLAN, digest: DIGEST, shard: SHARD, dir: BASE, out: HANDOVER }, [
      "env:",
      `  ${key}: \${{ matrix.kind == 'model' && secrets.${key} || '' }}`,
      ...programs.map(
        (name) => `  ${name}: \${{ contains(matrix.env, '${name}') && secrets.${name} || '' }}`,
      ),
    ]),
    ...step(
      PINS.upload,
      { name: '"work-${{ matrix.shard }}"', path: HANDOVER, "if-no-files-found": "ignore", ...DAYS },
      ["if: ${{ !cancelled() }}"],
    ),
  ]);

const publishSteps = (pullbeat: Steps): string =>
  indented(6, [
    ...clone(),
    ...getPlan(),
    ...step(PINS.download, { pattern: "work-*", path: HANDOVER }),
    ...pullbeat.get,
    ...pullbeat.run({ job: "publish", plan: PLAN, digest: DIGEST, in: HANDOVER, token: TOKEN }),
  ]);

const settleSteps = (pullbeat: Steps): string =>
  indented(6, [
    ...clone(),
    ...pullbeat.get,
    ...pullbeat.run({ job: "settle", chain: CHAIN, token: TOKEN }, ["id: settle"]),
    ...again("${{ github.ref_name }}"),
  ]);

/** Starts a tick without waiting for the next slot. A token of Actions starts no other workflow than a dispatched one. */
export const again = (branch: string): string[] => [
  "- if: steps.settle.outputs.again == 'true'",
  '  run: gh workflow run pullbeat.yml --ref "$BRANCH" --field chain="$CHAIN"',
  "  env:",
  `    BRANCH: ${branch}`,
  "    CHAIN: ${{ steps.settle.outputs.next }}",
  "    GH_REPO: ${{ github.repository }}",
  "    GH_TOKEN: ${{ github.token }}",
];

/** What the jobs that push may do. Who closed a pull is told by its issue, which a private repository shows to no other right. */
const WRITES = "      checks: write\n      contents: write\n      issues: read\n      pull-requests: write";

/** The jobs of a tick, in order. */
export const tickJobs = (pullbeat: Steps, secrets: Secrets): string =>
  [
    planJob(pullbeat, secrets.key),
    workJob(pullbeat, secrets),
    publishJob(pullbeat),
    settleJob(pullbeat),
  ].join("\n\n");

const planJob = (pullbeat: Steps, key: string): string =>
  `  # Settles, decides who is due, claims. Runs nothing of the repository and knows no key. Nothing due: the only job.
  plan:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
${WRITES}
    outputs:
      due: \${{ steps.plan.outputs.due }}
      digest: \${{ steps.plan.outputs.digest }}
      matrix: \${{ steps.plan.outputs.matrix }}
    steps:
${planSteps(pullbeat, key)}`;

const workJob = (pullbeat: Steps, secrets: Secrets): string =>
  `  # May read, and nothing else. The key goes to jobs of models alone; a program has a job to itself.
  work:
    needs: plan
    if: needs.plan.outputs.due == 'true'
    runs-on: ubuntu-24.04
    timeout-minutes: ${WORK_MINUTES}
    permissions:
      contents: read
    strategy:
      fail-fast: false
      matrix:
        include: \${{ fromJSON(needs.plan.outputs.matrix) }}
    steps:
${workSteps(pullbeat, secrets)}`;

const publishJob = (pullbeat: Steps): string =>
  `  # Takes in what was handed over as from a stranger: of each bundle only the tree, judged again.
  publish:
    needs: [plan, work]
    if: \${{ !cancelled() && needs.plan.outputs.due == 'true' }}
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
${WRITES}
    steps:
${publishSteps(pullbeat)}`;

const settleJob = (pullbeat: Steps): string =>
  `  # Reviews, merges, and begins the next tick where something became ready.
  settle:
    needs: [plan, publish]
    if: \${{ !cancelled() && needs.plan.outputs.due == 'true' }}
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
      actions: write
${WRITES}
    steps:
${settleSteps(pullbeat)}`;
