import { chmodSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";

/** Where the published program begins; `package.json` names it. Its parts lie beside it. */
export const OUT = "dist/pullbeat.js";

/** What `action.yml` starts. */
export const ACTION = "dist/action.js";

/** Some packages are CommonJS inside and ask for `require`. Node runs the first line of a file only if it begins with #!. */
const BANNER = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);`;

/**
 * zod's `z` is an object of everything, all its languages among it. Imported as a namespace it is the same, and a bundler
 * sees what is used: a quarter is left to load.
 */
const lean: Plugin = {
  name: "lean-zod",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8").replace(`import { z } from "zod"`, `import * as z from "zod"`),
    }));
  },
};

/**
 * A few files that need no node_modules: node reads them faster than hundreds. What the source imports lazily is a file
 * of its own and is read when it is used, so that \`--version\` does not pay for a model's client.
 */
export const options = {
  entryPoints: { pullbeat: "src/main.ts" },
  outdir: dirname(OUT),
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minify: true,
  legalComments: "none",
  plugins: [lean],
  banner: { js: BANNER },
} satisfies BuildOptions;

/** The action's own parts lie beside the program's, at the release's tag. */
export const actionOptions = {
  ...options,
  entryPoints: { action: "src/action/main.ts" },
} satisfies BuildOptions;

if (import.meta.main) {
  // Parts are named by their content: those of an older build would be published along.
  rmSync(options.outdir, { recursive: true, force: true });
  await build(options);
  await build(actionOptions);
  chmodSync(OUT, 0o755);
}
