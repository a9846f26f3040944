import type { Said } from "../../domain/verdict/claims.ts";
import type { Sha } from "../../domain/id.ts";
import { requiredGates } from "../../domain/verdict/gates.ts";
import { isEffectPath, proposedIn } from "../../domain/board/effect.ts";
import type { Try } from "../../domain/plan/plan.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import { combine, type Verdict } from "../../domain/verdict/verdict.ts";
import { gatesFor } from "../../gate/asked.ts";
import { inconclusive, type GateInput } from "../../gate/gate.ts";
import { judge } from "../../gate/index.ts";
import type { Edits, Tree } from "../../port/engine.ts";
import { askedFor } from "../verdict/asked.ts";
import { collectEdits, sourcesOf, treeOf, withTexts } from "../verdict/collect.ts";
import type { World } from "../world.ts";

/** Where an attempt stands: what it reads and changes, and what its whole pull is measured from. */
export interface Stand {
  planned: Try;
  /** The tree below the new commit: the base, or the branch's head. */
  tree: Tree;
  /** The tree that the pull's diff starts from. */
  base: Tree;
  /** What earlier rounds on the branch changed. */
  earlier: Edits;
}

/** Reads the trees of a try. `known`: a tree that has been listed already. */
export async function standOn(
  world: Pick<World, "repo">,
  planned: Try,
  known: { commit: Sha; tree: Tree },
): Promise<Stand> {
  const { repo } = world;
  const treeAt = async (commit: Sha): Promise<Tree> =>
    commit === known.commit ? known.tree : treeOf(repo, await repo.entries(commit));
  const base = await treeAt(planned.base);
  if (planned.parent === planned.base) return { planned, tree: base, base, earlier: new Map() };
  const [raw = []] = await repo.diffs([{ from: planned.base, to: planned.parent }]);
  const tree = await treeAt(planned.parent);
  const earlier = new Map<string, Uint8Array | null>();
  for (const { path } of await withTexts(repo, raw)) earlier.set(path, await tree.read(path));
  return { planned, tree, base, earlier };
}

/** Who is judged, by the specs, tasks and config of which moment. */
export interface Defendant {
  fleet: Fleet;
  agent: string;
  kind: GateInput["kind"];
  /** What its agent said as it handed the work in. */
  said?: Said | null;
  /** The highest number that a pull has had, 0 for none; null where nobody can tell. */
  pulls: number | null;
  /** What sources are held against to see whether they moved; the fleet's own tree without it. */
  tip?: Tree;
}

/** Judges the whole change of a pull: earlier rounds and these edits together. */
export async function judgeEdits(
  world: Pick<World, "repo" | "records">,
  stand: Stand,
  edits: Edits,
  { fleet, agent: name, kind, said = null, pulls, tip = treeOf(world.repo, fleet.entries) }: Defendant,
): Promise<Verdict> {
  const agent = [...fleet.agents.values()].find((a) => a.spec.name === name);
  const task = fleet.tasks.get(stand.planned.task);
  if (agent === undefined || task === undefined)
    return combine([
      inconclusive("record", `the tip has no ${agent === undefined ? name : stand.planned.task} any more`),
    ]);
  const changes = await collectEdits(stand.base, new Map([...stand.earlier, ...edits]));
  const input: GateInput = {
    kind,
    agent,
    task,
    config: fleet.config,
    changes,
    entries: stand.base.entries,
    inspect: (path, text) => world.records.inspect(path, text),
    edit: (text, fields) => world.records.edit(text, fields),
    sources: sourcesOf(world, { base: stand.base, tip }),
    said,
    pulls,
  };
  return judge(input, gatesFor(await askedFor(world, fleet, { names: hereOf(input) })));
}

/** Gates that can judge before there is a pull: programs and graders are asked by settle, and CI runs on a head. */
function hereOf({ kind, config, task, agent, changes, sources }: GateInput): string[] {
  if (kind !== "work") return [];
  const effects = changes
    .filter((c) => isEffectPath(c.path))
    .flatMap((c) => proposedIn(c, sources.front(c.after ?? ""))?.effect.effect ?? []);
  const facts = {
    taskKind: task.task.kind ?? null,
    paths: changes.map((c) => c.path),
    effects,
    spec: agent.spec.gates,
  };
  return requiredGates(config, facts).filter(
    (name) => !Object.hasOwn(config.gates, name) || config.gates[name]?.kind === "schema",
  );
}
