import { Sha } from "../../src/domain/id.ts";
import type { World } from "../world.ts";

const who = { name: "pullbeat", email: "pullbeat@users.noreply.github.com" };

/** A new commit on a branch, made where there is none; its head. */
export async function push({ repo, clock }: World, branch: string, path: string): Promise<Sha> {
  const ref = `refs/heads/${branch}`;
  const refs = await repo.fetch();
  const from = refs.get(ref) ?? null;
  const parent = from ?? refs.get("refs/heads/main");
  const files = [{ path, content: `${path} after ${from ?? "nothing"}\n` }];
  const [to] = await repo.write([
    { parents: [Sha.parse(parent)], files, message: path, who, at: clock.now() },
  ]);
  if (to === undefined || !(await repo.push([{ ref, from, to }]))) throw new Error(`${ref} was not pushed`);
  return to;
}
