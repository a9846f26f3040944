#!/usr/bin/env node
import { VERSION } from "./domain/version.ts";

/** The oldest Node that runs pullbeat, as `engines` of package.json says. */
const OLDEST = [22, 18] as const;

// Before anything else is loaded: an older Node would stop at its first line with a SyntaxError.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `error: node ${process.versions.node} is too old for pullbeat\n` +
      `  expected: node ${OLDEST.join(".")} or newer\n` +
      "  next: install a newer node (https://nodejs.org), then `node --version`\n",
  );
  process.exitCode = 3;
} else if (["--version", "-V"].includes(process.argv.slice(2).join(" "))) {
  // Installers and scripts ask for the version alone, and wait for nothing else to load.
  process.stdout.write(`${VERSION}\n`);
} else {
  const { main } = await import("./cli/program.ts");
  process.exitCode = await main(process.argv);
}
