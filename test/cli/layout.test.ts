import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { cut, table, widthOf, wrap } from "../../src/cli/layout.ts";
import { jsonOf, openTerminal } from "../../src/cli/terminal.ts";

test.each([
  ["plain", 5],
  ["né", 2],
  ["日本語", 6],
  ["ok ✅", 5],
  ["👩‍👩‍👧", 2],
  ["\u001b[1mbold\u001b[22m", 4],
  ["→ pull", 6],
  ["e\u0301", 1],
  ["a\u200bb", 2],
  ["\u0301", 0],
  ["ﾊﾟ", 2],
  ["Ａ（", 4],
  ["한글", 4],
  ["🇩🇪 1️⃣ ❤️", 8],
  ["❤ ✔ ©", 5],
  ["👍🏽☕", 4],
])("%s takes %i cells", (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test("a text that is cut ends in an ellipsis, and never in half a character", () => {
  expect(cut("short", 5)).toBe("short");
  expect(cut("a long one", 5)).toBe("a lo…");
  expect(cut("日本語", 4)).toBe("日…");
});

test("a text is broken between words, and stands behind its hang", () => {
  expect(wrap("one two three four", 9, "  ")).toEqual(["one two", "  three", "  four"]);
  expect(wrap("one two", 0)).toEqual(["one two"]);
  expect(wrap("> a quoted line", 8, "> ")).toEqual(["> a", "> quoted", "> line"]);
});

test("a word without end is broken where the line ends", () => {
  expect(wrap("a 日本語日本語 b", 6)).toEqual(["a", "日本語", "日本語", "b"]);
});

test("columns are aligned whatever their characters are wide, and the last one is wrapped below itself", () => {
  const rows = [
    ["日本", "x", "one two three four five six seven"],
    ["abcde", "yy", "short"],
  ];
  expect(table(rows, 41)).toEqual([
    "日本   x   one two three four five six",
    "           seven",
    "abcde  yy  short",
  ]);
  expect(table(rows, 41, "cut")[0]).toBe("日本   x   one two three four five six s…");
});

test("on a narrow screen the last column stands below the others", () => {
  const rows = [["proofread@20261123T0800Z", "waiting", "日本 long words for a title"]];
  expect(table(rows, 40)).toEqual(["proofread@20261123T0800Z  waiting", "    日本 long words for a title"]);
});

test("a last column that needs little stays beside the others", () => {
  const rows = [
    ["agent", "attempts", "failed", "parked"],
    ["editor", "3", "-", "2"],
  ];
  expect(table(rows, 32)).toEqual(["agent   attempts  failed  parked", "editor  3         -       2"]);
});

test("where nobody looks at columns, a row is one line, whole", () => {
  expect(table([["a", `${"long ".repeat(60)}end\nsecond`]], 0)).toEqual([
    `a  ${"long ".repeat(60)}end  second`,
  ]);
});

interface Screen {
  stream: PassThrough & { isTTY?: boolean; columns?: number };
  shown: () => string;
}

const screen = (isTTY: boolean): Screen => {
  const stream = Object.assign(new PassThrough(), isTTY ? { isTTY, columns: 80 } : {});
  return { stream, shown: () => String(stream.read() ?? "") };
};

/** A terminal of the test's own; its streams stand for the process's. */
function open(
  isTTY: boolean,
  env: Readonly<Record<string, string>> = {},
): { terminal: ReturnType<typeof openTerminal>; out: Screen; err: Screen } {
  const [out, err] = [screen(isTTY), screen(isTTY)];
  return { terminal: openTerminal({ stdout: out.stream, stderr: err.stream, env }), out, err };
}

test("a terminal obeys nothing that an agent wrote: control characters are shown, not sent", () => {
  const { terminal, out, err } = open(true);
  terminal.out("+ \u001b[2J\u001b]0;title\u0007 \u202egnp\u001b[8mhidden\u001b[1m");
  const shown = out.shown();
  expect(shown).toBe("+ <U+001B>[2J<U+001B>]0;title<U+0007> <U+202E>gnp<U+001B>[8mhidden\u001b[1m\n");
  terminal.progress("reads \u001b[2J\u202e\u0007");
  expect(err.shown()).toBe("\r\u001b[2Kreads <U+001B>[2J<U+202E><U+0007>");
});

test("a pipe gets plain text without progress, in which nothing can act on the terminal behind it", () => {
  const { terminal, out, err } = open(false);
  terminal.progress("working");
  terminal.out("a \u202e b\u001b[2J\u001b[31m\u009bc\td");
  terminal.err("\u001b[31merror\u001b[39m\u0007");
  expect([out.shown(), err.shown()]).toEqual([
    "a <U+202E> b<U+001B>[2J<U+001B>[31m<U+009B>c\td\n",
    "error<U+0007>\n",
  ]);
});

test("a pipe gets text in which nothing acts or hides, without colour and progress", () => {
  const { terminal, out, err } = open(false);
  terminal.progress("working");
  terminal.out("a \u202e b\u200bc \u{e0041}\n  ::error::x ##[group]y\n::stop");
  terminal.err("\u001b[31merror\u001b[39m ::x\n::warning::y");
  expect(out.shown()).toBe("a <U+202E> b<U+200B>c <U+E0041>\n  ：:error::x ＃#[group]y\n：:stop\n");
  expect(err.shown()).toBe("error ::x\n：:warning::y\n");
  expect(terminal.columns).toBe(0);
});

test("another program gets its lines byte for byte, and a runner's log does not obey them", () => {
  const line = "+::error::x \u202e\f\n ::add-mask::y";
  const plain = open(false);
  plain.terminal.raw(line);
  expect(plain.out.shown()).toBe(`${line}\n`);
  for (const env of [{ GITHUB_ACTIONS: "true" }, { TF_BUILD: "True" }]) {
    const { terminal, out } = open(false, env);
    terminal.raw(line);
    expect(out.shown()).toBe("+::error::x <U+202E><U+000C>\n ：:add-mask::y\n");
  }
});

test("commands of our own reach the runner, and nothing else in their line does", () => {
  const { terminal, out } = open(false);
  terminal.command("::error file=a::b\u001b[2J");
  expect(out.shown()).toBe("::error file=a::b<U+001B>[2J\n");
});

test("JSON says unseen characters by their code, and is the same data", () => {
  const value = { text: 'a\u202e\u009b\u{e0041}\u200b\u007f\u2028\n"b" ü 👩‍👧' };
  const text = jsonOf(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain(String.raw`a\u202e\u009b\udb40\udc41\u200b\u007f\u2028\n\"b\" ü 👩‍👧`);
  expect(text).not.toMatch(/[\u007f-\u009f\u200b\u2028\u202e\u{e0041}]/u);
});

test("progress in several lines is taken back as a whole, and is never higher than the screen", () => {
  const { terminal, err } = open(true);
  terminal.progress("one", "two");
  terminal.progress("three");
  terminal.progress();
  terminal.err("said");
  const up = "\u001b[1A\r\u001b[2K";
  expect(err.shown()).toBe(`\r\u001b[2Kone\ntwo\r\u001b[2K${up}three\r\u001b[2Ksaid\n`);
  terminal.progress(...Array.from({ length: 20 }, (_, i) => `line ${i}`));
  expect(err.shown().split("\n")).toHaveLength(8);
});

test("what programs go on with reaches a pipe byte for byte, and a terminal never", () => {
  const [pipe, tty] = [open(false), open(true)];
  for (const { terminal } of [pipe, tty]) terminal.raw("+ \u001b[2J\r");
  expect([pipe.out.shown(), tty.out.shown()]).toEqual(["+ \u001b[2J\r\n", "+ <U+001B>[2J<U+000D>\n"]);
});

test("JSON holds no control characters, and reads as what it was", () => {
  const value = { said: "\u001b[2J \u009b \u202egnp \u007f\n" };
  expect(jsonOf(value)).not.toMatch(/[^\n -~]/);
  expect(JSON.parse(jsonOf(value))).toEqual(value);
});

test("progress stands in one line, and gives way to what is said", () => {
  const { terminal, err } = open(true);
  terminal.progress("first");
  terminal.progress("second");
  terminal.err("said");
  terminal.err("said again");
  expect(err.shown()).toBe("\r\u001b[2Kfirst\r\u001b[2Ksecond\r\u001b[2Ksaid\nsaid again\n");
});
