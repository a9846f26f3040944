import { availableParallelism } from "node:os";

/** Does something with each, a few at a time; the results in order. */
export async function sideBySide<T, R>(of: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results = new Map<T, R>();
  const queue = [...of];
  const worker = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) results.set(one, await each(one));
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
  return of.flatMap((one) => results.get(one) ?? []);
}
