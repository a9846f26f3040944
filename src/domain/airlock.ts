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
