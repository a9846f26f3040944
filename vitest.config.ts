import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Packages that name source maps which they do not ship are none of our business.
  logLevel: "error",
  test: {
    include: ["test/**/*.test.ts"],
    exclude: process.env["PULLBEAT_STRESS"] ? [] : ["test/stress/**"],
    // Most of a test is waiting for git: a core left idle for the runner would be wasted.
    maxWorkers: Math.max(2, availableParallelism()),
    // Real git in temporary folders: slow machines are not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Their own imports of JSON are none that node takes.
    server: { deps: { inline: [/@actions\//] } },
  },
});
