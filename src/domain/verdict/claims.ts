import { z } from "zod";

/** What an agent says, in a form that can be compared, that it did. */
export const Claims = z.strictObject({
  changed: z
    .array(z.string().min(1))
    .max(100)
    .exactOptional()
    .describe("paths of files that you made or changed"),
  created: z.array(z.string().min(1)).max(20).exactOptional().describe("ids of tasks that you made"),
});
export type Claims = z.infer<typeof Claims>;

/** What was said when work was handed in. */
export interface Said {
  summary: string;
  claims: Claims;
}
