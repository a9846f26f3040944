import { expect, test } from "vitest";
import { fitRecord } from "../../src/domain/product/fit.ts";
import { bytesOf } from "../../src/domain/text/text.ts";
import { attempt, record } from "./fleet.ts";

const long = "words ".repeat(600);

test("a record of many long questions and reasons is cut to what the journal takes", () => {
  const question = { condition: "c", question: long, evidence: long, recommendation: long, silence: long };
  const attempts = Array.from({ length: 10 }, () => attempt("t-one", { question, reason: long }));
  const fitted = fitRecord(record("ada", "20261122T0700Z", { attempts }));
  expect(bytesOf(JSON.stringify(fitted, null, 2))).toBeLessThanOrEqual(64 * 1024);
  expect(fitted.attempts).toHaveLength(10);
});

test("a record that fits is left as it is", () => {
  const small = record("ada", "20261122T0700Z", { attempts: [attempt("t-one", { summary: long })] });
  expect(fitRecord(small)).toBe(small);
});
