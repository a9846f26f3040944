import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createVitest, type Vitest } from "vitest/node";

// `npm run mutate [file…]`: breaks the code that decides about merges, one place at a time, in a copy, and sees whether
// its tests notice. Exit code 1 when a mutant lives that is not listed as equivalent.

/** Code that decides, with the tests that hold it. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  "src/domain/append.ts": ["test/domain/append.test.ts"],
  "src/domain/approval.ts": ["test/domain/clearance.test.ts"],
  "src/domain/attention.ts": ["test/domain/attention.test.ts"],
  "src/domain/change.ts": ["test/domain/clearance.test.ts", "test/gate/paths.test.ts"],
  "src/domain/clearance.ts": ["test/domain/clearance.test.ts", "test/grading/standing.test.ts"],
  "src/domain/consent.ts": ["test/domain/clearance.test.ts"],
  "src/domain/case/outcome.ts": ["test/case/outcome.test.ts"],
  "src/domain/control.ts": ["test/domain/control.test.ts"],
  "src/domain/courts.ts": ["test/domain/courts.test.ts"],
  "src/domain/docket.ts": ["test/flow/admit-verdicts.test.ts"],
  "src/domain/gates.ts": [
    "test/domain/required.test.ts",
    "test/gate/schema.test.ts",
    "test/gate/checks.test.ts",
    "test/grading/asking.test.ts",
  ],
  "src/domain/grading/asking.ts": ["test/grading/asking.test.ts"],
  "src/domain/grading/calibration.ts": ["test/grading/standing.test.ts"],
  "src/domain/grading/grade.ts": ["test/grading/grade.test.ts", "test/grading/grader.test.ts"],
  "src/domain/grading/material.ts": ["test/grading/grade.test.ts", "test/grading/grader.test.ts"],
  "src/domain/grading/seed.ts": ["test/grading/seed.test.ts"],
  "src/domain/grading/verdict.ts": ["test/grading/grader.test.ts"],
  "src/domain/hearing.ts": ["test/domain/hearing.test.ts"],
  "src/domain/ledger.ts": ["test/domain/ledger.test.ts"],
  "src/domain/past.ts": ["test/domain/past.test.ts"],
  "src/domain/phone/request.ts": ["test/domain/phone.test.ts"],
  "src/domain/phone/spoken.ts": ["test/domain/phone.test.ts"],
  "src/domain/policy.ts": ["test/domain/policy.test.ts", "test/domain/clearance.test.ts"],
  "src/domain/protect.ts": ["test/domain/protect.test.ts"],
  "src/domain/radar.ts": ["test/domain/radar.test.ts"],
  "src/domain/raise.ts": ["test/domain/clearance.test.ts"],
  "src/domain/tier.ts": ["test/domain/clearance.test.ts", "test/grading/standing.test.ts"],
  "src/domain/verdict.ts": ["test/domain/verdict.test.ts"],
  "src/domain/votes.ts": ["test/domain/clearance.test.ts"],
  "src/gate/archive.ts": ["test/gate/archive.test.ts"],
  "src/gate/asked.ts": ["test/gate/schema.test.ts"],
  "src/gate/checks.ts": ["test/gate/checks.test.ts"],
  "src/gate/claims.ts": ["test/gate/references.test.ts"],
  "src/gate/dead-paths.ts": ["test/gate/references.test.ts"],
  "src/gate/digest.ts": ["test/gate/digest.test.ts"],
  "src/gate/evidence.ts": ["test/gate/evidence.test.ts"],
  "src/gate/front.ts": ["test/gate/record.test.ts", "test/gate/paths.test.ts"],
  "src/gate/mentions.ts": ["test/gate/references.test.ts"],
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
  [/\.findLastIndex\(/g, ".findIndex("],
  [/\.at\(-1\)/g, ".at(0)"],
  [/\bMath\.min\(/g, "Math.max("],
  [/\bMath\.max\(/g, "Math.min("],
  [/\.filter\((\w+)\)/g, ".filter(() => $1 !== null)"],
  [/\.filter\((\w+|\([^()]*\)) => (?!\{)/g, ".filter($1 => true || "],
  // A guard that guards nothing.
  [/^(\s*(?:\} else )?if \()(.+)(\)(?: return .*;| continue;| \{|))$/g, "$1false && ($2)$3"],
];

/** Mutants that change nothing that anybody could see, by the line as it is broken; each with its reason. */
const EQUIVALENT: Readonly<Record<string, string>> = {
  'if (dead.length === 0 && old === "") return dead;':
    "an empty text held nothing dead; this spares the work",
  'if (false && (dead.length === 0 || old === "")) return dead;':
    "an empty text held nothing dead; this spares the work",
  "if (false && (now.length === 0)) return [];": "of nothing nothing is told; this spares the work",
  "options: { noPhysicFilePath: false, config: { rules: kept.map((rule) => ({ id: rule.meta.id, rule })) } },":
    "the text is given, so no file is looked for",
  "if (false && (news.length === 0)) return [];": "nothing new collides with nothing; this spares the work",
  "if (false && (moved.size === 0)) return [];":
    "of nothing that moved nothing is told; this spares the work",
  'if (false && ("fault" in now)) return [`${file.path}: ${now.fault}`];':
    "the same text could be read a moment ago",
  "const pair: Pair = one.number <= other.number ? [one, other] : [other, one];":
    "no two pulls have one number",
  "const recent = journal.records.filter((r) => now.getTime() - Date.parse(r.started) < LONGEST_DAY);":
    "what is a day of 25 hours old is of no day that still goes on",
  "const recent = journal.records.filter((r) => true || now.getTime() - Date.parse(r.started) <= LONGEST_DAY);":
    "what is older than a day is of no day that still goes on; this spares the work",
  "const isRecent = ({ at }: { at: string }): boolean => now.getTime() - Date.parse(at) < LONGEST_DAY;":
    "what is a day of 25 hours old is of no day that still goes on",
  ".filter(() => isRecent !== null)": "what is older than a day is of no day that still goes on",
  "...calibrations.filter(() => isRecent !== null).map((c) => judgement(c.grader, c, 0)),":
    "what is older than a day is of no day that still goes on",
  "return text.slice(0, at) + String(pick(digits, roll) ?? (old !== 1 ? 2 : 1)) + text.slice(at + 1);":
    "eight digits are left at least, so one is picked",
  "`(?<![\\\\w'-])(?:${[...TURN.keys()].toSorted((a, b) => b.length - a.length || (a <= b ? -1 : 1)).join(\"|\")})(?![\\\\w'-])`,":
    "no two keys of a map are equal",
  "if (false && (now === old)) return null;": "what stands in for a digit or a word is another one",
  "...(caught <= bar.caught * seeded - 1e-9 ? [`${percent(bar.caught)} must be caught`] : []),":
    "no count is a billionth away from a share",
  "...(stopped >= bar.false_stops * accepted + 1e-9 ? [`${percent(bar.false_stops)} may be stopped`] : []),":
    "no count is a billionth away from a share",
  'const unsure = [...bad.filter((g) => true || g.ruling === "inconclusive").map((g) => g.gate), ...silent];':
    "a gate that failed blocks, before anybody asks who is unsure",
  "const sentence = `The rule ${raise.id} lifts it to ${raise.tier}: ${all(because.filter((b) => true || b !== null))}.`;":
    "where one is null, the line above has returned",
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
  line: number;
  broken: string;
  text: string;
}

function mutantsOf(whole: string): Mutant[] {
  const lines = whole.split("\n");
  return lines.flatMap((line, i) => {
    if (/^\s*(?:\*|\/\/|\/\*|import |export type|interface |\.describe\()/.test(line)) return [];
    return CHANGES.flatMap(([from, to]) =>
      [...line.matchAll(from)].map(({ index }) => {
        const broken = line.slice(0, index) + line.slice(index).replace(new RegExp(from.source), to);
        return { line: i + 1, broken, text: lines.with(i, broken).join("\n") };
      }),
    );
  });
}

/** The copy that is broken; its packages are the repository's own. */
function copyOf(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "pullbeat-mutants-")));
  for (const part of ["src", "test", "docs", "package.json", "tsconfig.json", "vitest.config.ts"])
    cpSync(part, join(dir, part), { recursive: true });
  symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
  return dir;
}

/** One that stays up: most of a run's time would go into its start. */
const runner = async (dir: string): Promise<Vitest> =>
  createVitest("test", { root: dir, watch: false, pool: "threads", maxWorkers: 1, bail: 1, reporters: [{}] });

/** Longer than this no mutant's tests take, unless it goes round for ever: that is noticed too. */
const LONGEST = 60_000;

/** True when the tests notice nothing of what a file says now. */
async function lives(vitest: Vitest, file: string, tests: readonly string[]): Promise<boolean | "endless"> {
  vitest.invalidateFile(file);
  const specs = await vitest.globTestSpecifications([...tests]);
  if (specs.length < tests.length) throw new Error(`not all of these are tests: ${tests.join(", ")}`);
  const timer = new AbortController();
  const run = vitest
    .runTestSpecifications(specs)
    .then((r) => r.unhandledErrors.length === 0 && r.testModules.every((m) => m.ok()));
  const ended = await Promise.race([run, wait(LONGEST, "endless" as const, { signal: timer.signal })]);
  timer.abort();
  return ended;
}

/** Breaks one file, place by place; says what lives. */
async function walk(dir: string, file: string, tests: readonly string[]): Promise<void> {
  let vitest = await runner(dir);
  const path = join(dir, file);
  const whole = readFileSync(path, "utf8");
  if ((await lives(vitest, path, tests)) !== true)
    throw new Error(`the tests of ${file} do not pass on whole code`);
  for (const mutant of mutantsOf(whole)) {
    if (EQUIVALENT[mutant.broken.trim()] !== undefined) {
      sum.equivalent++;
      continue;
    }
    writeFileSync(path, mutant.text);
    sum.walked++;
    const seen = await lives(vitest, path, tests);
    if (seen === true) {
      sum.alive++;
      console.log(`lives: ${file}:${mutant.line}: ${mutant.broken.trim()}`);
    }
    if (seen !== "endless") continue;
    await vitest.close();
    vitest = await runner(dir);
  }
  await vitest.close();
  writeFileSync(path, whole);
  console.log(`${file}: walked`);
}

for (const path of Object.entries(HELD).flat(2))
  if (!existsSync(path)) throw new Error(`HELD names ${path}, which there is not`);
const wanted = process.argv.slice(2);
const sum = { walked: 0, alive: 0, equivalent: 0 };
const [home, dir] = [process.cwd(), copyOf()];
process.chdir(dir);
try {
  for (const [file, tests] of Object.entries(HELD))
    if (wanted.length === 0 || wanted.some((w) => file.includes(w))) await walk(dir, file, tests);
} finally {
  process.chdir(home);
  rmSync(dir, { recursive: true, force: true });
}
console.log(`${sum.walked} mutants, ${sum.alive} live; ${sum.equivalent} more are equivalent`);
// A thread of an endless one may still go round.
process.exit(sum.alive > 0 ? 1 : 0);
