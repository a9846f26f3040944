/** Other people's actions, each at one commit; the version is for people. */
export const PINS = {
  checkout: "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0",
  setupNode: "actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0",
  upload: "actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0",
  download: "actions/download-artifact@018cc2cf5baa6db3ef3c5f8a56943fffe632ef53 # v6.0.0",
} as const;

/** Where a workflow gets pullbeat from: another repository at a commit, or its own at a release's tag. */
export type ActionSource = { kind: "pinned"; uses: string } | { kind: "own"; tag: string };

const PINNED = /^[\w.-]+\/[\w.-]+@(?:[0-9a-f]{40}|[0-9a-f]{64})(?: # [\w.-]+)?$/;
const OWN = /^\.@(v\d+\.\d+\.\d+)$/;

/** `owner/name@<full commit id> # v1.2.3`, or `.@v1.2.3` for the repository itself; null for anything else. */
export function actionSource(text: string): ActionSource | null {
  const tag = OWN.exec(text)?.[1];
  if (tag !== undefined) return { kind: "own", tag };
  return PINNED.test(text) ? { kind: "pinned", uses: text } : null;
}

/** What a workflow that `pullbeat workflows` wrote runs; null for any other text. */
export function sourceIn(workflow: string): ActionSource | null {
  const tag = /^\s+ref: refs\/tags\/(v[\d.]+)\n\s+path: \.pullbeat$/m.exec(workflow)?.[1];
  if (tag !== undefined) return actionSource(`.@${tag}`);
  const used = [...workflow.matchAll(/^\s+uses: (.*)\n\s+with:\n\s+job: /gm)].map(([, uses = ""]) => uses);
  return used[0] === undefined ? null : actionSource(used[0]);
}

/** Inputs of one step, in order; the value as YAML. */
type Inputs = Readonly<Record<string, string>>;

/** Lines of a job's steps; two blanks deeper than `steps:`. */
export interface Steps {
  /** What comes before the first step of pullbeat's. */
  get: string[];
  /** A step that runs one of pullbeat's jobs. `more`: lines of the step itself, such as `id: plan`. */
  run(inputs: Inputs, more?: readonly string[]): string[];
}

/** How steps of a workflow run pullbeat. */
export function stepsFor(source: ActionSource): Steps {
  const own = source.kind === "own";
  return {
    get: own
      ? step(PINS.checkout, {
          ref: `refs/tags/${source.tag}`,
          path: ".pullbeat",
          "persist-credentials": "false",
        })
      : [],
    run: (inputs, more = []) => step(own ? "./.pullbeat" : source.uses, inputs, more),
  };
}

/** One step that uses an action. */
export function step(uses: string, inputs: Inputs, more: readonly string[] = []): string[] {
  const given = Object.entries(inputs).map(([key, value]) => `    ${key}: ${value}`);
  const [first, ...rest] = [...more, `uses: ${uses}`, ...(given.length === 0 ? [] : ["with:"])];
  return [`- ${first}`, ...rest.map((line) => `  ${line}`), ...given];
}

/** The repository with all its history, for merging; no token stays on the disk. */
export const clone = (ref?: string): string[] =>
  step(PINS.checkout, {
    ...(ref === undefined ? {} : { ref }),
    "fetch-depth": "0",
    "persist-credentials": "false",
  });

export const indented = (by: number, lines: readonly string[]): string =>
  lines.map((line) => (line === "" ? "" : " ".repeat(by) + line)).join("\n");
