import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mask } from "../../fleet/surveyor/mask.ts";
import { functions, lineCount, sizes } from "../../fleet/surveyor/sizes.ts";

const measured = (source: string): string[] =>
  functions("a.ts", source).map((f) => `${f.line} ${f.name} ${f.lines}`);

test("declarations, methods, arrow constants and arrow properties with a block are measured", () => {
  const source = `
export async function declared<T extends { a: number }>(
  value: T,
): Promise<{ b: T }> {
  return { b: value };
}

class Counter {
  static async #hidden(): Promise<void> {
    await nothing();
  }
  get size(): number {
    return 1;
  }
}

export const arrow = (x: number): number =>
  x +
  1;

const tool = {
  name: "read",
  async run(args: string) {
    return args;
  },
  then: (x: number): number => {
    return x;
  },
};

function* generated(): Generator<string> {
  yield "";
}
`;
  expect(measured(source)).toEqual([
    "2 declared 5",
    "9 #hidden 3",
    "12 size 3",
    "17 arrow 3",
    "23 run 3",
    "26 then 3",
    "31 generated 3",
  ]);
});

test("a function that returns a function is measured to its own end", () => {
  const source = `
function outer(zone: string): (minute: number) => number {
  return (minute) => minute;
}
const curried = (a: number): ((b: number) => number) => {
  return (b) => a + b;
};
`;
  expect(measured(source)).toEqual(["2 outer 3", "5 curried 3"]);
});

test("signatures, calls, conditions and types are not functions", () => {
  const source = `
interface Port {
  read(path: string): Promise<{ a: 1 }>;
  judge: (edits: Edits) => { a: 1 };
}
export type Chance = (below: number) => number;
declare function declared(a: number): void;
{
  if (a) {
    b();
  } else if (c) {
    call(() => {
      d();
    });
  }
  const value = (a + b) * c;
  const picked = (await load()).map((x) => x);
  for (const x of y) {
    while (x) {
      z();
    }
  }
}
`;
  expect(measured(source)).toEqual([]);
});

test("braces in strings, templates, comments and regular expressions do not count", () => {
  const source = [
    "function tricky(a: number): string {",
    "  // }",
    "  /* } */",
    "  const text = \"}\" + '}';",
    "  const pattern = /[/}]\\}/g.test(text) && a / 2 > 1 / 3;",
    "  return `}${pattern ? `${{ a: '}' }.a}` : `}`}`;",
    "}",
    "function next(): void {",
    "  return;",
    "}",
  ].join("\n");
  expect(measured(source)).toEqual(["1 tricky 7", "8 next 3"]);
});

const CHARACTERS = "ab '\"`$ {}()/\\*\n=;+".split("");
const breaks = (text: string): number[] => [...text.matchAll(/\n/g)].map((m) => m.index);

test("masking keeps the length and every line break of any text", () => {
  const code = fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 80 });
  fc.assert(
    fc.property(code, (source) => {
      const masked = mask(source);
      expect(masked.length).toBe(source.length);
      expect(breaks(masked)).toEqual(breaks(source));
    }),
  );
});

test("measuring any text ends, and every size lies within the text", () => {
  const word = fc.constantFrom(
    "function f",
    "const f = ",
    "  m",
    "(",
    ")",
    "{",
    "}",
    "=>",
    ": ",
    "<",
    ">",
    ";",
    "\n",
    "a",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const source = words.join("");
      for (const f of functions("a.ts", source)) {
        expect(f.lines).toBeGreaterThan(0);
        expect(f.line + f.lines - 1).toBeLessThanOrEqual(Math.max(1, lineCount(source) + 1));
      }
    }),
  );
});

test("a line break at the end of a file is not a further line", () => {
  expect([lineCount(""), lineCount("a"), lineCount("a\n"), lineCount("a\n\n")]).toEqual([0, 1, 1, 2]);
});

test("only TypeScript below the folder is measured, longest first", () => {
  const tree = new Map([
    ["src/a.ts", "const a = 1;\n"],
    ["src/b.ts", "const b = 1;\nconst c = 2;\n"],
    ["src/c.md", "text\n"],
    ["test/d.ts", "const d = 1;\n"],
  ]);
  expect(sizes(tree, "src/").files.map((f) => f.path)).toEqual(["src/b.ts", "src/a.ts"]);
});

test("its own source is measured as it is", () => {
  const path = "fleet/surveyor/mask.ts";
  const names = functions(path, readFileSync(path, "utf8")).map((f) => f.name);
  expect(names).toEqual(["mask", "quietEnd", "matchEnd", "endOf", "templateEnd", "holeEnd"]);
});
