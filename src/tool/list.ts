import { z } from "zod";
import type { Tool } from "../port/tool.ts";

const MOST = 300;

const Arguments = z.strictObject({
  under: z.string().min(1).exactOptional().describe("a folder, such as board/; without it, everything"),
  after: z.string().min(1).exactOptional().describe("show the names that come after this one"),
});

/** Lists names. Files that the agent may not see do not exist here. */
export const list: Tool<typeof Arguments> = {
  name: "list",
  description: "Lists the files that you may see, in order of their names.",
  arguments: Arguments,
  run({ under, after }, desk) {
    const folder = under === undefined ? "" : `${under.replace(/\/+$/, "")}/`;
    const names = desk.visible().filter((p) => p.startsWith(folder) && (after === undefined || p > after));
    if (names.length === 0) {
      if (under !== undefined && after === undefined) desk.missed.add(under.replace(/\/+$/, ""));
      return Promise.resolve("There are no such files among those you may see.");
    }
    const shown = names.slice(0, MOST);
    const more = names.length - shown.length;
    const rest = more > 0 ? `\n\n${more} more; go on with after: ${JSON.stringify(shown.at(-1))}` : "";
    return Promise.resolve(shown.join("\n") + rest);
  },
};
