const ends = (...endings: string[]): RegExp => new RegExp(String.raw`\.(?:${endings.join("|")})$`, "i");

/** What forges show as markdown. */
const MARKDOWN = ends(
  "md|markdown|mdown|mdwn|mdtxt|mdtext|mkd|mkdn|mkdown",
  "mdx|rmd|qmd|ronn|scd|workbook|livemd|litcoffee",
);

/** What programs read: it states nothing in sentences. Forges show it as it is written, or as a table. */
const DATA = ends("json|jsonl|ndjson|geojson|topojson|json5|jsonc|csv|tsv|ya?ml|toml|xml|ini|properties|sql");
const CODE = ends(
  "[cm]?[jt]s|[jt]sx|vue|svelte|css|scss|sass|less|py|pyi|rb|php|pl|pm|lua|r|jl|go|rs|c|h|cc|cpp|cxx|hpp|m|mm|swift",
  "java|kt|kts|scala|groovy|gradle|clj|cs|fs|vb|dart|ex|exs|erl|hs|ml|mli|lisp|el|zig|nim|sol|sh|bash|zsh|fish|ps1|bat",
  "graphql|gql|proto|tf|hcl|nix|cmake|diff|patch",
);

/** What people read as prose, whether or not its bytes are text. */
const PROSE = ends("txt|text|html?|xhtml|rst|adoc|asciidoc|org|textile|rdoc|creole|wiki|mediawiki|tex|rtf");

/** True when a file is a page: people read it as markdown, and so do we. */
export const isPage = (path: string): boolean => MARKDOWN.test(path);

/**
 * True when people could read statements in a file that nobody here can read: text that is no markdown, no data and no
 * code. An ending that nobody knows counts as that; pictures and the like, which are no text, do not.
 */
export const isUnreadable = (path: string, isText: boolean): boolean =>
  !isPage(path) && !DATA.test(path) && !CODE.test(path) && (isText || PROSE.test(path));
