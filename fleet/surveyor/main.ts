import { mkdirSync, writeFileSync } from "node:fs";
import { links } from "./links.ts";
import { packages } from "./lock.ts";
import { headline, isWell, report } from "./report.ts";
import { sizes } from "./sizes.ts";
import { readTree } from "./tree.ts";

// The surveyor's program: measures the work tree it stands in, and writes reports/survey/<day>.md.
// The command engine starts it (agents/surveyor.md). By hand: PULLBEAT_NOW=2026-11-23T06:00:00Z node fleet/surveyor/main.ts

const day = /^\d{4}-\d\d-\d\d(?=T)/.exec(process.env["PULLBEAT_NOW"] ?? "")?.[0];
if (day === undefined) {
  process.stderr.write("PULLBEAT_NOW is missing; expected an instant such as 2026-11-23T06:00:00Z\n");
  process.exit(1);
}
const tree = readTree(".");
const survey = { day, tree, ...sizes(tree, "src/"), packages: packages(tree), links: links(tree) };
mkdirSync("reports/survey", { recursive: true });
writeFileSync(`reports/survey/${day}.md`, report(survey));
process.stdout.write(
  `${JSON.stringify({ summary: `Measured: ${headline(survey)}`, result: isWell(survey) ? "pass" : "fail" })}\n`,
);
