import type { ErrorObject } from "ajv/dist/2020.js";
import type { TextChange } from "../domain/change.ts";
import { sentence } from "../domain/fault.ts";
import type { SchemaGate } from "../domain/verdict/gates.ts";
import { matchesAny } from "../domain/glob.ts";
import { readObject } from "../domain/text/json.ts";
import { deleted, inconclusive, ruled, type Gate } from "./gate.ts";

export interface SchemaParts {
  settings: SchemaGate;
  /** The schema's text at the tip; null when there is no such file, or it is no text. */
  text: string | null;
  /** The front matter of a text; null when it has none that can be read. */
  front: (text: string) => Record<string, unknown> | null;
}

/** Problems that are told of one file; the rest would say the same again. */
const MOST = 10;

/** A gate that holds the shape of artifacts, by a schema that people wrote. https://ajv.js.org */
export const schemaGate = (id: string, parts: SchemaParts): Gate => ({
  id,
  async judge({ changes }) {
    const { settings, text } = parts;
    if (text === null) return inconclusive(id, `there is no schema ${settings.schema} at the tip`);
    const schema = readObject(text);
    if ("fault" in schema) return inconclusive(id, `${settings.schema} is no schema: ${schema.fault}`);
    const judged = changes.filter((c) => !deleted(c) && matchesAny(settings.files, c.path));
    const problems = await problemsIn(judged, schema.value, parts);
    if (typeof problems === "string") return inconclusive(id, `${settings.schema} is no schema: ${problems}`);
    return ruled(id, problems, {
      pass:
        judged.length === 0
          ? "it changes no file that this schema is for"
          : `${judged.length} files are as ${settings.schema} says`,
      fail: `a file is not as ${settings.schema} says`,
    });
  },
});

/** One line a problem; a sentence when the schema itself is broken. */
async function problemsIn(
  judged: readonly TextChange[],
  schema: Record<string, unknown>,
  parts: SchemaParts,
): Promise<string[] | string> {
  // It takes longer to load than a command to start.
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  try {
    const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
    return judged.flatMap(({ path, after }) => {
      const value = valueOf(after, parts);
      if ("fault" in value) return [`${path}: ${value.fault}`];
      return validate(value.value)
        ? []
        : (validate.errors ?? []).slice(0, MOST).map((e) => `${path}: ${told(e)}`);
    });
  } catch (error) {
    return sentence(error);
  }
}

function valueOf(
  text: string | null,
  { settings, front }: SchemaParts,
): { value: unknown } | { fault: string } {
  if (text === null) return { fault: "it is not text" };
  if (settings.of === "json") return readObject(text);
  const value = front(text);
  return value === null ? { fault: "it has no front matter that can be read" } : { value };
}

/** `campaigns/0/ctr: must be number`; the name of a key that should not be there is said. */
function told({ instancePath, message, params }: ErrorObject): string {
  const extra: unknown = params["additionalProperty"];
  const named = typeof extra === "string" ? ` (${extra})` : "";
  return `${instancePath === "" ? "the whole" : instancePath.slice(1)}: ${message ?? "is not as it should be"}${named}`;
}
