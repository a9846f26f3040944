import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { TextChange } from "../domain/change.ts";

/** Changes as a unified diff, as git would show them; of what is not text only that it differs. */
export const patchOf = (changes: readonly TextChange[]): string => changes.map(onePatch).join("");

function onePatch({ path, before, after, binary, oldMode, newMode, bytes }: TextChange): string {
  const [from, to] = [
    oldMode === "000000" ? "/dev/null" : `a/${path}`,
    newMode === "000000" ? "/dev/null" : `b/${path}`,
  ];
  if (binary) return `--- ${from}\n+++ ${to}\nBinary files differ (${bytes} bytes now)\n`;
  return createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
