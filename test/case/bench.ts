import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld, type Scripts } from "../fleet.ts";
import { typed } from "../cli/cli.ts";
import type { Files } from "../world.ts";

const PAGE = "reports/ctr.md";
export const WRONG = "# Rates\n\nThe roofing page has [41%](/data/ads.json#/roofing/ctr).\n";
export const RIGHT = "# Rates\n\nThe roofing page has [2.3%](/data/ads.json#/roofing/ctr).\n";

const EVIDENCE = 'evidence: { mode: linked, units: { "data/ads.json#/roofing/ctr": percent } }\n';
export const SPEC = specText("writer", `reads: ["data/**"]\nproduces: ["reports/*.md"]\n${EVIDENCE}`);
/** The same without the gate that catches the wrong page. */
export const LOOSE = specText("writer", 'reads: ["data/**"]\nproduces: ["reports/*.md"]\n');

const FILES: Files = {
  "agents/writer.md": SPEC,
  "board/ctr.md": taskText("ctr", "writer", `produces: [${PAGE}]\n`),
  "data/ads.json": '{"roofing": {"name": "roofing", "ctr": 2.3}}\n',
};

/** A page that a gate sends back, and then the right one. */
export const MENDED = `${writes({ [PAGE]: WRONG })}\n${writes({ [PAGE]: RIGHT })}`;

export interface Told extends FleetWorld {
  type: (...args: string[]) => ReturnType<typeof typed>;
  /** A file of the base branch, which must be there. */
  must: (path: string) => Promise<string>;
}

/** A fleet whose writer has worked once on the rates: pull 1. */
export async function worked(scripts: Scripts = { writer: MENDED }, files: Files = {}): Promise<Told> {
  const fleet = await makeFleet({ files: { ...FILES, ...files }, scripts });
  await tick(fleet.flow);
  fleet.clock.pass(5);
  return {
    ...fleet,
    type: (...args) => typed(fleet, args),
    async must(path) {
      const text = await fleet.file(path);
      if (text === null) throw new Error(`there is no ${path}`);
      return text;
    },
  };
}
