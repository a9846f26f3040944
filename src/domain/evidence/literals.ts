import { calledBy, nodesAt, partsOf, readingsIn, type Node } from "./grammar.ts";

/** Where a part of a formula stands that reads nothing, which decides what it may be. */
type Place = "value" | "factor" | "term" | "branch";

/** One for each way in which people count the same thing: halves, shares, decimal and binary units, time. */
const FACTORS = [
  1, 2, 4, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000, 1024, 3600, 86_400, 1_000_000, 1_000_000_000,
];

/** What may be written in each place. Whatever else the value is made of comes out of the source. */
const OWN: Readonly<Record<Place, readonly number[]>> = {
  value: [],
  factor: FACTORS,
  // The whole, of which a share is taken: as 1, or as 100%.
  term: [0, 1, 100],
  branch: [0, 1],
};
/** `(a / b - 1) - (c / d - 1)` takes two. */
const MOST_TERMS = 2;

const COMPARISONS = ["=", "!=", "<", "<=", ">", ">=", "in"];

/** A part that reads nothing, inside one that reads. */
interface Own {
  node: Node;
  place: Place;
}

/**
 * Why a formula says something of its own; null when it only says what it reads, in other units. Filters and comparisons
 * may hold anything: they decide what counts, and are never the value.
 */
export function literalFault(tree: Node): string | null {
  const own = [...ownIn(tree, "value")];
  const terms = own.filter(({ node, place }) => place === "term" && node.value !== 0);
  if (terms.length > MOST_TERMS) return `it adds more than ${MOST_TERMS} numbers of its own`;
  return own.map(faultOf).find((fault) => fault !== null) ?? twiceCounted(tree);
}

function* ownIn(node: Node, place: Place): Generator<Own> {
  if (readingsIn(node).length === 0) yield { node, place };
  else for (const [part, where] of placed(node)) yield* ownIn(part, where);
}

/** The parts of a node that can become its value, each with what it is there. */
function placed(node: Node): [part: Node, place: Place][] {
  const all = (nodes: readonly Node[], place: Place): [Node, Place][] => nodes.map((n) => [n, place]);
  const operator = String(node.value);
  switch (node.type) {
    case "binary":
      if (COMPARISONS.includes(operator)) return [];
      return all(partsOf(node), PLACES[operator] ?? "value");
    case "condition":
      return [
        ...all(nodesAt(node, "condition"), "value"),
        ...all([...nodesAt(node, "then"), ...nodesAt(node, "else")], "branch"),
      ];
    case "function":
      return all(valuesGiven(node), "value");
    default:
      return all(partsOf(node), "value");
  }
}

const PLACES: Readonly<Partial<Record<string, Place>>> = {
  "+": "term",
  "-": "term",
  "*": "factor",
  "/": "factor",
};

/** What a function makes its value of; the rest says where to read, or how far to round. */
function valuesGiven(node: Node): Node[] {
  const given = nodesAt(node, "arguments");
  const name = calledBy(node);
  return name === "cell" || name === "char" ? [] : name === "round" ? given.slice(0, 1) : given;
}

function faultOf({ node, place }: Own): string | null {
  if (node.type === "number") {
    const size = Math.abs(Number(node.value));
    return OWN[place].includes(size) ? null : `${String(node.value)} is a number of its own: ${ALLOWED}`;
  }
  if (node.type === "string" || node.type === "value")
    return `${JSON.stringify(node.value)} stands in no source: read it there`;
  const isFactor = place === "factor" && node.type === "binary" && ["*", "/"].includes(String(node.value));
  if (isFactor || node.type === "block" || (node.type === "unary" && node.value === "-"))
    return (
      partsOf(node)
        .map((part) => faultOf({ node: part, place }))
        .find((fault) => fault !== null) ?? null
    );
  return `a part of it reads nothing: ${ALLOWED}`;
}

const ALLOWED = `read numbers from the source, multiply or divide them by ${FACTORS.slice(1).join(", ")} only, and add or take away 1 or 100 only; filters and comparisons may hold any number`;

/** A list that is written out to be counted holds as many as it is written; at least they are different places. */
function twiceCounted(node: Node): string | null {
  const [list] = calledBy(node) === "count" ? nodesAt(node, "arguments") : [];
  const places = list?.type === "unary" ? nodesAt(list, "expressions").map(withoutPlace) : [];
  if (new Set(places).size < places.length) return "it counts one place twice";
  return (
    partsOf(node)
      .map(twiceCounted)
      .find((fault) => fault !== null) ?? null
  );
}

const withoutPlace = (node: Node): string =>
  JSON.stringify(node, (key, value: unknown) => (key === "position" ? undefined : value));
