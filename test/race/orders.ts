import { z } from "zod";

/** What a `crasher.ts` is told. */
export const Orders = z.strictObject({
  /** When each hour begins. */
  hours: z.array(z.string()),
  /** Where it kills itself: right after its nth write or push, or right before its nth push. */
  kill: z
    .strictObject({ when: z.enum(["after any", "before push"]), nth: z.int().positive() })
    .exactOptional(),
});
export type Orders = z.infer<typeof Orders>;

/** What it says when nobody killed it: what tick and settle wrote in each hour, in order. */
export const Written = z.array(z.array(z.enum(["write", "push"])));
export type Written = z.infer<typeof Written>;
