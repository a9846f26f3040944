/** One thing that stands between a hostile model and everybody else, and the test that fails without it. */
export interface Defence {
  /** What it sees to, as a claim. */
  readonly claim: string;
  /** The source file that it stands in. */
  readonly file: string;
  /** Its code: a text that the file holds exactly once. */
  readonly code: string;
  /** What stands there instead, to take it out. */
  readonly without: string;
  /** The test file that notices. */
  readonly test: string;
  /** The name of the test that fails, or a part of it. */
  readonly named: string;
}
