import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { Config } from "../src/domain/config.ts";
import { Directive } from "../src/domain/board/directive.ts";
import { Effect } from "../src/domain/board/effect.ts";
import { Spec } from "../src/domain/spec.ts";
import { Task } from "../src/domain/board/task.ts";
import { cliPage } from "./cli.ts";
import { manPage } from "./man.ts";

/** A file that is written from the code. `test/docs.test.ts` fails when it is out of step. */
interface Page {
  /** From the root of the repository. */
  path: string;
  text: () => string;
}

/** A JSON Schema for editors: what a person may write, defaults left out. */
const schema = (name: string, title: string, type: z.ZodType): Page => ({
  path: `docs/schema/${name}.json`,
  text: () =>
    `${JSON.stringify({ title, ...z.toJSONSchema(type, { io: "input", target: "draft-7" }) }, null, 2)}\n`,
});

/** Everything that `npm run docs` writes. */
export const pages: readonly Page[] = [
  schema("spec", "Front matter of agents/<name>.md", Spec),
  schema("task", "Front matter of board/<id>-<slug>.md", Task),
  schema("directive", "Front matter of board/directives/<slug>.md", Directive),
  schema("effect", "Front matter of board/effects/<id>.md", Effect),
  schema("config", ".github/pullbeat.yml", Config),
  { path: "docs/reference/cli.md", text: cliPage },
  { path: "docs/man/pullbeat.1", text: manPage },
];

if (import.meta.main)
  for (const { path, text } of pages) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text());
  }
