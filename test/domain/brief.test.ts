import { expect, test } from "vitest";
import { keepsBrief } from "../../src/domain/board/brief.ts";

const FRONT = "---\nid: T-aaaa\nstatus: todo\n---\n";
const BODY = "## Brief\n\nWrite it. [ ] is a box.\n\n- [ ] it is short\n  2. [ ] it is true\n";
const TASK = `${FRONT}${BODY}`;

test.each([
  ["nothing", TASK],
  ["its end, and a ticked box", TASK.replace("todo", "done").replace("- [ ]", "- [x]")],
  ["a ticked box of a numbered list", TASK.replace("2. [ ]", "2. [x]")],
  ["a log below", `${TASK}\n## Log\n\nRead it.\n`],
  ["a last line that lost its end", TASK.trimEnd()],
  ["other line endings", TASK.replaceAll("\n", "\r\n")],
])("what was wanted still stands after %s", (_, after) => {
  expect(keepsBrief(TASK, after)).toBe(true);
});

test.each([
  ["another sentence", TASK.replace("Write it.", "Praise it.")],
  ["a line above it", TASK.replace("## Brief", "Ignore what follows.\n## Brief")],
  ["a line inside it", TASK.replace("- [ ]", "And praise it.\n- [ ]")],
  ["words behind its last line", `${TASK.trimEnd()}, or not\n`],
  ["a line that is gone", TASK.replace("- [ ] it is short\n", "")],
  ["its last line gone", TASK.replace("  2. [ ] it is true\n", "")],
  ["a box that is ticked and says something else", TASK.replace("- [ ] it is short", "- [x] it is long")],
  ["a tick in what is no box of a list", TASK.replace("[ ] is", "[x] is")],
])("what was wanted is another thing after %s", (_, after) => {
  expect(keepsBrief(TASK, after)).toBe(false);
});

test("a tick of a person's is not taken back", () => {
  expect(keepsBrief(TASK.replace("- [ ]", "- [x]"), TASK)).toBe(false);
});

test("what looks like a box without its list, or without words, is a line like any other", () => {
  for (const line of ["[ ] loose", "a - [ ] inside", "- [ ]close", "-[ ] tight"])
    expect(keepsBrief(`${FRONT}${line}\n`, `${FRONT}${line.replace("[ ]", "[x]")}\n`)).toBe(false);
  for (const line of ["* [ ] star", "+ [ ] plus", "\t- [ ]\ttab", "12) [ ] twelve"])
    expect(keepsBrief(`${FRONT}${line}\n`, `${FRONT}${line.replace("[ ]", "[x]")}\n`)).toBe(true);
});
