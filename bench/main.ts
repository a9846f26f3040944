import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { attemptPart } from "./attempt.ts";
import { boardPart } from "./board.ts";
import { callsPart } from "./calls.ts";
import { buildProgram } from "./field.ts";
import { publishPart } from "./publish.ts";
import { machineOf, tableOf, type Part, type Report } from "./report.ts";
import { startupPart } from "./startup.ts";

/** `npm run bench`: the table on standard output, the numbers in bench/result.json; with --json the numbers on both. */
const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "100,1000,10000,50000" },
    rounds: { type: "string", default: "7" },
    json: { type: "boolean", default: false },
  },
});

const rounds = Number(values.rounds);
const sizes = values.sizes.split(",").map(Number);
if (![rounds, ...sizes].every((n) => Number.isInteger(n) && n > 0))
  throw new Error("--sizes 100,1000 --rounds 7");

/** Each part has a folder of its own, which goes with it. */
async function measured(name: string, part: (dir: string) => Promise<Part>): Promise<Part> {
  console.error(name);
  const dir = await mkdtemp(join(tmpdir(), "pullbeat-bench-"));
  try {
    return await part(dir);
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

const report: Report = { date: new Date().toISOString().slice(0, 10), machine: machineOf(), parts: [] };
const text = (): string => `${JSON.stringify(report, null, 2)}\n`;

/** What was measured is kept at once: a run takes minutes, and may be cut short. */
async function add(name: string, part: (dir: string) => Promise<Part>): Promise<void> {
  report.parts.push(await measured(name, part));
  await writeFile(join(import.meta.dirname, "result.json"), text());
}

await buildProgram();
await add("start", (dir) => startupPart(dir, rounds));
await add("one attempt", (dir) => attemptPart(dir, rounds));
await add("calls of GitHub", callsPart);
await add("a fleet's commits", (dir) => publishPart(dir, rounds));
for (const size of sizes) await add(`${size} tasks`, (dir) => boardPart(dir, size, rounds));
console.log(values.json ? text().trimEnd() : tableOf(report));
