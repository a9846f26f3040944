import { expect, test } from "vitest";
import { readObject } from "../../src/domain/text/json.ts";
import { recordText } from "../../src/flow/journal.ts";

test("half of a character, as an endpoint's cut message leaves it, does not make a record unreadable", () => {
  const text = recordText({ reason: "too many \ud83d", attempts: [{ notes: ["\ude00"] }] });
  expect(readObject(text)).toEqual({
    value: { reason: "too many \ufffd", attempts: [{ notes: ["\ufffd"] }] },
  });
});
