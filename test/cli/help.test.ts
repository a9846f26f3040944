import { expect, test } from "vitest";
import { helpFor } from "../../src/cli/help.ts";
import { nameOf } from "../../src/cli/leaf.ts";
import { LEAVES, SECTIONS } from "../../src/cli/leaves.ts";
import { programOf } from "../../src/cli/program.ts";

const program = programOf(async () => {});
const pages: (readonly [string, string])[] = LEAVES.map((leaf) => [
  nameOf(leaf),
  helpFor(program, nameOf(leaf).split(" ")),
]);

test("the first page names every command, by what a person wants to do", () => {
  const page = helpFor(program, []);
  for (const leaf of LEAVES) expect(page).toMatch(new RegExp(`[ ,]${nameOf(leaf).split(" ").at(-1)}\\b`));
  expect(page.match(/^[A-Z]\w+$/gm)).toEqual(SECTIONS.map(([title]) => title));
});

const all: typeof pages = [["", helpFor(program, [])], ["pull", helpFor(program, ["pull"])], ...pages];

test.each(all)("the help of `pullbeat %s` fits in 80 columns, in sentences", (_, page) => {
  expect(page.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(page).not.toMatch(/Usage:|Options:|\[options\]/);
});

test.each(pages)(
  "the help of `pullbeat %s` ends with a command to copy, which the command line takes",
  (name, page) => {
    const [, example = ""] = /\nExample:\n {2}(pullbeat .*)\n/.exec(page) ?? [];
    expect(example).toMatch(new RegExp(`^pullbeat ${name}\\b`));
  },
);

test("a command that is also a group says what else there is", () => {
  expect(helpFor(program, ["log"])).toContain("pullbeat log show <beat>");
});

test("help about what there is not names what was meant", () => {
  expect(() => helpFor(program, ["pul"])).toThrow("there is no command pul");
  expect(() => helpFor(program, ["pull", "shw"])).toThrow("there is no command pull shw");
});
