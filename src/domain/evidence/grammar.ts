/** Functions that a formula may call. None of them takes a function, a pattern or a size. */
const FUNCTIONS = ["sum", "count", "average", "min", "max", "abs", "round", "floor", "ceil", "cell", "char"];
const OPERATORS = ["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"];

/** A node of jsonata's syntax tree. Its own types do not name everything that stands there. */
export interface Node {
  type: string;
  value?: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string";

/** The nodes under a key, one or a list of them. */
export const nodesAt = (node: Node, key: string): Node[] => [Reflect.get(node, key)].flat().filter(isNode);

/** What a part of a path leaves out: `[id = "a"]`. */
export const filtersOf = (node: Node): Node[] => [...nodesAt(node, "predicate"), ...nodesAt(node, "stages")];

/** The parts of a node besides its filters. What a function calls is its own name, and is looked at with it. */
export const partsOf = (node: Node): Node[] =>
  ["steps", "expressions", "arguments", "lhs", "rhs", "expression", "condition", "then", "else"].flatMap(
    (key) => nodesAt(node, key),
  );

/** The function that a node calls; null when it calls none. */
export const calledBy = (node: Node): string | null =>
  node.type === "function" ? String(nodesAt(node, "procedure")[0]?.value) : null;

/** True when the node itself takes something out of the source, whatever its parts do. */
const isReading = (node: Node): boolean =>
  node.type === "name" || node.type === "variable" || ["cell", "char"].includes(calledBy(node) ?? "");

/** Every node besides filters that takes something out of the source. */
export const readingsIn = (node: Node): Node[] => [
  ...(isReading(node) ? [node] : []),
  ...partsOf(node).flatMap(readingsIn),
];

/** Why a formula is none of ours; null when it is. Everything that is not named here is refused. */
export function grammarFault(node: Node): string | null {
  const filters = filtersOf(node);
  if (["group", "focus", "index"].some((key) => key in node) || filters.some((f) => f.type !== "filter"))
    return "grouping, @ and # are not part of formulas";
  if (filters.length > 0 && !["name", "variable"].includes(node.type))
    return "a filter [...] stands directly behind a field: pick records, then compute";
  const rule = NODES[node.type];
  if (rule === undefined)
    return `${node.type} is not part of formulas: fields, filters, arithmetic and ${offer} are`;
  if (!rule(node)) return refusal(node);
  const inside = [...filters.flatMap((f) => nodesAt(f, "expr")), ...partsOf(node)];
  return inside.map(grammarFault).find((fault) => fault !== null) ?? null;
}

const anything = (): boolean => true;
const valueIn =
  (values: readonly string[]) =>
  ({ value }: Node): boolean =>
    values.some((v) => v === value);

/** The nodes that a formula may hold, and what each may be. */
const NODES: Readonly<Partial<Record<string, (node: Node) => boolean>>> = {
  path: anything,
  name: anything,
  string: anything,
  number: anything,
  value: anything,
  condition: anything,
  block: (node) => nodesAt(node, "expressions").length === 1,
  unary: valueIn(["-", "["]),
  binary: valueIn(OPERATORS),
  variable: valueIn(["", "$"]),
  function: (node) => nodesAt(node, "procedure").some((p) => p.type === "variable" && valueIn(FUNCTIONS)(p)),
};

const offer = FUNCTIONS.map((name) => `$${name}`).join(", ");

function refusal(node: Node): string {
  if (node.type === "function") return `there is no such function; there are ${offer}`;
  if (node.type === "variable") return "there are no variables besides $ and $$";
  return node.type === "block"
    ? "expected one expression between parentheses"
    : `${String(node.value)} is not part of formulas`;
}

/** Every node that only decides which records count. */
export function filtering(node: Node): Set<Node> {
  const found = new Set<Node>();
  const visit = (here: Node, isFilter: boolean): void => {
    if (isFilter) found.add(here);
    for (const filter of filtersOf(here)) for (const expr of nodesAt(filter, "expr")) visit(expr, true);
    for (const part of partsOf(here)) visit(part, isFilter);
  };
  visit(node, false);
  return found;
}
