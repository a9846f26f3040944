import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openLibrary } from "../../../src/domain/evidence/library.ts";
import { verify } from "../../../src/domain/evidence/verify.ts";
import { wrongs } from "./cases.ts";

/** A number as a file writes it and as a text does: the same digits, with or without signs of typesetting. */
const shown = fc
  .record({
    digits: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 14 }),
    places: fc.integer({ min: 0, max: 4 }),
    negative: fc.boolean(),
    style: fc.constantFrom("plain", "thousands", "money", "accounts"),
  })
  .map(({ digits, places, negative, style }) => {
    const all = digits.join("").padStart(places + 1, "0");
    const cut = all.length - places;
    const whole = all.slice(0, cut).replace(/^0+(?=\d)/, "");
    const part = places === 0 ? "" : `.${all.slice(cut)}`;
    const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
    const said = `${style === "plain" ? whole : grouped}${part}`;
    const sign = negative ? "-" : "";
    const text = {
      plain: `${sign}${said}`,
      thousands: `${negative ? "\u2212" : ""}${said}`,
      money: `${sign}$${said}`,
      accounts: negative ? `(${said})` : said,
    }[style];
    return { source: `${sign}${whole}${part}`, text };
  });

const link = (text: string): string => `[${text.replaceAll(/[()$-]/g, String.raw`\$&`)}](/a.json#/n)`;
const file = (source: string): Record<string, string> => ({ "a.json": `{"n":${source}}` });

/** The text with one of its digits turned into another one, and no leading zero made or lost. */
const turned = (text: string, which: number, by: number): string | null => {
  const places = [...text.matchAll(/\d/g)].map((m) => m.index);
  const at = places[which % places.length] ?? 0;
  const other = (Number(text[at]) + by) % 10;
  const changed = text.slice(0, at) + String(other) + text.slice(at + 1);
  return /(?<![\d.,])0[\d,]/.test(changed) ? null : changed;
};

const change = fc.record({ which: fc.nat(50), by: fc.integer({ min: 1, max: 9 }) });

test("a number holds as it stands, and with any digit of the text or of the source changed it fails", async () => {
  await fc.assert(
    fc.asyncProperty(shown, change, async ({ source, text }, { which, by }) => {
      expect(await wrongs(link(text), file(source))).toEqual([]);
      const inText = turned(text, which, by);
      if (inText !== null) expect(await wrongs(link(inText), file(source))).toHaveLength(1);
      const inSource = turned(source, which, by);
      if (inSource !== null) expect(await wrongs(link(text), file(inSource))).toHaveLength(1);
    }),
    { numRuns: 400 },
  );
});

test("a quotation holds as it stands, and with any character changed it fails", async () => {
  const words = fc.array(fc.stringMatching(/^[a-z0-9]{1,6}$/), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(words, fc.nat(60), async (said, which) => {
      const text = said.join(" ");
      const at = which % text.length;
      const other = text[at] === "z" ? "y" : "z";
      const files = { "a.txt": `${text}\n` };
      expect(await wrongs(`["${text}"](/a.txt#L1)`, files)).toEqual([]);
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(await wrongs(`["${changed}"](/a.txt#L1)`, files)).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});

/** Records by name, each with a number of its own. */
const records = fc.uniqueArray(
  fc.record({ id: fc.stringMatching(/^[a-z]{3,8}-[a-z]{2}$/), n: fc.integer({ min: 10, max: 99_999 }) }),
  { selector: (r) => r.id, minLength: 4, maxLength: 8 },
);
/** Where a list can lie, and how one of its numbers is linked to. */
const LISTS: readonly ((rows: readonly { id: string; n: number }[]) => {
  files: Record<string, string>;
  link: (i: number) => string;
})[] = [
  (rows) => ({
    files: { "a.json": JSON.stringify({ list: rows }) },
    link: (i) => `[${rows[i]?.n}](/a.json#/list/${i}/n)`,
  }),
  (rows) => ({
    files: { "a.csv": ["id,n", ...rows.map((r) => `${r.id},${r.n}`)].join("\n") },
    link: (i) => `[${rows[i]?.n}](/a.csv#cell=${i + 2},2)`,
  }),
  (rows) => ({
    files: { "a.json": JSON.stringify(rows) },
    link: (i) => `[${rows[i]?.n}](/a.json "= $[id='${rows[i]?.id}'].n")`,
  }),
];

test("a number holds beside its own record's name, and beside every other record's it fails", async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.nat(), fc.constantFrom(...LISTS), async (rows, which, lie) => {
      const { files, link: linkOf } = lie(rows);
      const own = which % rows.length;
      for (const [i, row] of rows.entries()) {
        const told = await wrongs(`The count of ${row.id} was ${linkOf(own)}.`, files, { identity: true });
        const wrong = [expect.stringContaining(`that is the number of ${rows[own]?.id}`)];
        expect(told).toEqual(i === own ? [] : wrong);
      }
    }),
    { numRuns: 100 },
  );
});

test("a formula's value holds, and with any digit of it or of its operands changed it fails", async () => {
  const amount = fc.integer({ min: 1000, max: 9999 });
  await fc.assert(
    fc.asyncProperty(amount, amount, change, async (a, b, { which, by }) => {
      const made = (said: string): string => `[${said}](/a.json '= n.a + n.b')`;
      const of = (x: string): Record<string, string> => ({ "a.json": `{"n":{"a":${x},"b":${b}}}` });
      const said = String(a + b);
      expect(await wrongs(made(said), of(String(a)))).toEqual([]);
      const inText = turned(said, which, by);
      if (inText !== null) expect(await wrongs(made(inText), of(String(a)))).toHaveLength(1);
      const inSource = turned(String(a), which, by);
      if (inSource !== null) expect(await wrongs(made(said), of(inSource))).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});

/** Reads whatever it is given, under every rule. */
async function read(text: string, files: Record<string, string> = {}): Promise<void> {
  const library = openLibrary({
    read: (path) => Promise.resolve(files[path] ?? null),
    front: () => null,
  });
  await verify({ path: "r.md", text }, library, {
    strict: true,
    identity: true,
    percent: ["**#/a/*"],
    closed: () => null,
  });
}

const PIECES = [
  "[",
  "]",
  "(",
  ")",
  "![",
  "](",
  "](/a.json#/n)",
  "](/a.csv#cell=2,1)",
  "](/a.md#L1-L2)",
  "](/a.json '= $sum(n)')",
  "'",
  '"',
  "`",
  "```\n",
  "*",
  "**",
  "_",
  "~~",
  "|",
  "\n| - |\n",
  "\n",
  "\n\n",
  "> ",
  "- ",
  "1. ",
  "    ",
  "# ",
  "<",
  "<!--",
  "-->",
  "</a>",
  "&#49;",
  "&",
  "\\",
  "\u0000",
  "12",
  "2.3%",
  "-",
  "−",
  "$",
  "(5)",
  "T-8k2f",
  "\u202E",
  "\uD800",
  "é",
  "𝟙",
  "[a]: /a.json#/n\n",
  "%",
  "%zz",
  "~2",
  "---\n",
];

test("hostile markdown never throws", async () => {
  const files = { "a.json": '{"n":[1,{"id":"a"}]}', "a.csv": 'id,"x\n"y', "a.md": "---\nx: [\n---\n" };
  const text = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((p) => p.join("")),
    fc.string({ unit: "binary", maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(text, (t) => read(t, files)),
    { numRuns: 500 },
  );
});

test("hostile files never throw", async () => {
  const text = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.json(),
    fc.constantFrom("[".repeat(50_000), "1e999", '{"a":1,"a":2}', '{"__proto__":1}'),
  );
  const links =
    "[1](/a.json#/a/0) [1](/a.json '= a + 1') [1](/a.csv#cell=1,1) [1](/a.csv '= $sum(rows.a)') [1](/a.md#/a) [1](/a.txt#L1) [1](/a.txt#char=0,3)";
  await fc.assert(
    fc.asyncProperty(text, (t) => read(links, { "a.json": t, "a.csv": t, "a.md": t, "a.txt": t })),
    { numRuns: 200 },
  );
});

/**
 * Long runs that make careless parsers and patterns slow. No time is measured here: at these lengths anything worse than
 * linear takes minutes, and runs into the test's own end.
 */
test.each([
  "[",
  "![",
  "*a ",
  "**a__",
  "*a_ ",
  "[a](",
  "[a](/b",
  "](b)",
  "> ",
  "- ",
  "<",
  "<a ",
  "<!--",
  "&",
  "|a",
  "|a\n",
  "a\n",
  "`a ``b ",
  "~a~~",
  "[a]: b\n",
  "[^a]",
  "a@b.",
  "1.",
  "1,",
  "a-",
  "-",
  ".",
  "1 ",
  "12:",
  "pull ",
  "May ",
  "in 2",
  "a/",
  "1-",
  "f0-",
  "(1",
  "$(",
  "[1](/a.json#/n) ",
  "[1](/a.json#/n)",
  "[1](/a.csv#cell=2,1) a1 ",
  "[1](/t.txt#L1) ",
  "[1](/a.json '= n') ",
  "| [1](/a.json#/n) ",
  "# [1](/a.json#/n)\n",
  "Aa. ",
  ".) ",
  "\n\n",
  "\n ",
  "\\",
  "'",
  "$",
])("a long run of %j is read in time", { timeout: 60_000 }, async (piece) => {
  const rows = Array.from({ length: 5_000 }, (_, i) => `a${i},${i}`).join("\n");
  const files = { "a.json": '{"n":1}', "a.csv": `id,n\n${rows}\n`, "t.txt": "1,".repeat(9000) };
  await read(piece.repeat(Math.floor(100_000 / piece.length)), files);
  await read(`| a |\n| - |\n${piece.repeat(Math.floor(30_000 / piece.length))}`, files);
});
