import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createVitest, type TestModule, type Vitest } from "vitest/node";

/** What a run of tests on broken code came to; `endless` when it did not end in a minute. */
export type Ran = { readonly modules: readonly TestModule[]; readonly clean: boolean } | "endless";

/** A copy of the repository whose files may be broken, and a runner of tests that stays up between them. */
export interface Copy {
  /** Runs `tests` on the copy, with `file` holding `text` while they run; `named` is what a test's name must match. */
  run(file: string, text: string, tests: readonly string[], named?: RegExp): Promise<Ran>;
  read(file: string): string;
}

/** Longer than this no mutant's tests take, unless it goes round for ever. */
const LONGEST = 60_000;

const PARTS = [
  "src",
  "test",
  "docs",
  "agents",
  "board",
  "digest",
  "fleet",
  "templates",
  ".github",
  "action.yml",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

const runner = async (dir: string): Promise<Vitest> =>
  createVitest("test", { root: dir, watch: false, pool: "threads", maxWorkers: 1, bail: 1, reporters: [{}] });

/** Gives a copy to `use`, and takes it away again; the working directory is the copy's meanwhile, as tests expect. */
export async function inCopy<T>(use: (copy: Copy) => Promise<T>): Promise<T> {
  const [home, dir] = [process.cwd(), realpathSync(mkdtempSync(join(tmpdir(), "pullbeat-mutants-")))];
  for (const part of PARTS) cpSync(part, join(dir, part), { recursive: true });
  symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
  process.chdir(dir);
  let vitest: Vitest | null = null;
  const run: Copy["run"] = async (file, text, tests, named) => {
    vitest ??= await runner(dir);
    const path = join(dir, file);
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, text);
    vitest.invalidateFile(path);
    try {
      const ran = await ranBy(vitest, tests, named);
      // Its thread may go round for ever: the next one gets another runner.
      if (ran === "endless") vitest = await vitest.close().then(() => null);
      return ran;
    } finally {
      writeFileSync(path, whole);
      vitest?.invalidateFile(path);
    }
  };
  try {
    return await use({ run, read: (file) => readFileSync(join(dir, file), "utf8") });
  } finally {
    process.chdir(home);
    rmSync(dir, { recursive: true, force: true });
  }
}

async function ranBy(vitest: Vitest, tests: readonly string[], named?: RegExp): Promise<Ran> {
  const specs = await vitest.globTestSpecifications([...tests]);
  if (specs.length < tests.length) throw new Error(`not all of these are tests: ${tests.join(", ")}`);
  if (named) vitest.setGlobalTestNamePattern(named);
  const timer = new AbortController();
  const asked = new Set(specs.map((s) => s.moduleId));
  // What it returns holds the modules of earlier runs too.
  const run = vitest.runTestSpecifications(specs).then((r) => ({
    modules: r.testModules.filter((m) => asked.has(m.moduleId)),
    clean: r.unhandledErrors.length === 0,
  }));
  const ended = await Promise.race([run, wait(LONGEST, "endless" as const, { signal: timer.signal })]);
  timer.abort();
  return ended;
}
