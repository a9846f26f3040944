import type { Lines } from "../evidence/lines.ts";
import type { Sha } from "../id.ts";

/** A link of ours or of an agent's that is alive: into the repository, without a title. */
const LINK = /\]\(([\w./#%=,~+-]+)\)/g;

/** Where the links of a text that was cleaned lead, each once. */
export const hrefsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(LINK)].flatMap(([, href]) => href ?? [])),
];

/** The text with its links led to where they are known to land. */
export const withLanding = (text: string, places: ReadonlyMap<string, string>): string =>
  text.replaceAll(LINK, (whole, href: string) => {
    const place = places.get(href);
    return place === undefined ? whole : `](${place})`;
  });

/** A file at one commit, at these lines, as a forge on the web shows it; markdown too is shown as it is written. */
export function addressOf(
  web: string,
  { commit, path, lines }: { commit: Sha; path: string; lines: Lines | null },
): string {
  const file = path
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll(/[()'!*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`))
    .join("/");
  const range =
    lines === null ? "" : `?plain=1#L${lines.from}${lines.to > lines.from ? `-L${lines.to}` : ""}`;
  return `${web}/blob/${commit}/${file}${range}`;
}

/** A statement whose link was followed, and holds. */
export interface Proof {
  /** Where it stands. */
  path: string;
  line: number;
  /** The value as people read it. */
  said: string;
  /** Where it is proved. */
  source: string;
  lines: Lines | null;
  /** How it was computed from there; null where it stands there. */
  formula: string | null;
  /** The source on the forge's pages; null where a forge has none. */
  address: string | null;
}
