import { z } from "zod";
import { Glob } from "../glob.ts";

const count = z.int().positive();

/** What an agent may change: a glob, and its bounds. */
export const Produce = z.union([
  Glob,
  z.strictObject({
    path: Glob,
    mode: z
      .enum(["write", "append"])
      .default("write")
      .describe("`append`: the old content must stay, byte for byte, as the beginning of the new."),
    max_files: count.exactOptional(),
    max_lines: count.exactOptional(),
    examples: z
      .boolean()
      .exactOptional()
      .describe(
        "`true` for pages that show how things look in a reader's repository: tasks, agents and paths in their code need not exist here; links and plain words are held as ever.",
      ),
  }),
]);

/** `produces` with its defaults filled in. */
export interface Product {
  path: string;
  mode: "write" | "append";
  max_files?: number;
  max_lines?: number;
  examples?: boolean;
}
