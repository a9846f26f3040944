#!/usr/bin/env node
import { VERSION } from "./domain/version.ts";

const asked = process.argv.slice(2).join(" ");

// Whoever asks for the version alone, as installers and scripts do, waits for nothing else to load.
if (asked === "--version" || asked === "-V") process.stdout.write(`${VERSION}\n`);
else {
  const { main } = await import("./cli/program.ts");
  process.exitCode = await main(process.argv);
}
