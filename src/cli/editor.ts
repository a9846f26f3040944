import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { Fault } from "../domain/fault.ts";
import { textOf } from "../domain/text/text.ts";
import type { Home } from "../port/home.ts";

/** A text that somebody has edited, and the file in which it lies until it is kept elsewhere. */
export interface Edited {
  text: string;
  file: string;
  /** Once the text is safe elsewhere. */
  forget(): Promise<void>;
}

/** Opens a text in the person's own editor. What they wrote stays in git's folder until it is forgotten. */
export async function edit(home: Home, name: string, text: string): Promise<Edited> {
  const file = await home.keep(`${name}.md`, text);
  const forget = (): Promise<void> => rm(file, { force: true });
  const fault = await openEditor(file);
  const bytes = await readFile(file).catch(() => null);
  const edited = bytes === null ? null : textOf(bytes);
  if (fault !== null) {
    if (edited !== text) throw new Fault("refused", `${fault}: your text lies in ${file}`, WANTED);
    await forget();
    throw new Fault("refused", `${fault}: nothing was written`, WANTED);
  }
  if (edited === null)
    throw new Fault("refused", "what the editor left is no text in UTF-8", { next: `look at ${file}` });
  if (edited.trim() !== "") return { text: edited, file, forget };
  await forget();
  throw new Fault("refused", "the file is empty: nothing was written");
}

const WANTED = {
  expected: "an editor that waits until you are done",
  next: "set VISUAL or EDITOR to its command",
};

/** As git does: the variable is a command with arguments of its own. Returns what went wrong. */
async function openEditor(file: string): Promise<string | null> {
  const { VISUAL, EDITOR } = process.env;
  const command = VISUAL || EDITOR || (process.platform === "win32" ? "notepad" : "vi");
  const child =
    process.platform === "win32"
      ? spawn(`${command} "${file}"`, { shell: true, stdio: "inherit" })
      : spawn("sh", ["-c", `${command} "$@"`, command, file], { stdio: "inherit" });
  const code = await new Promise<number | null>((end) => {
    child.once("error", () => end(null));
    child.once("close", (c) => end(c));
  });
  return code === 0 ? null : `the editor \`${command}\` ended with ${code ?? "an error"}`;
}
