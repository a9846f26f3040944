/** What a stranger may hand over at most. */
export const LIMITS = {
  /** Bytes of a bundle. */
  bundle: 32 * 2 ** 20,
  /** Bytes of all objects of a bundle. */
  unpacked: 64 * 2 ** 20,
  objects: 10_000,
  /** Files that one proposal changes. */
  files: 2_000,
  /** Folders inside folders. */
  depth: 64,
  /** Bytes of a record. */
  record: 4 * 2 ** 20,
  /** Bytes of a transcript. */
  transcript: 32 * 2 ** 20,
  /** Bytes of what one judging job says. */
  verdicts: 2 ** 20,
} as const;

/** Why something handed over is not taken in; the code is stable. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, why: string) {
    super(why);
    this.name = "Refused";
    this.code = code;
  }
}

/** Where something handed over is wrong; what stands there stays outside. */
export function faultOf(issues: readonly { path: PropertyKey[]; code: string }[]): string {
  const [first] = issues;
  const path = first?.path.map((p) =>
    typeof p === "number" || /^[a-z]+$/i.test(String(p)) ? String(p) : "?",
  );
  return `${path?.join(".") || "it"} is wrong (${first?.code ?? "empty"})`;
}
