import { defineConfig } from "vitest/config";

export default defineConfig({
  // Packages that name source maps which they do not ship are none of our business.
  logLevel: "error",
  test: {
    include: ["test/**/*.test.ts"],
    exclude: process.env["PULLBEAT_STRESS"] ? [] : ["test/stress/**"],
    // Real git in temporary folders: slow machines are not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Their own imports of JSON are none that node takes.
    server: { deps: { inline: [/@actions\//] } },
  },
});
