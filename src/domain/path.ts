import { bytesOf } from "./text/text.ts";

/** A pattern that must not occur, and what to say when it does. */
type Rule = readonly [bad: RegExp, says: string];

/** On the whole path. */
const WHOLE: readonly Rule[] = [
  [/^$/, "the path is empty"],
  [/^\//, "the path is absolute; expected one from the root of the repository"],
  [/[\p{Cc}\p{Zl}\p{Zp}]/u, "the path holds a control character"],
  [/[\p{Cs}\uFFFD\uFFFE\uFFFF]/u, "the path is not valid UTF-8"],
  [/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u, "the path holds a character that cannot be seen"],
];

/** On each part between slashes. */
const PART: readonly Rule[] = [
  [/^$/, "the path has an empty part"],
  [/^-/, "a part of the path begins with a hyphen, which programs read as an option"],
  [/[<>:"|?*]/, 'the path holds one of < > : " | ? *, which Windows refuses or reads as something else'],
  [/[ .]$/, "a part of the path ends with a dot or a space, which Windows drops"],
  [/^ /, "a part of the path begins with a space"],
];

/** On each part, and once more on what file systems may take it for. */
const DISGUISED: readonly Rule[] = [
  [/\\/, "the path holds a backslash; expected / between folders"],
  [/^\.{1,2}$/, "the path has a part . or .."],
  [/^\.git$/i, "the path leads into git's own folder"],
  [/~\d/, "a part of the path is a short name of Windows, which stands for another file"],
  [
    /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$) *(?:\.|$)/i,
    "a part of the path is a device on Windows",
  ],
];

/** Nearly every name of ours, at a glance: letters, digits, and a hyphen, which no device on Windows has in its name. */
const PLAIN = /^(?:agents|board|board\/directives)\/(?:T|[a-z0-9]+)(?:-[a-z0-9]+)+\.md$/;

const PART_BYTES = 255;
const PATH_BYTES = 1024;

const broken = (rules: readonly Rule[], text: string): string | null =>
  rules.find(([bad]) => bad.test(text))?.[1] ?? null;

const parts = (path: string): string[] => path.split("/");

/** What file systems that ignore case, normalise, or drop what cannot be seen and the end of a name may read. */
export const fold = (path: string): string =>
  parts(path.normalize("NFKC").replaceAll(/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu, ""))
    .map((part) => part.replace(/:.*$/s, "").replace(/[ .]+$/, (end) => (end === part ? end : "")))
    .join("/")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC");

/**
 * Why a path may not be touched, in one sentence; null when it may. It must name one file inside the repository, and the
 * same one to git, to programs and to every file system. Stricter than git's own `verify_path`.
 */
export function pathFault(path: string): string | null {
  if (path.length <= PART_BYTES && PLAIN.test(path)) return null;
  return broken(WHOLE, path) ?? sizeFault(path) ?? partFault(path) ?? disguiseFault(path);
}

function sizeFault(path: string): string | null {
  if (bytesOf(path) > PATH_BYTES) return `the path is longer than ${PATH_BYTES} bytes`;
  if (parts(path).some((part) => bytesOf(part) > PART_BYTES))
    return `a part of the path is longer than ${PART_BYTES} bytes`;
  return path === path.normalize("NFC") ? null : "the path is not in Unicode's composed form (NFC)";
}

const firstOf = (path: string, rules: readonly Rule[]): string | null =>
  parts(path)
    .map((part) => broken(rules, part))
    .find((fault) => fault !== null) ?? null;

const partFault = (path: string): string | null => firstOf(path, DISGUISED) ?? firstOf(path, PART);

/** Look-alikes such as a full-width `．ｇｉｔ`, or one character that unfolds to `a/c`. */
function disguiseFault(path: string): string | null {
  const folded = fold(path);
  if (parts(folded).length !== parts(path).length) return "the path holds a look-alike of a slash";
  return firstOf(folded, DISGUISED);
}

/** What `git check-ref-format` refuses and paths may have. A ref is a file too, so the rules of paths hold first. */
const REF: readonly Rule[] = [
  [/^@$/, "the ref is a lone @"],
  [/\.\./, "the ref holds .."],
  [/@\{/, "the ref holds @{"],
  [/[ ~^[]/, "the ref holds a space or one of ~ ^ ["],
  [/(?:^|\/)\./, "a part of the ref begins with a dot"],
  [/\.lock(?:\/|$)/i, "a part of the ref ends with .lock"],
];

/** Why a ref or branch name may not be used; null when it may. Never laxer than `git check-ref-format --allow-onelevel`. */
export const refFault = (ref: string): string | null =>
  pathFault(ref)?.replaceAll("the path", "the ref") ?? broken(REF, ref);
