import { z } from "zod";
import type { Tool } from "../port/tool.ts";
import { page } from "./page.ts";

const Arguments = z.strictObject({
  path: z.string().min(1).describe("from the repository's root, as `list` shows it"),
  from: z.int().min(1).max(1_000_000).default(1).describe("first line to show, from 1"),
  lines: z.int().min(1).max(100_000).default(400).describe("how many lines at most"),
});

/** Shows a file, or a part of it. */
export const read: Tool<typeof Arguments> = {
  name: "read",
  description: "Shows a text file that you may see. Long files come in pages.",
  arguments: Arguments,
  async run({ path, from, lines }, desk) {
    return page(path, await desk.read(path), { from, lines });
  },
};
