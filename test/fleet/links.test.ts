import { expect, test } from "vitest";
import { anchors, links } from "../../fleet/surveyor/links.ts";

const dead = (files: Record<string, string>): string[] =>
  links(new Map(Object.entries(files))).dead.map((d) => `${d.path}:${d.line} ${d.target}: ${d.why}`);

const page = "# Our house\n\n## Floors, and `rooms`\n\n## Floors, and rooms\n\ntext\n";

test("links to files, folders, headings and lines that are there are not dead", () => {
  const text = [
    "[file](docs/house.md) [folder](docs) [root](/docs/house.md) [here](#read) ![image](./docs/a%20b.png)",
    '[heading](docs/house.md#floors-and-rooms) [second](docs/house.md#floors-and-rooms-1 "title")',
    "[line](docs/house.md#L7) [lines](docs/house.md?plain=1#L1-L2) [angle](<docs/a b.png>) [x](docs/w(1).md)",
    "[defined][d]",
    "",
    "[d]: docs/house.md",
    "# Read",
  ].join("\n");
  expect(dead({ "README.md": text, "docs/house.md": page, "docs/a b.png": "", "docs/w(1).md": "" })).toEqual(
    [],
  );
});

test("a dead link is named with its page, line and what is missing", () => {
  const text = "[a](house.md)\n\n[b](../gone.md) and [c](house.md#flors)\n[d](house.md#L9)\n\n[e]: nope.md\n";
  expect(dead({ "docs/read.md": text, "docs/house.md": page })).toEqual([
    "docs/read.md:3 ../gone.md: no file gone.md",
    "docs/read.md:3 house.md#flors: no heading #flors in docs/house.md",
    "docs/read.md:4 house.md#L9: docs/house.md has 7 lines",
    "docs/read.md:6 nope.md: no file docs/nope.md",
  ]);
});

test("case counts, as it does on the machines that serve the pages", () => {
  expect(dead({ "README.md": "[a](Docs/house.md)", "docs/house.md": "" })).toHaveLength(1);
});

test("links in code and comments are not links", () => {
  const text = [
    "`[a](gone.md)` ``[b](gone.md) ` ``",
    "<!-- [c](gone.md)",
    "[d](gone.md) -->",
    "````md",
    "```",
    "[e](gone.md)",
    "```",
    "````",
    "- ```",
    "  [f](gone.md)",
    "  ```",
    "[g](gone.md)",
  ].join("\n");
  expect(dead({ "README.md": text })).toEqual(["README.md:12 gone.md: no file gone.md"]);
});

test("links that lead outside are counted and not judged", () => {
  const text = "[a](https://example.com/gone) [b](mailto:a@example.com) [c](//example.com)";
  expect(links(new Map([["README.md", text]]))).toEqual({ pages: 1, checked: 0, external: 3, dead: [] });
});

test("pages are the root's, docs, agents and board: reports are history", () => {
  const link = "[a](gone.md)";
  const paths = [
    "README.md",
    "docs/x/a.md",
    "agents/a.md",
    "board/directives/a.md",
    "reports/a.md",
    "src/a.md",
  ];
  expect(links(new Map(paths.map((p) => [p, link]))).pages).toBe(4);
});

test("headings are named as GitHub names them, repeated ones with a number", () => {
  expect([
    ...anchors('# A `b` c!\n\n## [Link](x.md) d\n\n# A b c\n\n```\n# no\n```\n\n<a id="own"></a>\n'),
  ]).toEqual(["own", "a-b-c", "link-d", "a-b-c-1"]);
});
