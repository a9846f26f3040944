/** A task that a person wishes for, in an issue. */
export interface Request {
  agent: string | null;
  priority: string | null;
  title: string;
  brief: string;
  /** Facts that must hold when it is done. */
  done: string[];
}

/** Headings of the issue form; whoever writes an issue by hand may use them as well. */
export const FIELDS = { agent: "Agent", priority: "Priority", brief: "Brief", done: "Done when" } as const;

const EMPTY = "_No response_";

/**
 * An issue as a task: the answers of the form below their headings. Without these the whole text is the brief, and the
 * agent stands before the title, `@editor Shorten the page`.
 */
export function requestIn({ title, body }: { title: string; body: string }): Request {
  const parts = partsOf(body);
  const said = (name: string): string | null => {
    const text = parts.get(name.toLowerCase())?.trim() ?? "";
    return text === "" || text === EMPTY ? null : text;
  };
  const [, before, rest] = /^@([a-z0-9-]+)[ \t]+(.*)$/i.exec(title.trim()) ?? [];
  return {
    agent: said(FIELDS.agent)?.replace(/^@/, "") ?? before ?? null,
    priority: said(FIELDS.priority),
    title: (rest ?? title).trim(),
    brief: said(FIELDS.brief) ?? (parts.size === 0 ? body.trim() : ""),
    done: (said(FIELDS.done) ?? "").split("\n").flatMap(factIn),
  };
}

const factIn = (line: string): string[] => {
  const fact = line.replace(/^[ \t]*(?:[-*+][ \t]+)?(?:\[[ xX]?\][ \t]*)?/, "").trim();
  return fact === "" ? [] : [fact];
};

/** Texts by their headings, as far as they are the form's; the brief may have headings of its own. */
function partsOf(body: string): Map<string, string> {
  const known = new Set<string>(Object.values(FIELDS).map((name) => name.toLowerCase()));
  const parts = new Map<string, string>();
  let open: string | null = null;
  for (const line of body.replaceAll(/\r\n?/g, "\n").split("\n")) {
    const name = /^### (.+?)[ \t]*$/.exec(line)?.[1]?.toLowerCase();
    if (name !== undefined && known.has(name) && !parts.has(name)) {
      open = name;
      parts.set(name, "");
    } else if (open !== null) parts.set(open, `${parts.get(open)}${line}\n`);
  }
  return parts;
}
