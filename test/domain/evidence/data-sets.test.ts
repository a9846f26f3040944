import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { linkTo, textOf, verified, type Files, type Row } from "./cases.ts";

const rowsOf = <T>(path: string): T[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line): T => JSON.parse(line));

const holds = async (text: string, files: Files): Promise<boolean> => {
  const { links } = await verified(text, files);
  return links.length > 0 && links.every((l) => l.ok);
};

/**
 * 40 rows of TAT-QA (https://github.com/NExTplusplus/TAT-QA, data under CC BY 4.0): claims by people about tables and
 * texts of annual reports, and the same claims made wrong by a script. Each row carries its files.
 */
const SAMPLE = rowsOf<Row & { files: Files }>("test/domain/evidence/tatqa-rows.jsonl");

test.each(SAMPLE.map((row) => [row.id, row] as const))(
  "TAT-QA %s is held to be what it is",
  async (_, row) => {
    expect(await holds(textOf(row), row.files)).toBe(row.label === "true");
  },
);

/** The whole sample, where it lies beside this repository. */
const ALL = "../shared/cases/evidence";

test.runIf(existsSync(ALL))(
  "of all the claims at hand every true one verifies, every false one fails",
  async () => {
    const wrong: string[] = [];
    const read = (path: string): Files => ({ [path]: readFileSync(`${ALL}/${path}`, "utf8") });
    const note = async (id: string, text: string, files: Files, label: boolean): Promise<void> => {
      if ((await holds(text, files)) !== label) wrong.push(`${id} ${label}: ${text}`);
    };
    for (const row of rowsOf<Row>(`${ALL}/tatqa.jsonl`)) {
      const files = Object.assign({}, ...row.pointers.map((p) => read(p.file)));
      await note(row.id, textOf(row), files, row.label === "true");
    }
    interface Pair {
      id: string;
      true_value: string;
      false_value: string;
      pointer: { file: string; kind: "cell"; row: number; col: number };
    }
    for (const { id, pointer, true_value, false_value } of rowsOf<Pair>(`${ALL}/tabfact.jsonl`)) {
      await note(id, linkTo(true_value, pointer), read(pointer.file), true);
      await note(id, linkTo(false_value, pointer), read(pointer.file), false);
    }
    expect(wrong).toEqual([]);
  },
);
