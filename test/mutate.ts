import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// `npm run mutate [file…]`: breaks the code that decides about merges, one place at a time, in a copy, and sees whether
// its tests notice. Exit code 1 when a mutant lives that is not listed as equivalent.

/** Code that decides, with the tests that hold it. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  "src/domain/approval.ts": ["test/domain/clearance.test.ts"],
  "src/domain/attention.ts": ["test/domain/attention.test.ts"],
  "src/domain/change.ts": ["test/domain/clearance.test.ts", "test/gate/paths.test.ts"],
  "src/domain/clearance.ts": ["test/domain/clearance.test.ts"],
  "src/domain/consent.ts": ["test/domain/clearance.test.ts"],
  "src/domain/control.ts": ["test/domain/control.test.ts"],
  "src/domain/gates.ts": ["test/domain/required.test.ts", "test/gate/schema.test.ts"],
  "src/domain/hearing.ts": ["test/domain/hearing.test.ts"],
  "src/domain/past.ts": ["test/domain/past.test.ts"],
  "src/domain/policy.ts": ["test/domain/policy.test.ts", "test/domain/clearance.test.ts"],
  "src/domain/protect.ts": ["test/domain/protect.test.ts"],
  "src/domain/raise.ts": ["test/domain/clearance.test.ts"],
  "src/domain/tier.ts": ["test/domain/clearance.test.ts"],
  "src/domain/verdict.ts": ["test/domain/verdict.test.ts"],
  "src/domain/votes.ts": ["test/domain/clearance.test.ts"],
  "src/gate/archive.ts": ["test/gate/archive.test.ts"],
  "src/gate/asked.ts": ["test/gate/schema.test.ts"],
  "src/gate/claims.ts": ["test/gate/references.test.ts"],
  "src/gate/dead-paths.ts": ["test/gate/references.test.ts"],
  "src/gate/digest.ts": ["test/gate/digest.test.ts"],
  "src/gate/evidence.ts": ["test/gate/evidence.test.ts"],
  "src/gate/front.ts": ["test/gate/record.test.ts", "test/gate/paths.test.ts"],
  "src/gate/paths.ts": ["test/gate/paths.test.ts"],
  "src/gate/record.ts": ["test/gate/record.test.ts"],
  "src/gate/references.ts": ["test/gate/references.test.ts"],
  "src/gate/schema.ts": ["test/gate/schema.test.ts"],
  "src/gate/secrets.ts": ["test/gate/secrets.test.ts"],
  "src/gate/size.ts": ["test/gate/size.test.ts"],
};

/** What is changed into what, on lines of code. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/ === /g, " !== "],
  [/ !== /g, " === "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ >= /g, " > "],
  [/ <= /g, " < "],
  [/ > (?=\w)/g, " >= "],
  [/ < (?=\w)/g, " <= "],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/\.some\(/g, ".every("],
  [/\.every\(/g, ".some("],
  [/\.findLast\(/g, ".find("],
  [/!(?=[a-z]\w*[.(])/g, ""],
];

/** Mutants that change nothing that anybody could see, by the line as it is broken; each with its reason. */
const EQUIVALENT: Readonly<Record<string, string>> = {
  "const found: (Oddity | true)[] = [": "a type says nothing at run time",
  "const when = <T>(condition: T | undefined, holds: (value: T) => string | true | null): (string | null)[] =>":
    "a type says nothing at run time",
  '(f) => f.file.startsWith("control/") && f.file.slice("control/".length) >= seen,':
    "a file's name is longer than its time, so the two are never equal",
  "if (dead.length <= MOST) add(link.line, deadLink(path, link, { there, spec }));":
    "what is over is cut off at the end",
  "for (const code of dead.length <= MOST ? inCode(block) : []) add(block.line, absent(code, there, spec));":
    "what is over is cut off at the end",
};

interface Mutant {
  file: string;
  line: number;
  broken: string;
  text: string;
}

function mutantsOf(file: string): Mutant[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, i) => {
    if (/^\s*(?:\*|\/\/|\/\*|import |export type|interface )/.test(line)) return [];
    return CHANGES.flatMap(([from, to]) =>
      [...line.matchAll(from)].map(({ index, 0: found }) => {
        const broken = line.slice(0, index) + to + line.slice(index + found.length);
        return { file, line: i + 1, broken, text: lines.with(i, broken).join("\n") };
      }),
    );
  });
}

/** The copy that is broken; its packages are the repository's own. */
function copyOf(): string {
  const dir = mkdtempSync(join(tmpdir(), "pullbeat-mutants-"));
  for (const part of ["src", "test", "docs", "package.json", "tsconfig.json", "vitest.config.ts"])
    cpSync(part, join(dir, part), { recursive: true });
  symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
  return dir;
}

/** True when the tests notice nothing. */
function lives(dir: string, tests: readonly string[]): boolean {
  const run = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--bail=1", ...tests], {
    cwd: dir,
    env: { ...process.env, CI: "1" },
    timeout: 60_000,
  });
  return run.status === 0;
}

const wanted = process.argv.slice(2);
const dir = copyOf();
const alive: Mutant[] = [];
let count = 0;
for (const [file, tests] of Object.entries(HELD)) {
  if (wanted.length > 0 && !wanted.some((w) => file.includes(w))) continue;
  if (!lives(dir, tests)) throw new Error(`the tests of ${file} do not pass on whole code`);
  const whole = readFileSync(file, "utf8");
  const mutants = mutantsOf(file).filter((m) => EQUIVALENT[m.broken.trim()] === undefined);
  for (const mutant of mutants) {
    writeFileSync(join(dir, file), mutant.text);
    count++;
    if (!lives(dir, tests)) continue;
    alive.push(mutant);
    console.log(`lives: ${file}:${mutant.line}: ${mutant.broken.trim()}`);
  }
  writeFileSync(join(dir, file), whole);
}
rmSync(dir, { recursive: true, force: true });
console.log(`${count} mutants, ${alive.length} live, ${Object.keys(EQUIVALENT).length} are equivalent`);
process.exitCode = alive.length > 0 ? 1 : 0;
