import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pages } from "../docs/generate.ts";

test.each(pages.map((page) => [page.path, page] as const))(
  "%s is what `npm run docs` writes",
  (path, { text }) => {
    expect(readFileSync(path, "utf8")).toBe(text());
  },
);
