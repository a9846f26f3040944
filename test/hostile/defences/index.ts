import { ASKING } from "./asking.ts";
import { CASES } from "./cases.ts";
import type { Defence } from "./defence.ts";
import { DOORS } from "./doors.ts";
import { EFFECTS } from "./effects.ts";
import { FENCE } from "./fence.ts";
import { GATES } from "./gates.ts";
import { GRANTS } from "./grants.ts";
import { GRADERS } from "./graders.ts";
import { GRADING } from "./grading.ts";
import { HISTORY } from "./history.ts";
import { JUDGING } from "./judging.ts";
import { PEOPLE } from "./people.ts";
import { PRINTED } from "./printed.ts";
import { PROOF } from "./proof.ts";
import { STALLS } from "./stalls.ts";
import { TRUTH } from "./truth.ts";
import { TWINS } from "./twins.ts";
import { WORDS } from "./words.ts";

export type { Defence } from "./defence.ts";

/** Every defence; `npm run defences` takes out one after the other. */
export const DEFENCES: readonly Defence[] = [
  ...FENCE,
  ...GATES,
  ...EFFECTS,
  ...TRUTH,
  ...PROOF,
  ...WORDS,
  ...TWINS,
  ...DOORS,
  ...PRINTED,
  ...ASKING,
  ...STALLS,
  ...HISTORY,
  ...JUDGING,
  ...GRANTS,
  ...GRADING,
  ...GRADERS,
  ...CASES,
  ...PEOPLE,
];
