import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** Pure libraries that floor 0 may use, each with its why. */
const PURE = {
  zod: "parses at the door; types follow from schemas",
  picomatch: "path patterns",
  croner: "cron with time zones and daylight saving",
  ajv: "JSON Schema, as people write it for their artifacts",
  "markdown-it": "CommonMark and tables, in linear time on hostile text; no dependency touches the world",
  diff: "Myers' comparison of two texts, counted so that it ends everywhere alike",
  "csv-parse": "RFC 4180, with an error where a file is none",
  jsonata: "formulas; cut down to what cannot loop, and counted",
  "@secretlint/core": "a maintained rule set for secrets, run in memory",
  "@secretlint/secretlint-rule-preset-recommend": "its rules",
};

/** The floors: a room may import the rooms and packages beside it, and nothing else. */
const ROOMS: Record<string, { rooms: string[]; packages: string[] }> = {
  domain: {
    rooms: [],
    packages: ["zod", "picomatch", "croner", "markdown-it", "csv-parse", "jsonata", "diff"],
  },
  gate: { rooms: ["domain"], packages: Object.keys(PURE) },
  port: { rooms: ["domain"], packages: ["zod"] },
  store: { rooms: ["domain", "port"], packages: ["simple-git", "gray-matter", "yaml", "zod", "node:"] },
  forge: {
    rooms: ["domain", "port"],
    packages: ["@octokit/rest", "@octokit/plugin-retry", "@octokit/plugin-throttling", "zod", "node:"],
  },
  model: { rooms: ["domain", "port"], packages: ["openai", "zod", "node:"] },
  tool: { rooms: ["domain", "port"], packages: ["zod"] },
  engine: { rooms: ["domain", "gate", "port"], packages: ["zod", "node:"] },
  flow: { rooms: ["domain", "gate", "port"], packages: ["node:"] },
  wire: { rooms: ["domain", "port", "store", "forge", "model", "tool", "engine"], packages: ["node:"] },
  cli: {
    rooms: ["domain", "port", "flow", "wire", "wire.ts", "wire-jobs.ts"],
    packages: ["commander", "diff", "node:"],
  },
  action: { rooms: ["domain", "cli"], packages: ["node:"] },
  "wire.ts": {
    rooms: ["wire", "domain", "gate", "port", "store", "forge", "model", "tool", "engine", "flow"],
    packages: ["node:"],
  },
  "main.ts": { rooms: ["domain", "cli"], packages: ["node:"] },
  "wire-jobs.ts": { rooms: ["domain", "port", "store", "forge", "flow", "wire", "wire.ts"], packages: [] },
};

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((f) => f.replaceAll("\\", "/"))
  .filter((f) => f.endsWith(".ts"))
  .sort();
const sources = new Map(files.map((f) => [f, readFileSync(join("src", f), "utf8")]));
/** Code without its comments, which may speak of what code may not do. */
const bare = new Map([...sources].map(([f, s]) => [f, s.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "")]));
const room = (file: string): string => file.split("/", 1)[0] ?? file;

interface Import {
  from: string;
  to: string;
  type: boolean;
}

function importsOf(file: string, source: string): Import[] {
  const statements = source.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g,
  );
  return [...statements].map(([, type, name = "", lazy]) => {
    const target = lazy ?? name;
    const to = target.startsWith(".") ? normalize(join(dirname(file), target)) : target;
    return { from: file, to, type: type !== undefined };
  });
}

const imports = [...sources].flatMap(([file, source]) => importsOf(file, source));
const isPackage = (i: Import): boolean => !sources.has(i.to);

test("every room is on the plan of the house", () => {
  expect([...new Set(files.map(room))].filter((r) => ROOMS[r] === undefined)).toEqual([]);
});

test("the parts of the two largest rooms are on the plan that people read", () => {
  const plan = readFileSync("docs/architecture.md", "utf8");
  const parts = files
    .map((f) => /^(?:domain|flow)\/([^/]+)\//.exec(f)?.[1] ?? null)
    .filter((p) => p !== null);
  expect([...new Set(parts)].filter((part) => !plan.includes(`\`${part}/\``))).toEqual([]);
});

test("no floor imports a floor above it, and no adapter another adapter", () => {
  const wrong = imports.filter(
    (i) => !isPackage(i) && room(i.from) !== room(i.to) && !ROOMS[room(i.from)]?.rooms.includes(room(i.to)),
  );
  expect(wrong.map((i) => `${i.from} -> ${i.to}`)).toEqual([]);
});

test("a package is imported only in the rooms that it belongs to", () => {
  const allowed = (i: Import): boolean =>
    ROOMS[room(i.from)]?.packages.some((p) =>
      p === "node:" ? i.to.startsWith(p) : i.to === p || i.to.startsWith(`${p}/`),
    ) ?? false;
  expect(imports.filter((i) => isPackage(i) && !allowed(i)).map((i) => `${i.from} -> ${i.to}`)).toEqual([]);
});

test("only one file may open the door to gray-matter, and vendors' libraries are loaded only where they are called", () => {
  const users = (name: string): string[] =>
    imports.filter((i) => i.to === name && !i.type).map((i) => i.from);
  expect(users("gray-matter")).toEqual(["store/matter.ts"]);
  expect(users("openai").every((f) => f.startsWith("model/"))).toBe(true);
  expect(sources.get("model/openai.ts")).not.toMatch(/^import (?!type).*from "openai"/m);
  const octokit = imports.filter((i) => i.to.startsWith("@octokit/") && !i.type).map((i) => i.from);
  expect([...new Set(octokit)]).toEqual(["forge/github/client.ts"]);
  expect(sources.get("forge/github/client.ts")).not.toMatch(/^import (?!type).*from "@octokit/m);
});

test("there is no cycle of imports", () => {
  const next = new Map<string, string[]>();
  for (const i of imports)
    if (!isPackage(i) && !i.type) next.set(i.from, [...(next.get(i.from) ?? []), i.to]);
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) throw new Error(`cycle: ${[...path, file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const to of next.get(file) ?? []) walk(to, [...path, file]);
    done.add(file);
  };
  expect(() => files.forEach((f) => walk(f, []))).not.toThrow();
});

test("the core touches neither clock nor chance nor process", () => {
  const impure =
    /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\bprocess\.|\bconsole\.|\bawait fetch\(|\bperformance\./;
  const guilty = [...bare].filter(([f, s]) => /^(domain|gate|port)\//.test(f) && impure.test(s));
  expect(guilty.map(([f]) => f)).toEqual([]);
});

test("only the shell speaks to the terminal and reads the environment", () => {
  const shell = /^(cli|action|wire|main\.ts)/;
  const guilty = [...bare].filter(
    ([f, s]) => !shell.test(f) && /\bconsole\.|process\.(stdout|stderr|exit|argv)/.test(s),
  );
  expect(guilty.map(([f]) => f)).toEqual([]);
});

test("files have seams: none is longer than 220 lines, and none is called utils", () => {
  const long = [...sources].filter(([, s]) => s.split("\n").length > 221).map(([f]) => f);
  expect(long).toEqual([]);
  expect(files.filter((f) => /\b(utils?|helpers?|common|manager)\b/.test(f))).toEqual([]);
});

test("there are no default exports and no loosened types", () => {
  const loose = [...bare].filter(([, s]) => /export default|\bas any\b|@ts-ignore|: any\b/.test(s));
  expect(loose.map(([f]) => f)).toEqual([]);
});

test("tests replace no modules", () => {
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  const guilty = tests.filter((f) => /\bvi\.(?:mock|doMock)\b/.test(readFileSync(join("test", f), "utf8")));
  expect(guilty).toEqual([]);
});
