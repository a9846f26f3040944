import { existsSync } from "node:fs";
import { inCopy, type Copy, type Ran } from "./copy.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { HELD } from "./held.ts";
import { mutantsOf } from "./mutants.ts";

// `npm run mutate [part of a path…]`: breaks the code that decides about merges, one place at a time, in a copy, and
// sees whether its tests notice. Exit code 1 when a mutant lives that is not listed as equivalent.

/** True when the tests noticed nothing. */
const passed = (ran: Ran): boolean => ran !== "endless" && ran.clean && ran.modules.every((m) => m.ok());

/** Breaks one file, place by place; says what lives. */
async function walk(copy: Copy, file: string, tests: readonly string[]): Promise<void> {
  const whole = copy.read(file);
  if (!passed(await copy.run(file, whole, tests)))
    throw new Error(`the tests of ${file} do not pass on whole code`);
  for (const mutant of mutantsOf(whole)) {
    if (EQUIVALENT[mutant.broken.trim()] !== undefined) {
      sum.equivalent++;
      continue;
    }
    sum.walked++;
    if (!passed(await copy.run(file, mutant.text, tests))) continue;
    sum.alive++;
    console.log(`lives: ${file}:${mutant.line}: ${mutant.broken.trim()}`);
  }
  console.log(`${file}: walked`);
}

for (const path of Object.entries(HELD).flat(2))
  if (!existsSync(path)) throw new Error(`HELD names ${path}, which there is not`);
const wanted = process.argv.slice(2);
const sum = { walked: 0, alive: 0, equivalent: 0 };
await inCopy(async (copy) => {
  for (const [file, tests] of Object.entries(HELD))
    if (wanted.length === 0 || wanted.some((w) => file.includes(w))) await walk(copy, file, tests);
});
console.log(`${sum.walked} mutants, ${sum.alive} live; ${sum.equivalent} more are equivalent`);
// A thread of an endless one may still go round.
process.exit(sum.alive > 0 ? 1 : 0);
