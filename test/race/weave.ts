import { settle } from "../../src/flow/settle/settle.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import { Login, Sha, type PullNumber } from "../../src/domain/id.ts";
import {
  CONFIG as FULL,
  doneText,
  settleBench,
  taskPath,
  taskText,
  type Bench,
} from "../flow/settle-bench.ts";
import { testClock } from "../clock.ts";

// Orders of acts around a pull, on real git: the sample beside the model in test/domain/interleavings.test.ts, which is
// exhaustive. Two ticks decide and push later; between, people push, approve, retarget, and change the policy.

/** What somebody really looked at. */
interface Look {
  who: string;
  head: string;
  base: string;
}

/** A merge on the base branch that does not hold, and why. */
export interface Breach {
  merge: string;
  why: string;
  acts: string;
}

/** A settle that stops before its first push until it is told to go on. */
interface Tick {
  begin: () => Promise<void>;
  end: () => Promise<void>;
  isUnderWay: () => boolean;
}

function tickOf(flow: FlowWorld): Tick {
  let running: Promise<unknown> | null = null;
  let go: () => void = () => {};
  return {
    isUnderWay: () => running !== null,
    async begin() {
      const stopped = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      go = gate.resolve;
      const push: FlowWorld["repo"]["push"] = async (updates) => {
        stopped.resolve();
        await gate.promise;
        return flow.repo.push(updates);
      };
      running = settle({ ...flow, repo: { ...flow.repo, push } });
      await Promise.race([running, stopped.promise]);
    },
    async end() {
      go();
      await running;
      running = null;
    },
  };
}

/** No archive comes in between. */
const CONFIG = FULL.replace("archive: 3", "archive: 500");
const people = ["ann", "bob"];
const policies = [CONFIG, `${CONFIG}policy: { default: dual }\n`];

/** Everything that happens to one pull, by name. */
type Acts = Readonly<Record<string, () => Promise<unknown>>>;

interface Loom {
  bench: Bench;
  ticks: readonly Tick[];
  /** A third machine, which settles in one go. */
  third: FlowWorld;
  looks: Look[];
  policy: { now: number };
  /** An older commit, for a pull to point at. */
  decoy: Sha;
}

/** Plays so many orders of up to six acts; what of them merged, and which merges do not hold. */
export async function weave(orders: number, seed: number): Promise<{ merged: number; breaches: Breach[] }> {
  const ids = Array.from({ length: orders }, (_, i) => `page-${i}`);
  const tasks = Object.fromEntries(ids.map((id) => [taskPath(id), taskText(id)]));
  const bench = await settleBench({ ...tasks, ".github/pullbeat.yml": CONFIG });
  const decoy = Sha.parse(await tipOf(bench));
  await bench.world.commit({ "notes.md": "by hand\n" });
  const loom: Loom = {
    bench,
    decoy,
    ticks: [tickOf(await bench.another()), tickOf(await bench.another())],
    third: bench.flow,
    looks: [],
    policy: { now: 0 },
  };
  const { chance } = testClock(undefined, seed);
  const breaches: Breach[] = [];
  let merged = 0;
  for (const id of ids) {
    const before = await tipOf(bench);
    const acts = await playOne(loom, id, chance);
    const merges = await mergesSince(bench, before);
    merged += merges.length;
    for (const merge of merges) {
      const why = await wrongWith(loom, merge);
      if (why !== null) breaches.push({ merge, why, acts });
    }
  }
  return { merged, breaches };
}

async function playOne(loom: Loom, id: string, chance: (below: number) => number): Promise<string> {
  const { bench, ticks, third } = loom;
  const number = await bench.propose({ id });
  const acts = actsOn(loom, id, number);
  const names = Object.keys(acts);
  // Somebody looks at it first: else most orders end where they begin.
  const order = ["approve", ...Array.from({ length: 5 }, () => names[chance(names.length)] ?? "settle")];
  for (const name of order) {
    bench.world.clock.pass(1);
    await acts[name]?.();
  }
  for (const tick of ticks) if (tick.isUnderWay()) await tick.end();
  await settle(third);
  const [left] = (await bench.pulls()).filter((p) => p.number === number && p.state === "open");
  if (left !== undefined)
    await bench.flow.forge.close(number, Login.parse("ann"), "enough", bench.world.clock.now());
  await settle(third);
  return order.join(", ");
}

function actsOn({ bench, ticks, third, looks, policy, decoy }: Loom, id: string, number: PullNumber): Acts {
  const { world, flow } = bench;
  const own = async () => (await bench.pulls()).find((p) => p.number === number && p.state === "open");
  const toggle = async (tick: Tick | undefined): Promise<unknown> =>
    tick?.isUnderWay() === true ? tick.end() : tick?.begin();
  let pushes = 0;
  /** Where it does not point. */
  let other = decoy;
  return {
    "tick a": () => toggle(ticks[0]),
    "tick b": () => toggle(ticks[1]),
    settle: () => settle(third),
    async approve() {
      const pull = await own();
      if (pull?.head == null) return;
      const { head, base } = pull;
      const who = people.find((w) => !looks.some((l) => l.who === w && l.head === head && l.base === base));
      if (who === undefined) return;
      // Somebody may push between looking and saying so: then it is refused.
      const said = { verdict: "approve" as const, body: "", at: world.clock.now(), head };
      await flow.forge.review(number, Login.parse(who), said);
      looks.push({ who, head, base });
    },
    async push() {
      const pull = await own();
      if (pull?.head == null) return;
      const files = [
        { path: taskPath(id), content: doneText(id) },
        { path: `reports/${id}.md`, content: `Version ${++pushes}.\n` },
      ];
      const who = { name: "Bob", email: "bob@example.com" };
      const draft = { parents: [pull.head], files, message: "mine", who, at: world.clock.now() };
      const [to] = await flow.repo.write([draft]);
      if (to !== undefined) await flow.repo.push([{ ref: `refs/heads/${pull.branch}`, from: pull.head, to }]);
    },
    async retarget() {
      const pull = await own();
      if (pull === undefined) return;
      await pointAt(bench, number, other);
      other = pull.base;
    },
    async policy() {
      policy.now = 1 - policy.now;
      await world.commit({ ".github/pullbeat.yml": policies[policy.now] ?? CONFIG });
    },
  };
}

/** Points a pull at another base. */
async function pointAt({ world, flow }: Bench, number: PullNumber, base: Sha): Promise<void> {
  const ref = `refs/pullbeat/pulls/${number}`;
  const from = (await flow.repo.fetch()).get(ref);
  const text = await world.file("pull.json", ref);
  if (from === undefined || text === null) return;
  const opened: Record<string, unknown> = JSON.parse(text);
  const files = [{ path: "pull.json", content: JSON.stringify({ ...opened, base }) }];
  const who = { name: "ann", email: "ann@example.com" };
  const draft = { parents: [from], files, message: "elsewhere", who, at: world.clock.now() };
  const [to] = await flow.repo.write([draft]);
  if (to !== undefined) await flow.repo.push([{ ref, from, to }]);
}

const tipOf = async ({ world }: Bench): Promise<string> => (await world.far("rev-parse", "main")).trim();

async function mergesSince({ world }: Bench, before: string): Promise<string[]> {
  const said = await world.far("rev-list", "--first-parent", "--min-parents=2", `${before}..main`);
  return said.split("\n").filter((line) => line !== "");
}

/** What git itself and those who looked say against a merge; null when it holds. */
async function wrongWith({ bench: { world }, looks }: Loom, merge: string): Promise<string | null> {
  const line = (await world.far("rev-list", "--parents", "-1", merge)).trim();
  const [, base = "", head = "", ...more] = line.split(" ");
  if (more.length > 0) return "it has more than two parents";
  const tree = (await world.far("rev-parse", `${merge}^{tree}`)).trim();
  if ((await world.far("merge-tree", "--write-tree", base, head)).trim() !== tree)
    return "it is not the mechanical merge of its parents";
  const from = (await world.far("merge-base", base, head)).trim();
  const policy = await world.file(".github/pullbeat.yml", base);
  const needed = policy === CONFIG ? 1 : 2;
  const seen = new Set(looks.filter((l) => l.head === head && l.base === from).map((l) => l.who));
  return seen.size >= needed ? null : `${seen.size} looked at it, and the policy below it asks for ${needed}`;
}
