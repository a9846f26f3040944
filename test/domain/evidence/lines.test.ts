import { expect, test } from "vitest";
import { openLibrary } from "../../../src/domain/evidence/library.ts";
import { linesOf } from "../../../src/domain/evidence/lines.ts";
import { targetOf } from "../../../src/domain/evidence/target.ts";

const FILES: Readonly<Record<string, string>> = {
  "a.json": `{
  "name": "a \\"quoted\\", {braced} [name]",
  "campaigns": [
    { "id": "one", "ctr": 0.1 },
    {
      "id": "two",
      "a/b": { "0": null },
      "ctr": 0.2
    }
  ],
  "last": -1.5e3
}
`,
  "bom.json": '\uFEFF\n{"n":\n 1}',
  "a.csv": 'id,words,n\nx,"two\nlines, ""quoted""",1\ny,z,2\n',
  "crlf.csv": "id,n\r\nx,1\r\ny,2\r\n",
  "a.md": "---\ntitle: One\npriority: high\n---\n# A\n\nLine seven.\n",
};
const library = openLibrary({
  read: (path) => Promise.resolve(FILES[path] ?? null),
  front: () => null,
});

const at = async (href: string, title = ""): Promise<string | null> => {
  const target = targetOf("page.md", { href, title });
  if (target === null || "fault" in target) throw new Error(`${href} is no evidence`);
  const lines = await linesOf(target, library);
  return lines === null ? null : lines.from === lines.to ? `${lines.from}` : `${lines.from}-${lines.to}`;
};

test.each([
  ["/a.json#/name", "2"],
  ["/a.json#/campaigns/0/ctr", "4"],
  ["/a.json#/campaigns/1/ctr", "8"],
  ["/a.json#/campaigns/1/a~1b/0", "7"],
  ["/a.json#/campaigns", "3"],
  ["/a.json#/last", "11"],
  ["/bom.json#/n", "3"],
  ["/a.csv#cell=1,3", "1"],
  ["/a.csv#cell=2,3", "2"],
  ["/a.csv#cell=3,3", "4"],
  ["/crlf.csv#cell=3,2", "3"],
  ["/a.md#/priority", "3"],
  ["/a.md#L5-L7", "5-7"],
  ["/a.csv#char=11,15", "2"],
  ["/a.csv#char=11,19", "2-3"],
])("%s is found on line %s", async (href, line) => {
  expect(await at(href)).toBe(line);
});

test.each([
  "/a.json#/none",
  "/a.json#/campaigns/2/ctr",
  "/a.json#/name/x",
  "/a.csv#cell=9,1",
  "/none.json#/a",
  "/a.md#/none",
])("of %s, which is not there, no line is made up", async (href) => {
  expect(await at(href)).toBeNull();
});

test("a formula lands on the part that it is computed over, one over a whole document on the file", async () => {
  expect(await at("/a.json#/campaigns", "= $sum(ctr)")).toBe("3");
  expect(await at("/a.json", "= last")).toBeNull();
});
