import type { Config } from "../config.ts";
import { matches } from "../glob.ts";
import { fold } from "../path.ts";

/** What people alone write, whatever the config says: rules, orders, history, and what steers git, forges and agents. */
const BUILT_IN = [
  ".github/**",
  "agents/**",
  "board/directives/**",
  "board/archive/**",
  "digest/**",
  "**/CODEOWNERS",
  "**/AGENTS.md",
  "**/CLAUDE.md",
  "**/.git*",
  "**/.git*/**",
] as const;

/** A folder's own name counts as in it: nobody puts a file, or a link, in its place. */
const covers = (glob: string, path: string): boolean =>
  matches(glob, path) || (glob.endsWith("/**") && matches(glob.slice(0, -3), path));

/** Every pattern that no agent may write. */
export const protectedGlobs = (config: Pick<Config, "protect">): string[] => [...BUILT_IN, ...config.protect];

/**
 * The pattern that keeps agents off a path, or null. Upper and lower case, and names that a file system may take
 * for one another, do not count.
 */
export function protectedBy(path: string, config: Pick<Config, "protect">): string | null {
  const folded = fold(path);
  return (
    protectedGlobs(config).find(
      (glob) => covers(glob, path) || covers(glob.normalize("NFKC").toLowerCase(), folded),
    ) ?? null
  );
}
