import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Fault } from "../domain/fault.ts";
import type { JobRoom } from "../wire-jobs.ts";
import { openingOf, type Options, type Shell } from "./shell.ts";

/** Where a job of a tick works. */
export const roomOf = async (shell: Shell): Promise<JobRoom> =>
  (await import("../wire-jobs.ts")).jobRoom(openingOf(shell));

export const chainOf = ({ chain = "0" }: Options): number => numberOf(chain === "" ? "0" : chain, "--chain");

export const shardOf = ({ shard }: Options): number => numberOf(need(shard, "--shard <n>"), "--shard");

/** Writes what other jobs are to read; returns the SHA-256 that travels apart from it. */
export async function writeData(file: string, data: unknown): Promise<string> {
  const text = `${JSON.stringify(data, null, 2)}\n`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return sha256(text);
}

/** Something that knows what it reads. */
interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly { path: PropertyKey[] }[] } };
}

/** What another job wrote, once it is sure that it is what that job wrote: others could put something else in its place. */
export async function dataIn<T>(
  what: { name: "plan" | "docket"; file: string; digest: string | undefined },
  schema: Schema<T>,
): Promise<T> {
  const { name, file } = what;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Fault("not-found", `there is no ${name} ${file}`, {
      cause,
      next: `pullbeat job plan --${name} ${name}.json`,
    });
  });
  const digest = sha256(text);
  if (digest !== need(what.digest, "--digest <sha256>"))
    throw new Fault("refused", `${file} is not the ${name} that was made: its SHA-256 is ${digest}`, {
      expected: what.digest ?? "",
    });
  const read = schema.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  throw new Fault(
    "broken",
    `${file} is no ${name} that this pullbeat reads: ${read.error.issues[0]?.path.join(".") ?? ""} is wrong`,
    { expected: `a ${name} of the same version of pullbeat` },
  );
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export function need(value: string | undefined, option: string): string {
  if (value !== undefined && value !== "") return value;
  throw new Fault("usage", `${option} is missing`, { expected: option, next: "pullbeat job --help" });
}

function numberOf(text: string, option: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new Fault("usage", `${option} wants a whole number`, { expected: `${option} 1` });
}
