import type { Voices } from "./identity.ts";

/** Where models answer, where the config does not say it: a variable of the repository. */
export const ENDPOINT = "OPENAI_BASE_URL";

/** What jobs are given: names of secrets, each for those alone who asked, and who speaks on GitHub. */
export interface Setting {
  /** The model's key, as a secret and as a variable. */
  key: string;
  /** The model's endpoint is the repository's variable `OPENAI_BASE_URL`; else the config names it. */
  endpoint: boolean;
  /** Names of the secrets that programs ask for. */
  programs: readonly string[];
  voices: Voices;
}

/** What a step that calls models is told; `isModel`: an expression that holds for such a step alone. */
export const modelEnv = ({ key, endpoint }: Pick<Setting, "key" | "endpoint">, isModel: string): string[] => [
  `${key}: \${{ ${isModel} && secrets.${key} || '' }}`,
  ...(endpoint ? [`${ENDPOINT}: \${{ ${isModel} && vars.${ENDPOINT} || '' }}`] : []),
];

/** Lines of a step; none where nothing is to be set. */
export const env = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["env:", ...lines.map((line) => `  ${line}`)];
