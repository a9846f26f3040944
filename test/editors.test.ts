import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { Template, type Wish } from "../src/domain/starter/starter.ts";
import { init } from "../src/flow/init.ts";
import { CONFIG, kindOf, parseText, type LeafKind } from "../src/store/leaf.ts";
import { readMatter } from "../src/store/matter.ts";
import { kitIn } from "../src/store/starter.ts";
import { pullbeat } from "./cli/cli.ts";
import { specText, taskText } from "./fleet.ts";
import { makeWorld } from "./world.ts";

/** The files of a fleet that `init` began, by path. */
async function begun(template: Wish["template"]): Promise<Map<string, string>> {
  const world = await makeWorld();
  const dir = join(world.dir, template);
  await mkdir(dir);
  const kit = kitIn({ dir, env: world.env, templates: "templates", schemas: "docs/schema" });
  const { steps } = await init(kit, { template, local: false }, { dry: false });
  const paths = steps.flatMap((step) => (step.kind === "write" ? [...step.files.keys()] : []));
  return new Map(
    await Promise.all(paths.map(async (p) => [p, await readFile(join(dir, p), "utf8")] as const)),
  );
}

/** Where a fleet has the schema of each kind of file. */
const PLACES: Readonly<Record<LeafKind, string>> = {
  config: ".github/pullbeat.schema.json",
  agent: ".github/pullbeat.schema/spec.json",
  task: ".github/pullbeat.schema/task.json",
  directive: ".github/pullbeat.schema/directive.json",
  effect: ".github/pullbeat.schema/effect.json",
};

/** As editors' validators do: draft 7, which all of them know. Formats are ours to check. */
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

const validatorIn = (files: ReadonlyMap<string, string>, kind: LeafKind): ValidateFunction =>
  ajv.compile(JSON.parse(files.get(PLACES[kind]) ?? "null"));

function dataOf(path: string, text: string): unknown {
  if (kindOf(path) === "config") return parse(text);
  const matter = readMatter(path, text);
  if ("rule" in matter) throw new Error(matter.message);
  return matter.data;
}

test.each(Template.options)(
  "every file that init writes for %s passes the schema that it writes beside",
  async (name) => {
    const files = await begun(name);
    const ours = [...files].flatMap(([path, text]) => {
      const kind = kindOf(path);
      return kind === null ? [] : [{ path, text, kind }];
    });
    expect(ours.length).toBeGreaterThan(2);
    for (const { path, text, kind } of ours) {
      const validate = validatorIn(files, kind);
      validate(dataOf(path, text));
      expect([path, validate.errors ?? []]).toEqual([path, []]);
    }
  },
);

test("the config's first line leads to its schema", async () => {
  const files = await begun("blank");
  const [, at = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(files.get(CONFIG) ?? "") ?? [];
  expect(join(dirname(CONFIG), at)).toBe(PLACES.config);
  expect(JSON.parse(files.get(PLACES.config) ?? "")).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: CONFIG,
  });
});

const CASES: readonly (readonly [LeafKind, string, string])[] = [
  ["agent", "agents/a.md", specText("a", "reeds: [x]\n")],
  ["agent", "agents/a.md", specText("a", "status: actve\n")],
  ["agent", "agents/a.md", specText("a", "produces: [{ path: x, mod: append }]\n")],
  ["agent", "agents/a.md", specText("a").replace("description: Works in tests\n", "")],
  ["task", "board/t.md", taskText("t", "a", "priority: hgh\n")],
  ["task", "board/t.md", taskText("t", "a", "needs: one\n")],
  ["directive", "board/directives/d.md", "---\ntitle: t\nexpire: 2026-12-01\n---\n"],
  ["config", CONFIG, "version: 2\n"],
  ["config", CONFIG, "version: 1\nlimits: { chain: many }\n"],
];

test.each(CASES)("an editor marks what check marks in this %s", async (kind, path, text) => {
  const validate = validatorIn(await begun("blank"), kind);
  expect(parseText(kind, { path, blob: "", text }).kind).toBe("bad");
  expect(validate(dataOf(path, text))).toBe(false);
});

test("front matter may name its schema in a comment", () => {
  const line = "# yaml-language-server: $schema=../.github/pullbeat.schema/spec.json\n";
  const text = specText("a").replace("---\n", `---\n${line}`);
  expect(parseText("agent", { path: "agents/a.md", blob: "", text })).toMatchObject({ kind: "agent" });
});

test("the problem matcher that the first hour shows finds what check prints for it", async () => {
  const page = readFileSync("docs/first-hour.md", "utf8");
  const [, snippet = ""] = /```json\n(\{\n {2}"version": "2\.0\.0"[^]*?)```/.exec(page) ?? [];
  const { command, args, problemMatcher } = JSON.parse(snippet).tasks[0];
  expect([command, ...args]).toEqual(["pullbeat", "check", "--format", "github"]);
  const files = { "agents/writer.md": specText("writer"), "board/one.md": taskText("one", "nobody") };
  const { out } = await pullbeat(await makeWorld({ files }), args);
  const { regexp, ...at } = problemMatcher.pattern;
  const found = out.split("\n").flatMap((line) => {
    const match = new RegExp(regexp).exec(line);
    return match === null
      ? []
      : [Object.fromEntries(Object.entries<number>(at).map(([key, i]) => [key, match[i]]))];
  });
  expect(found).toContainEqual({
    severity: "error",
    file: "board/one.md",
    line: "4",
    column: "8",
    code: "task/unknown-agent",
    message: "there is no agent nobody: agents/nobody.md does not exist",
  });
});
