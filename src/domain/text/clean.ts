/** Escape sequences of terminals, whole: colours, cursor moves, titles, hyperlinks. */
const ANSI =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]/g;

const BREAK = /\r\n?|[\v\f\x85\u2028\u2029]/g;

/** Characters that are not seen (controls, directions, joiners, tags, fillers), and halves of pairs. */
const UNSEEN = String.raw`[[\p{Cc}\p{Cs}\p{DI}\p{Bidi_C}\p{NChar}\uFFF9-\uFFFB]--[\n\t]]`;

/** Scripts whose words are misspelt without joiners. */
const JOINING = `[${["Arab", "Syrc", "Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh"].map((s) => String.raw`\p{scx=${s}}`).join("")}]`;

/** Unseen characters that belong to what is seen. */
const KEPT = [
  String.raw`(?<=\p{ExtPict})\uFE0F|(?<=[#*0-9])\uFE0F(?=\u20E3)`,
  String.raw`(?<=\p{ExtPict}\uFE0F?|\p{EMod})\u200D(?=\p{ExtPict})`,
  String.raw`(?<=${JOINING})[\u200C\u200D](?=${JOINING})`,
].join("|");

const HIDDEN = new RegExp(`(${KEPT})|${UNSEEN}`, "gv");

/** What forges, runners, bots, browsers and templates act on: each pattern matches the one character that makes it work. */
const LIVE = new RegExp(
  [
    /(?<![a-z0-9])@(?=\w)/, // mentions; not the @ of an e-mail address
    /#(?=\d)|(?<=\bGH)-(?=\d)/, // references, and with them closing keywords
    /<(?=[a-z/!?%])/, // HTML, comments, autolinks, <% %>
    /&(?=(?:#x?[0-9a-f]{1,8}|[a-z][a-z0-9]{1,31});)/, // entities, which stand for any of these
    /!(?=\[)/, // images
    /:(?=\/\/)|(?<=\b(?:javascript|vbscript|data|file|mailto|xmpp|tel)):(?=\S)/, // addresses
    /(?<=(?<![a-z0-9])www)\.(?=\w)/, // addresses that forges complete
    /(?<=\]):/, // definitions of links and footnotes
    /(?<=^[^\S\n]*):(?=:)|#(?=#\[)/, // commands of workflow runners
    /(?<=^[^\S\n>]*(?:>[^\S\n>]*)*)\/(?=[a-z][\w+-]*(?:\s|$))/, // commands of bots
    /\[(?=(?:(?:skip|no)[ -](?:ci|actions)|(?:ci|actions)[ -]skip)\])|(?<=^skip-checks?):/, // what switches checks off
    /\{(?=[{%#])/, // templates
  ]
    .map((rule) => rule.source)
    .join("|"),
  "gimu",
);

/** A link stays one only when it leads to a place in the repository and has no hidden title. */
const FOREIGN_LINK = /\](?=\((?!(?:\/(?!\/)|\.{1,2}\/|#|[\w-])[\w./#%=,~+-]*\)))/g;

/** The full-width twin of an ASCII character: it reads the same, and does nothing. */
const twin = (character: string): string => String.fromCharCode(character.charCodeAt(0) + 0xfee0);

/** Inside code as well: where code begins and ends differs between renderers, and the attacker picks the renderer. */
const defuse = (text: string): string => text.replaceAll(LIVE, twin).replaceAll(FOREIGN_LINK, twin);

/** Text without what cannot be seen: a person and a model read the same. What is seen stays alive. */
export const visible = (text: string): string =>
  text.replaceAll(ANSI, "").replaceAll(BREAK, "\n").replaceAll(HIDDEN, "$1").normalize("NFC");

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, Math.max(0, max - 1)).replace(/[\uD800-\uDBFF]$/, "");
  return `${kept.replace(/(?<![\s\p{DI}])[\s\p{DI}]+$/u, "")}…`;
}

/** The longest fence that counts as one; others are defused. */
const FENCE = 8;
const OPENING = /^(`{3,8}(?!`)(?=[^`]*$)|~{3,8}(?!~))/;
/** A line that may open a fence inside a list or quote, where nobody can say for sure when it ends. */
const DOUBTFUL = /^([\s>*+\-\d.)]*)([`~])(?=\2\2)/;

/** Closes a block of code that was left open: it must not swallow what stands below the text. */
function closeFence(text: string): string {
  let open: string | null = null;
  const lines = text.split("\n").map((line) => {
    if (open !== null) {
      if (closes(line, open)) open = null;
      return line;
    }
    open = OPENING.exec(line)?.[0] ?? null;
    return open === null
      ? line.replace(DOUBTFUL, (_, before: string, mark: string) => before + twin(mark))
      : line;
  });
  return [...lines, ...(open === null ? [] : [open])].join("\n");
}

function closes(line: string, open: string): boolean {
  const run = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return run !== undefined && run[0] === open[0] && run.length >= open.length;
}

/**
 * Text from an agent on one line, for titles, subjects and terminals: at most `max` UTF-16 units, nothing hidden,
 * nothing that a forge, runner, bot or terminal acts on. Idempotent.
 */
export const cleanLine = (text: string, max: number): string =>
  defuse(cut(visible(text).replaceAll(/\s+/g, " ").trim(), max)).replace(
    DOUBTFUL,
    (start) => start.slice(0, -1) + twin(start.slice(-1)),
  );

/** Text from an agent as a quotation: no line of it can pass for one of ours, or of a person. */
export const quote = (text: string, max: number): string[] =>
  cleanText(text, max)
    .split("\n")
    .map((line) => `> ${line}`.trimEnd());

/**
 * Text from an agent for pull bodies, commit messages, records and other markdown: as `cleanLine`, with its lines kept,
 * links into the repository alive, and blocks of code closed. Idempotent.
 */
export function cleanText(text: string, max: number): string {
  const plain = visible(text).trim();
  const whole = closeFence(defuse(plain));
  return whole.length <= max ? whole : closeFence(defuse(cut(plain, max - FENCE - 1)));
}
