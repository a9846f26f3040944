import type { Finding } from "../finding.ts";
import { pathFault } from "../path.ts";
import { leftovers } from "./leftover.ts";
import { descriptionOf, nameOf, superior, titleOf, type Name, type Named } from "./persona.ts";
import { shown } from "./phrase.ts";
import { noteAt, refusalAt, type Drafted, type Field, type Source } from "./source.ts";
import type { Timing } from "./timing.ts";
import type { Granted } from "./tools.ts";

/** What a file says of a role, before it is a spec. Text is as it stands in the source. */
export interface Role {
  /** What the agent's name is made of, best first; a key's value, or a name that the file has by where it lies. */
  names: readonly Name[];
  title: unknown;
  reportsTo?: unknown;
  /** Switched off over there. */
  isPaused?: boolean;
  timing: Timing;
  granted: Granted;
  /** Front matter keys that the kind has dealt with, besides those that are here. */
  understood: readonly string[];
  notes?: readonly Finding[];
}

/** On demand, where the source has no schedule at all. */
export const NO_TIMING: Timing = { schedule: "on-demand", guess: "the file names no schedule" };

/**
 * The spec that a role becomes. It may look at the board and change nothing: what it reads and produces is for a person
 * to say. Keys that nobody understood are noted one by one.
 */
export function specOf(source: Source, role: Role): Drafted {
  const name = nameOf(role.names);
  if (name === null) return refuse(source, role, `no name can be made of ${shown(role.names[0]?.text)}`);
  const path = `agents/${name.value}.md`;
  const fault = name.value === "readme" ? "agents/readme.md explains the folder to people" : pathFault(path);
  if (fault !== null) return refuse(source, role, fault);
  const description = descriptionOf(source, role.title);
  if (description === null)
    return {
      ok: false,
      refusal: refusalAt(source, [], ["empty", "there is no text that could describe a role"]),
    };
  const above = superior(source, role.reportsTo);
  const understood = ["name", "description", ...role.understood].filter((key) => !isOdd(source, key));
  return {
    ok: true,
    draft: {
      is: { agent: name.value },
      path,
      fields: fieldsOf(role, {
        name,
        description: description.field,
        title: titleOf(role.title, name.value),
        above: above.field,
      }),
      body: source.body,
      notes: [
        ...mendedNotes(source),
        ...description.notes,
        ...above.notes,
        ...(role.notes ?? []),
        ...role.granted.notes,
        ...leftovers(source, understood),
        ...expressions(source),
      ].toSorted((a, b) => a.line - b.line || a.column - b.column),
      dropped: [],
    },
  };
}

const refuse = (source: Source, role: Role, why: string): Drafted => ({
  ok: false,
  refusal: refusalAt(source, keyPath(role.names[0]?.key), [
    "name",
    `${why}; expected letters or digits, with a letter first, such as lp-tester`,
  ]),
});

const keyPath = (key: string | undefined): string[] => (key === undefined ? [] : [key]);

/** Keys that are text or nothing; as anything else nobody has read them. */
const TEXTS = new Set(["name", "description", "title", "slug"]);

const isOdd = ({ data }: Source, key: string): boolean =>
  TEXTS.has(key) && typeof (data?.[key] ?? "") !== "string";

interface Parts {
  name: Named;
  description: Field | null;
  title: string | undefined;
  above: Field | null;
}

function fieldsOf({ timing, granted, isPaused }: Role, { name, description, title, above }: Parts): Field[] {
  return [
    name,
    { key: "title", value: title },
    ...(description === null ? [] : [description]),
    ...(above === null ? [] : [above]),
    { key: "status", value: isPaused === true ? "paused" : undefined },
    { key: "schedule", value: timing.schedule, guess: timing.guess },
    { key: "timezone", value: timing.timezone },
    { key: "engine", value: { kind: "openai" }, guess: "the config's endpoint and model" },
    { key: "reads", value: [], guess: "the board only; name what else it may see" },
    { key: "produces", value: [], guess: "nothing; name what it may change" },
    { key: "tools", value: granted.tools, guess: granted.guess },
  ];
}

const mendedNotes = (source: Source): Finding[] =>
  source.mended.map((key) =>
    noteAt(
      source,
      [key],
      ["mended", `${shown(key)} is no YAML as it stands; it was read as if it were in quotes`],
    ),
  );

/** What other systems fill in before their agents read it. */
const EXPRESSION = /\$\{\{|\{\{[#{]/;

/** The text stays as it is, so nobody will fill these in. */
function expressions(source: Source): Finding[] {
  const lines = source.body.split("\n");
  const first = lines.findIndex((line) => EXPRESSION.test(line));
  if (first < 0) return [];
  const count = lines.filter((line) => EXPRESSION.test(line)).length;
  const message = `${count === 1 ? "a line holds" : `${count} lines hold`} an expression such as \${{ … }}; nothing fills it in here, so say it in words`;
  const { file, line } = source.bodyPlace;
  const column = (lines[first] ?? "").search(EXPRESSION) + 1;
  return [{ rule: "adopt/expression", level: "note", message, file, line: line + first, column }];
}
