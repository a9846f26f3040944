import { createInterface } from "node:readline";
import type { Terminal } from "./terminal.ts";

/** Asks whoever sits at the terminal, beside what is printed; null where nobody does, or where they only end the input. */
export async function ask(question: string, terminal: Pick<Terminal, "err">): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  terminal.err(question);
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line.trim();
    return null;
  } finally {
    lines.close();
  }
}
