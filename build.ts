import { chmodSync } from "node:fs";
import { build, type BuildOptions, type Plugin } from "esbuild";

/** Where the published program lies; `package.json` names it. */
export const OUT = "dist/pullbeat.js";

/** What the program loads once it knows that this Node can: it lies beside it. */
const REST = "program.js";

/** Some packages are CommonJS inside and ask for `require`. Node runs the first line of a file only if it begins with #!. */
const BANNER = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);`;

/** Node checks what a file imports before it runs the file's first line. So the check of Node's age is a file of its own. */
const apart: Plugin = {
  name: "apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/cli\/program\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: `./${REST}`, external: true } : undefined,
    );
  },
};

const shared = {
  bundle: true,
  platform: "node",
  format: "esm",
  minify: true,
  legalComments: "none",
} as const satisfies BuildOptions;

/** Two files that need no node_modules: they start faster than reading hundreds. What is imported lazily stays lazy inside. */
const optionsFor = (out: string): BuildOptions[] => [
  { ...shared, entryPoints: ["src/main.ts"], outfile: out, target: "es2022", plugins: [apart] },
  {
    ...shared,
    entryPoints: ["src/cli/program.ts"],
    outfile: out.replace(/[^/]+$/, REST),
    target: "node22",
    banner: { js: BANNER },
  },
];

export async function buildTo(out: string): Promise<void> {
  await Promise.all(optionsFor(out).map((options) => build(options)));
  chmodSync(out, 0o755);
}

if (import.meta.main) await buildTo(OUT);
