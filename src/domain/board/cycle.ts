/** Who needs whom; ids that are not among the keys are ignored. */
export type Needs<Id extends string> = ReadonlyMap<Id, readonly Id[]>;

/** For each task (or agent) that needs itself through others, the shortest such ring, starting and ending with the task. */
export function cycles<Id extends string>(needs: Needs<Id>): Map<Id, Id[]> {
  const knot = untangle(needs);
  const rings = [...knot.keys()].map((id) => [id, ringOf(id, knot)] as const);
  return new Map(rings.flatMap(([id, ring]) => (ring === null ? [] : [[id, ring]])));
}

/** What is left when tasks that need nothing that is left are taken away again and again: usually nothing. */
function untangle<Id extends string>(needs: Needs<Id>): Needs<Id> {
  const open = new Map([...needs].map(([id, of]) => [id, of.filter((n) => needs.has(n)).length]));
  const edges = [...needs].flatMap(([id, of]) => of.map((need) => ({ id, need })));
  const dependents = Map.groupBy(edges, (edge) => edge.need);
  const free = [...open].flatMap(([id, count]) => (count === 0 ? [id] : []));
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    open.delete(id);
    for (const { id: dependent } of dependents.get(id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, left);
      if (left === 0) free.push(dependent);
    }
  }
  return new Map([...open.keys()].map((id) => [id, needs.get(id) ?? []]));
}

/** Breadth first from a task along its needs, until it comes back to itself. */
function ringOf<Id extends string>(start: Id, needs: Needs<Id>): Id[] | null {
  const reached = new Map<Id, Id>();
  const queue: Id[] = [start];
  for (const id of queue)
    for (const need of needs.get(id) ?? []) {
      if (need === start) return trail(start, id, reached);
      if (!needs.has(need) || reached.has(need)) continue;
      reached.set(need, id);
      queue.push(need);
    }
  return null;
}

function trail<Id extends string>(start: Id, last: Id, reached: ReadonlyMap<Id, Id>): Id[] {
  const back = [start];
  for (let id: Id | undefined = last; id !== undefined && id !== start; id = reached.get(id)) back.push(id);
  return [...back, start].toReversed();
}
