import { z } from "zod";
import { openLibrary } from "../domain/evidence/library.ts";
import { compute } from "../domain/evidence/query.ts";
import { ToolError, type Tool } from "../port/tool.ts";

const Arguments = z.strictObject({
  path: z.string().min(1).describe("a JSON or CSV file that you may see, from the repository's root"),
  formula: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .regex(/^[^\p{Cc}]*$/u, "expected one line")
    .describe(
      "JSONata without functions of your own, such as signups / visits, or $sum(campaigns[status='on'].spend); of a table, rows[id='a'].leads or $cell(5,2) with row and column from 1, header included",
    ),
});

/** Computes over a file, and hands back the value with the link that proves it. */
export const query: Tool<typeof Arguments> = {
  name: "query",
  description:
    "Computes a value from a JSON or CSV file, and returns it with the finished link that proves it. Use it for every number that you state: copy the link as it is.",
  arguments: Arguments,
  async run({ path, formula }, desk) {
    const { keys } = desk.job.agent.spec.evidence;
    const library = openLibrary({ read: (file) => desk.read(file), front: () => null }, keys);
    const result = await compute({ path, formula }, library);
    if ("fault" in result) throw new ToolError(`Nothing was computed. ${result.fault}.`);
    const names = result.names.map((name) => JSON.stringify(name)).join(", ");
    const whose =
      names === "" ? "" : `\nName what it belongs to in the same sentence, table row or heading: ${names}`;
    return `${result.value}\nLink: ${result.link}${whose}`;
  },
};
