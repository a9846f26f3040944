import type { TextChange } from "../domain/change.ts";
import { deleted, inconclusive, ruled, type Gate } from "./gate.ts";

/** A credential that was found in a text. Never holds the credential itself, except inside `key`. */
export interface Secret {
  line: number;
  /** The rule's own name for it, e.g. `GITHUB_TOKEN`. */
  kind: string;
  /** Tells two credentials apart. Compare it, never show it. */
  key: string;
}

/** Longest text that is scanned, in UTF-16 units. */
const LONGEST = 1_000_000;

/**
 * Credentials in a text, by secretlint's recommended rules (https://github.com/secretlint/secretlint).
 * Its comment directives are left out: whoever writes the text must not switch the rules off.
 */
export async function secretsIn(path: string, text: string): Promise<Secret[]> {
  const { lintSource } = await import("@secretlint/core");
  const { rules } = await import("@secretlint/secretlint-rule-preset-recommend");
  const kept = rules.filter((r) => !r.meta.id.includes("filter"));
  const found = await lintSource({
    source: { filePath: path, content: text, contentType: "text" },
    options: { noPhysicFilePath: true, config: { rules: kept.map((rule) => ({ id: rule.meta.id, rule })) } },
  });
  return found.messages.map((m) => ({
    line: m.loc.start.line,
    kind: m.messageId,
    key: `${m.ruleId} ${m.messageId} ${JSON.stringify(m.data ?? m.message)}`,
  }));
}

/** Holds that a change brings no credential in. One that stood in the file before is not this change's. */
export const secrets: Gate = {
  id: "secrets",
  async judge({ changes }) {
    const written = changes.filter((c) => !deleted(c));
    const unread = written.filter((c) => scannable(c) === null);
    const found = [...(await Promise.all(written.map(inChange))).flat(), ...(await inNames(written))];
    if (found.length > 0)
      return ruled("secrets", found, { pass: "", fail: "the change holds what looks like a credential" });
    if (unread.length === 0) return ruled("secrets", [], { pass: "no credential was found", fail: "" });
    const details = unread.map((c) => `${c.path}: ${c.bytes} bytes`);
    return inconclusive(
      "secrets",
      "some files are too large, or not text, to be searched for credentials",
      details,
    );
  },
};

/** NULs go: they stand between the letters of UTF-16, and would hide what is written there. */
function scannable({ after, raw }: TextChange): string | null {
  const text = after ?? raw ?? null;
  return text === null || text.length > LONGEST ? null : text.replaceAll("\0", "");
}

async function inChange(change: TextChange): Promise<string[]> {
  const text = scannable(change);
  if (text === null) return [];
  const now = await secretsIn(change.path, text);
  if (now.length === 0) return [];
  const old = new Set((await secretsIn(change.path, change.before ?? "")).map((s) => s.key));
  return now.filter((s) => !old.has(s.key)).map((s) => `${change.path}:${s.line}: ${s.kind}`);
}

/** A path is text too. */
async function inNames(written: readonly TextChange[]): Promise<string[]> {
  const names = written.map((c) => c.path);
  return (await secretsIn("paths", names.join("\n"))).map(
    (s) => `the path of file ${s.line} of the change: ${s.kind}`,
  );
}
