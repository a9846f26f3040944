import { chmodSync } from "node:fs";
import { build, type BuildOptions } from "esbuild";

/** Where the published program lies; `package.json` names it. */
export const OUT = "dist/pullbeat.js";

/** What `action.yml` starts. */
export const ACTION = "dist/action.js";

/** Some packages are CommonJS inside and ask for `require`. Node runs the first line of a file only if it begins with #!. */
const BANNER = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);`;

/**
 * One file that needs no node_modules: \`node dist/pullbeat.js\` starts faster than reading hundreds of files. What the
 * source imports lazily stays lazy inside it.
 */
export const options = {
  entryPoints: ["src/main.ts"],
  outfile: OUT,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  legalComments: "none",
  banner: { js: BANNER },
} as const satisfies BuildOptions;

export const actionOptions = {
  ...options,
  entryPoints: ["src/action/main.ts"],
  outfile: ACTION,
} as const satisfies BuildOptions;

if (import.meta.main) {
  await build(options);
  await build(actionOptions);
  chmodSync(OUT, 0o755);
}
