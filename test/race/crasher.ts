import { Login } from "../../src/domain/id.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import type { Repo } from "../../src/port/repo.ts";
import { openWorld } from "../../src/wire.ts";
import { Orders, type Written } from "./orders.ts";
import { person, played } from "./player.ts";

// A program that plays hours of a fleet's life in a clone, and kills itself where it is told to:
//   node crasher.ts <clone> '{"hours": ["2026-11-22T07:00:00Z"], "kill": {"when": "before push", "nth": 3}}'
// An hour is a tick, then a person who looks at every pull, then a settle. Only tick and settle are counted.

const [, , dir = "", text = ""] = process.argv;
const { hours, kill } = Orders.parse(JSON.parse(text));
const seen = { "after any": 0, "before push": 0 };
let counted: Written[number] | null = null;

function moment(when: keyof typeof seen): void {
  if (counted !== null && ++seen[when] === kill?.nth && kill.when === when)
    process.kill(process.pid, "SIGKILL");
}

/** Changes the repo where it stands: the forge holds the same one. */
function watchWrites(repo: Repo): void {
  const real = { ...repo };
  repo.write = async (drafts) => {
    const ids = await real.write(drafts);
    counted?.push("write");
    moment("after any");
    return ids;
  };
  repo.push = async (updates) => {
    moment("before push");
    const moved = await real.push(updates);
    counted?.push("push");
    moment("after any");
    return moved;
  };
}

async function hour(now: string): Promise<Written[number]> {
  const own: Written[number] = [];
  const world = { ...(await openWorld({ dir, now: new Date(now), watch: () => {} })), engine: () => played };
  watchWrites(world.repo);
  counted = own;
  await tick(world);
  counted = null;
  await person(world, Login.parse("ann"));
  counted = own;
  await settle(world);
  counted = null;
  return own;
}

const written: Written = [];
for (const now of hours) written.push(await hour(now));
process.stdout.write(JSON.stringify(written));
