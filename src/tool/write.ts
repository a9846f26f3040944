import { z } from "zod";
import { bytesOf } from "../domain/text/text.ts";
import type { Tool } from "../port/tool.ts";

const Arguments = z.strictObject({
  path: z.string().min(1).describe("from the repository's root"),
  text: z.string().describe("the whole new content"),
});

/** Makes a file, or replaces its whole content. */
export const write: Tool<typeof Arguments> = {
  name: "write",
  description:
    "Makes a file, or replaces the whole content of one. To change a part of a file, edit is safer and cheaper.",
  arguments: Arguments,
  async run({ path, text }, desk) {
    await desk.write(path, text);
    return `Wrote ${path}, ${bytesOf(text)} bytes.`;
  },
};
