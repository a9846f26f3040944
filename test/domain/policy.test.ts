import { expect, test } from "vitest";
import { Policy } from "../../src/domain/clearance/policy.ts";

const raise = (rule: object): boolean =>
  Policy.safeParse({ raise: [{ id: "a", tier: "dual", ...rule }] }).success;

test("a raise names at least one condition, or it would lift everything without saying so", () => {
  expect(raise({ files_over: 3 })).toBe(true);
  expect(raise({})).toBe(false);
});

test("no two rules share a name, for merges name rules by it", () => {
  const rule = { id: "a", kind: ["report"] };
  const grant = { ...rule, only_paths: ["reports/**"], tier: "human", per_day: 1 };
  expect(Policy.safeParse({ grant: [grant], raise: [{ ...rule, tier: "dual" }] }).success).toBe(false);
  expect(Policy.safeParse({ grant: [grant], raise: [{ ...rule, id: "b", tier: "dual" }] }).success).toBe(
    true,
  );
});
