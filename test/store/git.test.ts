import { expect, test } from "vitest";
import { lastWords } from "../../src/store/git.ts";

test("what git says of a remote is told without the credentials in its address", () => {
  const said = "hint: try again\nfatal: Authentication failed for 'https://ann:t0ken@example.com/x.git/'\n";
  expect(lastWords(said)).toBe("fatal: Authentication failed for 'https://example.com/x.git/'");
  expect(lastWords("fatal: 'ssh://git@example.com/ann@home' is not there")).toBe(
    "fatal: 'ssh://example.com/ann@home' is not there",
  );
});
