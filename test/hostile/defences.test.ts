import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFENCES } from "./defences/index.ts";

test.each(DEFENCES)("a defence stands where the table says: $claim", ({ file, code, without, test: by }) => {
  expect(readFileSync(file, "utf8").split(code)).toHaveLength(2);
  expect(without).not.toBe(code);
  expect(existsSync(by)).toBe(true);
});
