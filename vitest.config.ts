import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: process.env["PULLBEAT_STRESS"] ? [] : ["test/stress/**"],
    // Real git in temporary folders: slow machines are not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
