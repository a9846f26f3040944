import { z } from "zod";
import { Sha } from "../id.ts";
import { Tier } from "./policy.ts";

/** Who let a merge in: gates alone, a person, two, one person twice, or somebody who merged with git. */
export const DecidedBy = z.enum(["auto", "human", "dual", "dual(solo)", "button"]);
export type DecidedBy = z.infer<typeof DecidedBy>;

/** How a merge was decided. */
export const Clearance = z.object({
  tier: Tier,
  by: DecidedBy,
  /** Rules of the policy, and built-in ones, that made the tier. */
  rules: z.array(z.string()),
  /** Blob of the config at the tip; null when it has none. */
  policy: Sha.nullable(),
});
export type Clearance = z.infer<typeof Clearance>;
