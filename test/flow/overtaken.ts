import type { World } from "../../src/flow/world.ts";

/** The same fleet, but something happens between deciding and the first push. */
export function overtaken(flow: World, meanwhile: () => Promise<unknown>): World {
  let first = true;
  const push: World["repo"]["push"] = async (updates) => {
    if (first) {
      first = false;
      await meanwhile();
    }
    return flow.repo.push(updates);
  };
  return { ...flow, repo: { ...flow.repo, push } };
}
