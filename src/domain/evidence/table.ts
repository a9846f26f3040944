import { sentence } from "../fault.ts";

/** A CSV file, cell by cell, as it is written. */
export type Table = readonly (readonly string[])[];

/** Reads CSV (RFC 4180), or tab-separated values for `.tsv`. Every line is a row, empty ones too. */
export async function tableOf(path: string, text: string): Promise<{ table: Table } | { fault: string }> {
  const { parse } = await import("csv-parse/sync");
  const delimiter = /\.tsv$/i.test(path) ? "\t" : ",";
  try {
    const table: string[][] = parse(text, { bom: true, delimiter, relax_column_count: true });
    return { table };
  } catch (error) {
    return { fault: `${path} is no CSV: ${sentence(error)}` };
  }
}
