import { collide, isLiteral } from "../product/declared.ts";
import { frontOf } from "../text/front.ts";
import { Glob } from "../glob.ts";
import type { AgentName } from "../id.ts";
import { protectedBy } from "../clearance/protect.ts";
import type { Fleet } from "../snapshot.ts";
import { productsOf, type AgentFile } from "../spec.ts";
import type { Product } from "../product/product.ts";

/** What changes in front matter when a spec is copied, and what a person should know of it. */
export interface Adaption {
  /** New values of top-level fields. */
  fields: Record<string, string>;
  /** New values elsewhere, with the keys that lead to them. */
  values: { at: (string | number)[]; value: string }[];
  told: string[];
}

/** What people call an agent, from its name. */
export const titleFrom = (name: AgentName): string => {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/**
 * How a copy differs from its source: in name and title, in being paused, and in what it produces, which is a place of
 * its own instead of the source's. All else is the source's, so a copy may do nothing that the source may not.
 */
export function adaption(
  source: AgentFile,
  wish: { name: AgentName; title?: string; description?: string },
  fleet: Pick<Fleet, "agents" | "config">,
): Adaption {
  const { spec } = source;
  const title = wish.title ?? (spec.title === undefined ? undefined : titleFrom(wish.name));
  const moves = productsOf(spec).map((product, i) => moveOf(product, { source, name: wish.name, i }, fleet));
  return {
    fields: {
      name: wish.name,
      ...(title === undefined ? {} : { title }),
      ...(wish.description === undefined ? {} : { description: wish.description }),
      status: "paused",
    },
    values: moves.flatMap((m) => (m.to === null ? [] : [{ at: m.at, value: m.to }])),
    told: [
      ...moves.map((m) => m.told),
      ...(wish.description === undefined ? [`its description is still ${spec.name}'s`] : []),
      ...(spec.schedule === "on-demand" ? [] : [`it is due when ${spec.name} is: ${spec.schedule}`]),
    ],
  };
}

interface Move {
  at: (string | number)[];
  to: string | null;
  told: string;
}

function moveOf(
  { path, mode }: Product,
  { source, name, i }: { source: AgentFile; name: AgentName; i: number },
  fleet: Pick<Fleet, "agents" | "config">,
): Move {
  const { spec } = source;
  const at = typeof spec.produces[i] === "string" ? ["produces", i] : ["produces", i, "path"];
  if (mode === "append") return { at, to: null, told: `it appends to ${path}, as ${spec.name} does` };
  const to = placesFor(path, spec.name, name).find((place) => isFree(place, fleet)) ?? null;
  const told =
    to === null
      ? `it would produce ${path}, which is ${spec.name}'s`
      : `it produces ${to}, where ${spec.name} produces ${path}`;
  return { at, to, told };
}

/** Places of a copy's own, the most natural first. */
function placesFor(glob: string, from: AgentName, to: AgentName): string[] {
  const folders = glob.split("/");
  const last = folders.pop() ?? "";
  const renamed = glob.replaceAll(new RegExp(`(?<![a-z0-9-])${from}(?![a-z0-9-])`, "g"), to);
  return [...(renamed === glob ? [] : [renamed]), [...folders, to, last].join("/"), `${to}/${glob}`];
}

/** True for a pattern that nobody writes to, and that nobody is kept from. */
export const isFree = (glob: string, { agents, config }: Pick<Fleet, "agents" | "config">): boolean =>
  Glob.safeParse(glob).success &&
  protectedBy(glob, config) === null &&
  [...agents.values()].every(({ spec }) => productsOf(spec).every((p) => !collide(p.path, glob)));

/** The body's heading, where it is the source's title or name, becomes the copy's. */
export function retitled(text: string, from: AgentFile, title: string): string {
  const front = frontOf(text)?.length ?? 0;
  const names = [from.spec.title, from.spec.name].map((n) => n?.toLowerCase());
  const body = text
    .slice(front)
    .replace(/^(# +)([^\r\n]+?)([ \t]*\r?)$/m, (line, mark: string, heading: string, end: string) =>
      names.includes(heading.toLowerCase()) ? `${mark}${title}${end}` : line,
    );
  return text.slice(0, front) + body;
}

/** Lines, from 1, that still speak of the source: by its name, or by a place where the copy no longer writes. */
export function mentions(text: string, { spec }: AgentFile): number[] {
  const name = new RegExp(`(?<![a-z0-9-])${spec.name}(?![a-z0-9-])`);
  const places = productsOf(spec).flatMap(({ path, mode }) => (mode === "append" ? [] : [placeIn(path)]));
  const front = (frontOf(text)?.split("\n").length ?? 1) - 1;
  return text
    .split("\n")
    .flatMap((line, i) =>
      name.test(line) || (i >= front && places.some((place) => place !== "" && line.includes(place)))
        ? [i + 1]
        : [],
    );
}

/** What a pattern spells out: the file, or the folder up to its first sign. */
const placeIn = (glob: string): string => (isLiteral(glob) ? glob : glob.replace(/[^/]*[*?{].*$/, ""));
