import { WORK_MINUTES } from "../plan/shard.ts";
import { permissionsOf, speaking } from "./identity.ts";
import { DOCKET, docketMade, getDocket, HAS_DOCKET, judgeJob, VERDICTS } from "./judge-job.ts";
import { clone, indented, PINS, step, type Steps } from "./pins.ts";
import { ENDPOINT, env, modelEnv, type Setting } from "./setting.ts";

const PLAN = '"${{ runner.temp }}/plan/plan.json"';
const BASE = '"${{ runner.temp }}/base"';
const HANDOVER = '"${{ runner.temp }}/handover"';
const TOKEN = '"${{ github.token }}"';
const CHAIN = '"${{ inputs.chain }}"';
const DIGEST = '"${{ needs.plan.outputs.digest }}"';
const SHARD = '"${{ matrix.shard }}"';
const DAYS = { "retention-days": "7" };

const keepDocket = (id: string): string[] =>
  step(PINS.upload, { name: "docket", path: DOCKET, "if-no-files-found": "error", ...DAYS }, [
    `if: steps.${id}.outputs.docket != ''`,
  ]);

const getPlan = (): string[] => step(PINS.download, { name: "plan", path: '"${{ runner.temp }}/plan"' });

function planSteps(pullbeat: Steps, { voices, key, endpoint }: Setting): string {
  const { before, token, env: spoken } = speaking(voices, pullbeat, { reviews: true });
  const elsewhere = endpoint ? ` || vars.${ENDPOINT} != ''` : "";
  return indented(6, [
    ...clone(),
    ...pullbeat.get,
    ...before,
    ...pullbeat.run({ job: "plan", plan: PLAN, docket: DOCKET, chain: CHAIN, token }, [
      "id: plan",
      ...env([`PULLBEAT_KEY_ELSEWHERE: \${{ secrets.${key} != ''${elsewhere} }}`, ...spoken]),
    ]),
    ...step(PINS.upload, { name: "plan", path: PLAN, "if-no-files-found": "error", ...DAYS }, [
      "if: steps.plan.outputs.due == 'true'",
    ]),
    ...keepDocket("plan"),
  ]);
}

/** The token ends with the fetch; the key comes after it, and only to models. */
const workSteps = (pullbeat: Steps, setting: Setting): string =>
  indented(6, [
    ...getPlan(),
    ...pullbeat.get,
    ...pullbeat.run({ job: "fetch", plan: PLAN, digest: DIGEST, shard: SHARD, dir: BASE, token: TOKEN }),
    ...pullbeat.run(
      { job: "work", plan: PLAN, digest: DIGEST, shard: SHARD, dir: BASE, out: HANDOVER },
      env([
        ...modelEnv(setting, "matrix.kind == 'model'"),
        ...setting.programs.map(
          (name) => `${name}: \${{ contains(matrix.env, '${name}') && secrets.${name} || '' }}`,
        ),
      ]),
    ),
    ...step(
      PINS.upload,
      { name: '"work-${{ matrix.shard }}"', path: HANDOVER, "if-no-files-found": "ignore", ...DAYS },
      ["if: ${{ !cancelled() }}"],
    ),
  ]);

function publishSteps(pullbeat: Steps, { voices }: Setting): string {
  const { before, token, env: spoken } = speaking(voices, pullbeat, { reviews: false });
  return indented(6, [
    ...clone(),
    ...getPlan(),
    ...step(PINS.download, { pattern: "work-*", path: HANDOVER }),
    ...pullbeat.get,
    ...before,
    ...pullbeat.run({ job: "publish", plan: PLAN, digest: DIGEST, in: HANDOVER, docket: DOCKET, token }, [
      "id: publish",
      ...env(spoken),
    ]),
    ...keepDocket("publish"),
  ]);
}

function settleSteps(pullbeat: Steps, { voices }: Setting): string {
  const { before, token, env: spoken } = speaking(voices, pullbeat, { reviews: true });
  return indented(6, [
    ...clone(),
    ...getDocket([`if: ${HAS_DOCKET}`]),
    ...step(PINS.download, { pattern: "verdicts-*", path: VERDICTS }, [`if: ${HAS_DOCKET}`]),
    ...pullbeat.get,
    ...before,
    ...pullbeat.run({ job: "settle", chain: CHAIN, ...docketMade, token }, ["id: settle", ...env(spoken)]),
    ...again("${{ github.ref_name }}"),
  ]);
}

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

/** The jobs of a tick, in order. */
export const tickJobs = (pullbeat: Steps, setting: Setting): string =>
  [
    planJob(pullbeat, setting),
    workJob(pullbeat, setting),
    publishJob(pullbeat, setting),
    judgeJob(pullbeat, setting),
    settleJob(pullbeat, setting),
  ].join("\n\n");

const planJob = (pullbeat: Steps, setting: Setting): string =>
  `  # Settles, decides who is due, claims. Runs nothing of the repository and knows no key. Nothing due: the only job.
  plan:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
${permissionsOf(setting.voices, { reviews: true })}
    outputs:
      due: \${{ steps.plan.outputs.due }}
      digest: \${{ steps.plan.outputs.digest }}
      matrix: \${{ steps.plan.outputs.matrix }}
      docket: \${{ steps.plan.outputs.docket }}
      courts: \${{ steps.plan.outputs.courts }}
    steps:
${planSteps(pullbeat, setting)}`;

const workJob = (pullbeat: Steps, setting: Setting): string =>
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
${workSteps(pullbeat, setting)}`;

const publishJob = (pullbeat: Steps, setting: Setting): string =>
  `  # Takes in what was handed over as from a stranger: of each bundle only the tree, judged again.
  publish:
    needs: [plan, work]
    if: \${{ !cancelled() && needs.plan.outputs.due == 'true' }}
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
${permissionsOf(setting.voices, { reviews: false })}
    outputs:
      docket: \${{ steps.publish.outputs.docket }}
      courts: \${{ steps.publish.outputs.courts }}
    steps:
${publishSteps(pullbeat, setting)}`;

const settleJob = (pullbeat: Steps, setting: Setting): string =>
  `  # Takes in the verdicts of this run's judging jobs, reviews, merges, begins the next tick where there is something to do.
  settle:
    needs: [plan, publish, judge]
    if: \${{ !cancelled() && (needs.plan.outputs.due == 'true' || needs.plan.outputs.docket) }}
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
${permissionsOf(setting.voices, { reviews: true, more: ["actions: write"] })}
    steps:
${settleSteps(pullbeat, setting)}`;
