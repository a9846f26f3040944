import type { Finding } from "../finding.ts";
import { AgentName } from "../id.ts";
import { asciiSlug, firstWords, headingOf, oneLine, shorten, shown } from "./phrase.ts";
import { mendedGuess, noteAt, type Field, type Source } from "./source.ts";

/** `key`: the front matter key that says it; `guess`: why it may not be what a person would choose. */
export interface Name {
  text: unknown;
  key?: string;
  guess?: string;
}

const MOST_DESCRIPTION = 400;
const MOST_TITLE = 120;
const MOST_NAME = 40;
/** A description that is taken from the body has no need to be longer. */
const MOST_FIRST = 200;

/** The line of front matter that names an agent. */
export type Named = Field & { value: AgentName };

/** The first text of which a name can be made. */
export function nameOf(names: readonly Name[]): Named | null {
  for (const { text, guess } of names) {
    if (typeof text !== "string") continue;
    const slug = asciiSlug(text);
    const whole = /^[a-z]/.test(slug) ? slug : `agent-${slug}`;
    const cut = whole.slice(0, MOST_NAME).replace(/-$/, "");
    const name = slug === "" ? null : AgentName.safeParse(cut);
    if (name?.success !== true) continue;
    return {
      key: "name",
      value: name.data,
      guess: name.data === text ? guess : (guess ?? "made from its name there"),
    };
  }
  return null;
}

/** What people call it, where that is more than its name. */
export function titleOf(title: unknown, name?: AgentName): string | undefined {
  const text = typeof title === "string" ? shorten(oneLine(title), MOST_TITLE) : "";
  return text === "" || text === name ? undefined : text;
}

/** A line of front matter, and what its source said besides. */
export interface Described {
  field: Field | null;
  notes: Finding[];
}

/** What the agent is for, in its own file's words; null when it has none. */
export function descriptionOf(source: Source, title: unknown): Described | null {
  const said = source.data?.["description"];
  const text = typeof said === "string" ? oneLine(said) : "";
  const key = "description";
  if (text === "") {
    const guessed = firstWords(source.body, MOST_FIRST) ?? headingOf(source.body) ?? titleOf(title);
    if (guessed === undefined) return null;
    const value = shorten(guessed, MOST_DESCRIPTION);
    return { field: { key, value, guess: "the first words of the text" }, notes: [] };
  }
  const value = shorten(text, MOST_DESCRIPTION);
  if (value === text) return { field: { key, value, guess: mendedGuess(source, key) }, notes: [] };
  const message = `the description has ${text.length} characters and was cut to ${value.length}; ${MOST_DESCRIPTION} are the most`;
  return {
    field: { key, value, guess: "the beginning of a longer one" },
    notes: [noteAt(source, [key], ["cut", message])],
  };
}

/** The agent above it, by the name that it would have here. */
export function superior(source: Source, reportsTo: unknown): Described {
  if (reportsTo === undefined || reportsTo === null || reportsTo === "") return { field: null, notes: [] };
  const name = AgentName.safeParse(typeof reportsTo === "string" ? asciiSlug(reportsTo) : "");
  if (name.success) {
    const guess = name.data === reportsTo ? undefined : "made from its name there";
    return { field: { key: "reports_to", value: name.data, guess }, notes: [] };
  }
  const message = `reports to ${shown(reportsTo)}, of which no agent's name can be made`;
  return { field: null, notes: [noteAt(source, ["reportsTo"], ["not-carried", message])] };
}
