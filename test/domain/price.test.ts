import { expect, test } from "vitest";
import { cost } from "../../src/domain/plan/price.ts";

const PRICE = { input: 2, cached: 0.5, output: 8 };

test("cached input is a part of the input and has its own price", () => {
  expect(cost({ input: 1000, cached: 400, output: 100 }, PRICE)).toBeCloseTo(
    (600 * 2 + 400 * 0.5 + 100 * 8) / 1e6,
  );
});

test("without a price of its own, cached input costs as much as other input", () => {
  expect(cost({ input: 1000, cached: 400, output: 0 }, { input: 2, output: 8 })).toBeCloseTo(0.002);
});

test("more cached than there was input does not earn money", () => {
  expect(cost({ input: 10, cached: 1000, output: 0 }, PRICE)).toBeCloseTo((10 * 0.5) / 1e6);
});

test("an unknown price is unknown, not free", () => {
  expect(cost({ input: 1, cached: 0, output: 1 }, undefined)).toBeNull();
});
