import { z } from "zod";
import type { Locate } from "../finding.ts";
import { AgentName } from "../id.ts";

/** The front matter of `board/directives/<slug>.md`: a standing order from a person. */
export const Directive = z.strictObject({
  title: z.string().min(1).max(200),
  scope: z
    .union([z.literal("all"), z.array(AgentName).min(1)])
    .default("all")
    .describe("Whom it binds: agents by name, or everybody."),
  expires: z.iso.date().exactOptional().describe("The last day on which it holds, in the fleet's time zone."),
});
export type Directive = z.infer<typeof Directive>;

export interface DirectiveFile {
  directive: Directive;
  body: string;
  path: string;
  blob: string;
  /** For findings about one of its keys. */
  at: Locate;
}

/** The directives that bind an agent on a day (`yyyy-mm-dd`). */
export const binding = (all: readonly DirectiveFile[], agent: AgentName, day: string): DirectiveFile[] =>
  all.filter(
    ({ directive: d }) =>
      (d.scope === "all" || d.scope.includes(agent)) && (d.expires === undefined || d.expires >= day),
  );
