import { Config } from "../domain/config.ts";
import { Directive, type DirectiveFile } from "../domain/board/directive.ts";
import { Effect, placesEffect, type EffectFile } from "../domain/board/effect.ts";
import type { Finding, Locate } from "../domain/finding.ts";
import { Spec, type AgentFile } from "../domain/spec.ts";
import { Task, type TaskFile } from "../domain/board/task.ts";
import { textOf } from "../domain/text/text.ts";
import { parseFile, parseYaml, type Parsed } from "./matter.ts";

export const CONFIG = ".github/pullbeat.yml";

/** A file that pullbeat reads, parsed; or what is wrong with it. */
export type Leaf =
  | { kind: "config"; config: Config; at: Locate }
  | { kind: "agent"; file: AgentFile }
  | { kind: "task"; file: TaskFile }
  | { kind: "directive"; file: DirectiveFile }
  | { kind: "effect"; file: EffectFile }
  | { kind: "bad"; findings: Finding[] };

export type LeafKind = Exclude<Leaf["kind"], "bad">;

const PLACES: readonly [RegExp, LeafKind][] = [
  [/^\.github\/pullbeat\.yml$/, "config"],
  [/^agents\/(?!readme\.md$)[^/]+\.md$/i, "agent"],
  [/^board\/(?!readme\.md$)[^/]+\.md$/i, "task"],
  [/^board\/directives\/(?!readme\.md$)[^/]+\.md$/i, "directive"],
  [/^board\/effects\/(?!readme\.md$)[^/]+\.md$/i, "effect"],
];

/** What a path stands for; null for all that pullbeat does not read. A README explains a folder to people. */
export const kindOf = (path: string): LeafKind | null =>
  PLACES.find(([place]) => place.test(path))?.[1] ?? null;

interface Written {
  path: string;
  blob: string;
  text: string;
}

/** Reads a file of a kind. Bytes that are not text are named with their place. */
export function parseLeaf(kind: LeafKind, file: { path: string; blob: string; bytes: Uint8Array }): Leaf {
  const text = textOf(file.bytes);
  return text === null ? bad(notText(file.path, file.bytes)) : parseText(kind, { ...file, text });
}

/** The same for a text that is at hand. */
export function parseText(kind: LeafKind, { path, blob, text }: Written): Leaf {
  switch (kind) {
    case "config":
      return take(parseYaml(path, text, Config), ({ value, at }) => ({ kind, config: value, at }));
    case "agent":
      return take(parseFile(path, text, Spec), ({ value, body, at }) =>
        named({ path, blob, spec: value, body, at }),
      );
    case "task":
      return take(parseFile(path, text, Task), ({ value, body, at }) => ({
        kind,
        file: { path, blob, task: value, body, at },
      }));
    case "directive":
      return take(parseFile(path, text, Directive), ({ value, body, at }) => ({
        kind,
        file: { path, blob, directive: value, body, at },
      }));
    case "effect":
      return take(parseFile(path, text, Effect), ({ value, body, at }) =>
        identified({ path, blob, effect: value, body, at }),
      );
    default:
      return kind satisfies never;
  }
}

type Sound<T> = Extract<Parsed<T>, { ok: true }>;

const take = <T>(parsed: Parsed<T>, make: (sound: Sound<T>) => Leaf): Leaf =>
  parsed.ok ? make(parsed) : { kind: "bad", findings: parsed.findings };

/** An agent is found by its file's name, so no other file may claim it. */
function named(file: AgentFile): Leaf {
  const stem = file.path.replace(/^agents\/|\.md$/g, "");
  if (file.spec.name === stem) return { kind: "agent", file };
  const message = `the agent is named ${file.spec.name}, and its file ${stem}.md; expected the same name`;
  return bad({ rule: "spec/file-name", level: "error", message, file: file.path, ...file.at(["name"]) });
}

/** An effect's id is its file's name. */
function identified(file: EffectFile): Leaf {
  if (placesEffect(file.path)) return { kind: "effect", file };
  const message =
    "the file's name is the effect's id; expected board/effects/<id>.md with an id such as E-8k2f, or a lower-case slug";
  return bad({ rule: "effect/file-name", level: "error", message, file: file.path, line: 1, column: 1 });
}

/** What is wrong, and at which character. */
function notText(file: string, bytes: Uint8Array): Finding {
  const nul = bytes.indexOf(0);
  const message = nul < 0 ? "the file is not valid UTF-8" : "the file holds a NUL byte, so it is not text";
  const before = Buffer.from(bytes.subarray(0, nul < 0 ? firstBroken(bytes) : nul)).toString();
  const lines = before.split("\n");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return { rule: "file/text", level: "error", message, file, line: lines.length, column };
}

/** Decoding and encoding again changes the first broken byte, and nothing before it. */
function firstBroken(bytes: Uint8Array): number {
  const mended = Buffer.from(Buffer.from(bytes).toString());
  return bytes.findIndex((byte, i) => mended[i] !== byte);
}

const bad = (finding: Finding): Leaf => ({ kind: "bad", findings: [finding] });
