import { flushCompileCache } from "node:module";
import { createInterface } from "node:readline";
import { plan } from "../../src/domain/plan/planner.ts";
import type { Claim } from "../../src/domain/snapshot.ts";
import { claim, readClaims } from "../../src/flow/beat/claim.ts";
import { openWorld } from "../../src/wire.ts";
import { snapshot } from "../domain/fleet.ts";

// A program that claims the same beat as all of its kind, each time it is told to:
//   node claimer.ts <clone>
// It says `ready`. To `claim` it answers with the objects of its claims by ref, or with `null` when it lost. Told to
// `look` before, it takes over what it saw then. It ends with its input.

const world = await openWorld({ dir: process.argv[2] ?? "", now: null, watch: () => {} });
const seen = snapshot({ tasks: { one: {} } });
const [planned] = plan(seen).beats;
if (planned === undefined) throw new Error("nothing is to be claimed");
// The next of us starts in half the time.
flushCompileCache();
process.stdout.write("ready\n");
let takes: Claim[] = [];
for await (const order of createInterface({ input: process.stdin })) {
  let claims: Claim[] | null = null;
  if (order === "look") takes = await readClaims(world.repo, await world.repo.fetch());
  else {
    claims = await claim(world, seen, { ...planned, takes });
    takes = [];
  }
  const held = claims && Object.fromEntries(claims.map((c) => [c.ref, c.id]));
  process.stdout.write(`${JSON.stringify(held)}\n`);
}
