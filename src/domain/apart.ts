import { Fault } from "./fault.ts";

/**
 * Reads many objects in one question to git. Where git says that one of them is not what it should be, each is read by
 * itself, and those that cannot be read are left out: one bad ref hides only itself.
 */
export async function readable<K, V>(
  ids: readonly K[],
  read: (ids: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): Promise<ReadonlyMap<K, V>> {
  try {
    return await read(ids);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "git") throw error;
    if (ids.length < 2) return new Map();
    const apart = new Map<K, V>();
    for (const id of ids) for (const [key, value] of await readable([id], read)) apart.set(key, value);
    return apart;
  }
}
