import type { Watch } from "./expression.ts";
import { filtering, readingsIn, type Node } from "./grammar.ts";
import { cellOf, type Ground } from "./ground.ts";
import type { InRecord } from "./record.ts";

/** A formula that picks more records than these is about the list. */
const MOST_PICKED = 3;

/** What a formula has read so far. */
export interface Reads extends Watch {
  /** True when something was there where it looked. */
  found(): boolean;
  cell(row: number, column: number): number | string | undefined;
  picked(): InRecord[];
}

/** Notes from which records of which lists the formula takes its values; what only filters does not count. */
export function watchReads(ground: Ground, tree: Node): Reads {
  const filters = filtering(tree);
  const readings = new Set(readingsIn(tree));
  let isFound = false;
  const homes = homesOf(ground.root);
  const taken = new Map<readonly unknown[], Set<number>>();
  const take = (list: readonly unknown[], index: number): void => {
    taken.set(list, (taken.get(list) ?? new Set()).add(index));
  };
  const noteOne = (value: unknown): void => {
    const home = typeof value === "object" && value !== null ? homes.get(value) : undefined;
    if (home !== undefined) take(home.list, home.index);
  };
  return {
    found: () => isFound,
    after(node, result) {
      isFound ||= result !== undefined && readings.has(node);
    },
    before(node, input) {
      if (node.type !== "name" || filters.has(node)) return;
      for (const value of Array.isArray(input) ? input : [input]) noteOne(value);
    },
    cell(row, column) {
      const value = cellOf(ground, row, column);
      if (value !== undefined && row > 1) take(ground.table?.rows ?? [], row - 2);
      return value;
    },
    picked: () =>
      [...taken].flatMap(([list, some]) =>
        some.size === list.length || some.size > MOST_PICKED
          ? []
          : [...some].map((index) => ({ list: ground.records(list), index })),
      ),
  };
}

type Homes = WeakMap<object, { list: readonly unknown[]; index: number }>;

const known = new WeakMap<object, Homes>();

/** Every object that is an element of an array, with its place there; found once for each document. */
function homesOf(root: unknown): Homes {
  const homes: Homes = new WeakMap();
  if (typeof root !== "object" || root === null) return homes;
  const there = known.get(root);
  if (there !== undefined) return there;
  const visit = (value: object): void => {
    if (Array.isArray(value))
      value.forEach((element: unknown, index) => {
        if (typeof element === "object" && element !== null && !Array.isArray(element))
          homes.set(element, { list: value, index });
      });
    for (const inner of Object.values(value) as unknown[])
      if (typeof inner === "object" && inner !== null) visit(inner);
  };
  visit(root);
  known.set(root, homes);
  return homes;
}
