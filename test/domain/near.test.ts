import { expect, test } from "vitest";
import { nearest } from "../../src/domain/text/near.ts";

const WORDS = ["title", "timezone", "tools", "status"];

test.each([
  ["titel", "title"],
  ["tite", "title"],
  ["tittle", "title"],
  ["STATUS", "status"],
  ["time_zone", "timezone"],
  ["colour", null],
  ["", null],
])("for %j, %j was probably meant", (word, meant) => expect(nearest(word, WORDS)).toBe(meant));
