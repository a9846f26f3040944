import { COURTS, digestOutput } from "../verdict/docket.ts";
import { WORK_MINUTES } from "../plan/shard.ts";
import { clone, indented, PINS, step, type Steps } from "./pins.ts";
import { env, modelEnv, type Setting } from "./setting.ts";

export const DOCKET = '"${{ runner.temp }}/docket/docket.json"';
export const VERDICTS = '"${{ runner.temp }}/verdicts"';
/** Publishing makes the docket, with the pulls that it has opened; where nobody works, the plan does. */
const made = (output: string): string => `needs.publish.outputs.${output} || needs.plan.outputs.${output}`;
export const HAS_DOCKET = made("docket");
const DIGEST = `"\${{ ${HAS_DOCKET} }}"`;

/** What settling is told of this run's judging jobs; nothing where there was no docket. */
export const docketMade = {
  docket: `"\${{ (${HAS_DOCKET}) && format('{0}/docket/docket.json', runner.temp) || '' }}"`,
  digest: DIGEST,
  in: VERDICTS,
  judged: "${{ toJSON(needs.judge.outputs) }}",
};

export const getDocket = (more: readonly string[] = []): string[] =>
  step(PINS.download, { name: "docket", path: '"${{ runner.temp }}/docket"' }, more);

/** The token ends with the checkout; the key comes after it, and only to models. */
const steps = (pullbeat: Steps, setting: Setting): string =>
  indented(6, [
    ...clone(),
    ...getDocket(),
    ...pullbeat.get,
    ...pullbeat.run(
      { job: "judge", docket: DOCKET, digest: DIGEST, shard: '"${{ matrix.shard }}"', out: VERDICTS },
      ["id: judge", ...env(modelEnv(setting, "matrix.kind == 'model'"))],
    ),
    ...step(
      PINS.upload,
      {
        name: '"verdicts-${{ matrix.shard }}"',
        path: VERDICTS,
        "if-no-files-found": "ignore",
        "retention-days": "7",
      },
      ["if: ${{ !cancelled() }}"],
    ),
  ]);

/** An output of each job by its number: of several jobs that set one output, the last would speak for all. */
const outputs = Array.from({ length: COURTS }, (_, i) => i + 1)
  .map(
    (shard) =>
      `      ${digestOutput(shard)}: \${{ matrix.shard == ${shard} && steps.judge.outputs.digest || '' }}`,
  )
  .join("\n");

/** Gates that judge elsewhere, each in a job that may only read. */
export const judgeJob = (pullbeat: Steps, setting: Setting): string =>
  `  # May read, and nothing else. The key goes to jobs of models alone; a program that judges has a job to itself.
  judge:
    needs: [plan, publish]
    if: \${{ !cancelled() && (${HAS_DOCKET}) }}
    runs-on: ubuntu-24.04
    timeout-minutes: ${WORK_MINUTES}
    permissions:
      contents: read
    outputs:
${outputs}
    strategy:
      fail-fast: false
      matrix:
        include: \${{ fromJSON(${made("courts")}) }}
    steps:
${steps(pullbeat, setting)}`;
