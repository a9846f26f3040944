import { z } from "zod";
import { Fault } from "../domain/fault.ts";
import { readObject } from "../domain/text/json.ts";
import { TaskId, Unit } from "../domain/id.ts";
import { Tokens } from "../domain/record.ts";

const Call = z.strictObject({
  name: z.string(),
  /** An object; or a string that is sent as it is, to play a model that writes nonsense. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

/** One reply: what the model says, and the tools it calls. */
const Said = z.strictObject({
  content: z.string().exactOptional(),
  calls: z.array(Call).default([]),
  tokens: Tokens.partial().default({}),
});

/** A call that ends badly, for playing an endpoint that does not answer. */
const Failing = z.strictObject({
  failure: z.enum([
    "auth",
    "billing",
    "request",
    "context",
    "rate",
    "server",
    "network",
    "timeout",
    "malformed",
  ]),
  reason: z.string().default("the script says so"),
});

/** Begins the replies for a task's next round; `*` stands for every task that has none of its own. */
const Heading = z.strictObject({ attempt: z.union([z.literal("*"), Unit, TaskId]) });

export type ScriptedReply = z.infer<typeof Said> | z.infer<typeof Failing>;

/** The replies of each round, by unit, task or `*`. */
export type Script = ReadonlyMap<string, readonly (readonly ScriptedReply[])[]>;

/**
 * Reads a script: JSON Lines, with empty lines and lines that begin with `//` left out.
 * Replies before the first heading are those of `*`. A line that cannot be read is a `Fault` that names it.
 */
export function readScript(text: string, file: string): Script {
  const script = new Map<string, ScriptedReply[][]>();
  let round: ScriptedReply[] | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("//")) continue;
    const read = readLine(line, `${file}:${index + 1}`);
    if ("attempt" in read || round === null) {
      const key = "attempt" in read ? read.attempt : "*";
      script.set(key, [...(script.get(key) ?? []), (round = [])]);
    }
    if (!("attempt" in read)) round.push(read);
  }
  return script;
}

function readLine(line: string, where: string): ScriptedReply | z.infer<typeof Heading> {
  const object = readObject(line);
  if ("fault" in object) throw bad(where, object.fault);
  const shape = "attempt" in object.value ? Heading : "failure" in object.value ? Failing : Said;
  const read = shape.safeParse(object.value);
  if (!read.success) throw bad(where, z.prettifyError(read.error));
  return read.data;
}

const bad = (where: string, what: string): Fault =>
  new Fault("config", `this line of the script is ${what}`, {
    where,
    expected:
      '{"attempt": "T-8k2f"}, or a reply such as {"calls": [{"name": "finish", "arguments": {"summary": "done"}}]}',
  });
