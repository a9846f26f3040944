import type { Tree } from "./tree.ts";

/** A package as `package-lock.json` (version 2 or 3) pins it. */
export interface Package {
  name: string;
  version: string;
  /** As the package itself says; null when the lock file does not know. */
  license: string | null;
  /** `direct`: named in package.json. `transitive`: something that is named needs it. */
  kind: "direct" | "transitive";
  /** Needed to run pullbeat, or only to build and test it. */
  use: "runtime" | "development";
  /** A hash that npm compares after the download. */
  integrity: boolean;
}

interface Locked {
  version?: string;
  license?: string;
  integrity?: string;
  dev?: boolean;
  link?: boolean;
}

interface Root {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

interface Lock {
  packages?: Record<string, Locked & Root>;
}

/** The pinned packages by name; null when there is no lock file. It holds no dates, so there is no age to tell. */
export function packages(tree: Tree): Package[] | null {
  const text = tree.get("package-lock.json");
  if (text === undefined) return null;
  // npm wrote the file; what it lacks is left out below.
  const lock: Lock = JSON.parse(text);
  const { "": root = {}, ...rest } = lock.packages ?? {};
  const named = new Set(
    [root.dependencies, root.devDependencies, root.optionalDependencies].flatMap((d) => Object.keys(d ?? {})),
  );
  return Object.entries(rest)
    .filter(([, locked]) => locked.link !== true)
    .map(([path, locked]) => describe(path, locked, named))
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

function describe(path: string, locked: Locked, named: ReadonlySet<string>): Package {
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  return {
    name,
    version: locked.version ?? "?",
    license: locked.license ?? null,
    // A nested copy of a named package belongs to whoever nests it.
    kind: named.has(name) && path === `node_modules/${name}` ? "direct" : "transitive",
    use: locked.dev === true ? "development" : "runtime",
    integrity: locked.integrity !== undefined,
  };
}

/** Packages that are there in more than one version: name and versions. */
export function duplicates(all: readonly Package[]): { name: string; versions: string[] }[] {
  return [...Map.groupBy(all, (p) => p.name)]
    .map(([name, copies]) => ({ name, versions: [...new Set(copies.map((c) => c.version))] }))
    .filter(({ versions }) => versions.length > 1);
}

/** How many packages stand under each licence, most first. */
export function licenses(all: readonly Package[]): { license: string; count: number }[] {
  return [...Map.groupBy(all, (p) => p.license ?? "not stated")]
    .map(([license, { length }]) => ({ license, count: length }))
    .toSorted((a, b) => b.count - a.count || a.license.localeCompare(b.license));
}

/** Direct dependencies that no document under docs/ names as code, so that nobody can read why they are here. */
export function unexplained(all: readonly Package[], tree: Tree): Package[] {
  const docs = [...tree].filter(([path]) => path.startsWith("docs/") && path.endsWith(".md"));
  return all.filter((p) => p.kind === "direct" && !docs.some(([, text]) => text.includes(`\`${p.name}\``)));
}
