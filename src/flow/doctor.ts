import { WORKFLOWS } from "../domain/actions/files.ts";
import {
  neededOn,
  sourceAt,
  ticksOnActions,
  workflowFindings,
  type Needed,
  type Workflows,
} from "../domain/doctor/actions.ts";
import type { Diagnosis, FleetFacts, Trouble } from "../domain/doctor/facts.ts";
import { githubFindings } from "../domain/doctor/github.ts";
import { fleetFindings, groundFindings } from "../domain/doctor/local.ts";
import { LOCAL } from "../domain/doctor/local-words.ts";
import { Fault } from "../domain/fault.ts";
import type { AgentName, Sha } from "../domain/id.ts";
import { JOURNAL } from "../domain/record.ts";
import { repositoryOf } from "../domain/repository.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import { textOf } from "../domain/text/text.ts";
import type { Checkup } from "../port/checkup.ts";
import type { Records } from "../port/records.ts";
import type { Refs, Repo } from "../port/repo.ts";
import { agesOf } from "./ages.ts";
import { treeOf } from "./verdict/collect.ts";

/** What is set up wrong, in the order to mend it. What rests on something that does not stand is not asked for. */
export async function examine(checkup: Checkup): Promise<Diagnosis[]> {
  const ground = await met(() => checkup.ground());
  if ("trouble" in ground) return [LOCAL.trouble(ground.trouble)];
  const first = groundFindings(ground.value);
  const { origin, base } = ground.value;
  if (origin === null || base === null) return first;
  const tip = await met(() => readTip(checkup));
  if ("trouble" in tip) return [...first, LOCAL.tip(tip.trouble)];
  const { snapshot, repo, inTheWay } = tip.value;
  const { fleet, now } = snapshot;
  const oldSchemas = await schemasOf(checkup, fleet, repo);
  const workflows = await workflowsOf(fleet, repo);
  const local = fleetFindings({ snapshot, oldSchemas, inTheWay, workflows });
  return [
    ...first,
    ...(await forgeFindings(checkup, snapshot, { origin, workflows })),
    ...workflowFindings(fleet, workflows, now),
    ...local,
  ];
}

/** A `Fault` is what somebody came to the doctor with. */
async function met<T>(deed: () => Promise<T>): Promise<{ value: T } | { trouble: Trouble }> {
  try {
    return { value: await deed() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { message, where, expected, next } = error;
    const what = where === undefined ? message : `${where}: ${message}`;
    return { trouble: { what, next: next ?? (expected === undefined ? null : `expected: ${expected}`) } };
  }
}

interface Tip extends Pick<FleetFacts, "snapshot" | "inTheWay"> {
  repo: Repo;
}

/** All that a tick would read but the pulls: a forge that is set up wrong must not keep the rest from being seen. */
async function readTip(checkup: Checkup): Promise<Tip> {
  const { clock, version } = checkup;
  const { repo, records } = await checkup.open();
  const now = clock.now();
  const branch = await repo.defaultBranch();
  const refs = await repo.fetch();
  const base = baseOf(refs, branch);
  const fleet = await records.fleet(base);
  const journal = await readJournal(records, refs, now);
  const { since, newest } = await agesOf({ repo, records }, { base, fleet, journal, now });
  const rest = {
    chain: 0,
    claims: [],
    branches: [],
    pulls: [],
    fences: new Map(),
    changes: new Map(),
    effects: new Map(),
  };
  const unable = unableOf(checkup, repo, fleet);
  const snapshot = { ...rest, now, pullbeat: version, branch, base, fleet, journal, since, newest, unable };
  const inTheWay = [...refs.keys()].filter((ref) => ref.startsWith(`${JOURNAL}/`));
  return { snapshot, repo, inTheWay: inTheWay.map((ref) => ref.slice("refs/heads/".length)) };
}

function baseOf(refs: Refs, branch: string): Sha {
  const base = refs.get(`refs/heads/${branch}`);
  if (base !== undefined) return base;
  throw new Fault("git", `the remote has no branch ${branch}`, { next: `git push -u origin ${branch}` });
}

const readJournal = (records: Records, refs: Refs, now: Date): Promise<Snapshot["journal"]> =>
  records.journal(refs.get(JOURNAL) ?? null, now);

/** Every active agent's engine is asked, whether its agent is due or not. */
function unableOf(checkup: Checkup, repo: Repo, { agents, config, entries }: Fleet): Map<AgentName, string> {
  const tip = treeOf(repo, entries);
  const active = [...agents.values()].filter((a) => a.spec.status === "active");
  return new Map(
    active.flatMap((agent) => {
      const why = checkup.engine(agent, config, tip).unable?.();
      return typeof why === "string" ? [[agent.spec.name, why] as const] : [];
    }),
  );
}

/** Schema files that `init` wrote and that another pullbeat would write otherwise; who deleted them wants none. */
async function schemasOf(checkup: Checkup, { entries }: Fleet, repo: Repo): Promise<string[]> {
  const shipped = await checkup.schemas();
  const there = entries.filter((e) => shipped.has(e.path) && e.mode.startsWith("100"));
  const blobs = await repo.blobs(there.map((e) => e.blob));
  return there
    .filter((e) => textOf(blobs.get(e.blob) ?? new Uint8Array()) !== shipped.get(e.path))
    .map((e) => e.path);
}

/** A config with which no workflow can be made needs nothing yet; why it cannot is a finding of its own. */
function needed(fleet: Fleet): Needed {
  try {
    return neededOn(fleet);
  } catch (error) {
    if (error instanceof Fault) return { secrets: new Map(), variables: new Map() };
    throw error;
  }
}

/** The workflows that lie at the tip. */
async function workflowsOf({ entries }: Fleet, repo: Repo): Promise<Workflows> {
  const there = entries.filter((e) => WORKFLOWS.includes(e.path));
  const blobs = await repo.blobs(there.filter((e) => e.mode.startsWith("100")).map((e) => e.blob));
  return new Map(there.map((e) => [e.path, textOf(blobs.get(e.blob) ?? new Uint8Array([0]))]));
}

async function forgeFindings(
  checkup: Checkup,
  snapshot: Snapshot,
  { origin, workflows }: { origin: string; workflows: Workflows },
): Promise<Diagnosis[]> {
  const { branch } = snapshot;
  const { forge, roster } = snapshot.fleet.config;
  switch (forge.kind) {
    case "local":
      return [];
    case "github": {
      const asked = await met(async () => {
        const repository = repositoryOf(forge.repository, origin);
        const own = sourceAt(workflows)?.kind === "own";
        const actions = ticksOnActions(workflows) ? { own } : null;
        return checkup.github({ config: forge, repository, branch, actions });
      });
      if ("trouble" in asked) return [LOCAL.tip(asked.trouble)];
      const people = roster.map((p) => p.login);
      return githubFindings(asked.value, people, needed(snapshot.fleet));
    }
    default:
      return forge satisfies never;
  }
}
