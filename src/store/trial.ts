import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Fault } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import { Sha } from "../domain/id.ts";
import { Spec, type AgentFile } from "../domain/spec.ts";
import { textOf } from "../domain/text/text.ts";
import { gitAt } from "./folder.ts";
import type { Environment } from "./git.ts";
import { parseFile } from "./matter.ts";

/** A spec as it lies on the disk, wherever that is; `name`: the agent that it must describe. A `Fault` says where it is wrong. */
export async function readTrial(
  { dir, env }: { dir: string; env: Environment },
  { file, name }: { file: string; name: string },
): Promise<AgentFile> {
  const bytes = await readFile(resolve(dir, file)).catch((cause: unknown) => {
    throw new Fault("not-found", `the spec ${file} cannot be read`, {
      expected: `a file, seen from ${dir}`,
      next: `ls ${file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "agents/"}`,
      cause,
    });
  });
  const text = textOf(bytes);
  if (text === null) throw new Fault("refused", "the spec is not text", { where: file, expected: "UTF-8" });
  const parsed = parseFile(file, text, Spec);
  if (!parsed.ok) throw unsound(parsed.findings);
  const { value: spec, body, at } = parsed;
  if (spec.name !== name)
    throw unsound([
      {
        rule: "spec/name",
        level: "error",
        message: `it describes ${spec.name}, not ${name}`,
        file,
        ...at(["name"]),
      },
    ]);
  const git = await gitAt(dir, env);
  const blob = (await git.run(["hash-object", "--stdin"], { input: text })).out.toString().trim();
  return { spec, body, at, path: `agents/${name}.md`, blob: Sha.parse(blob) };
}

const place = ({ file, line, column }: Finding): string => `${file}:${line}:${column}`;

function unsound([first, ...more]: readonly Finding[]): Fault {
  if (first === undefined) return new Fault("broken", "a spec was refused, and nothing was found in it");
  const others = more.map((f) => `; ${f.line}:${f.column}: ${f.message}`).join("");
  return new Fault("refused", `${first.message}${others}`, {
    where: place(first),
    expected: "a spec that `pullbeat check` accepts",
  });
}
