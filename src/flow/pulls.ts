import { boardView } from "../domain/board/board.ts";
import type { AgentName, PullNumber, TaskId } from "../domain/id.ts";
import type { Tier } from "../domain/clearance/policy.ts";
import { inItsWay } from "../domain/pull/present.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import { PERSON } from "../domain/board/standing.ts";
import { draftFor } from "./beat/draft.ts";
import type { Published } from "./beat/publish.ts";
import { firstShowing } from "./show.ts";
import { weigh, type Weighed } from "./verdict/weigh.ts";
import type { World } from "./world.ts";

/** Opens or updates the pulls of beats that have landed; numbers by head branch. */
export async function openPulls(
  world: World,
  fleet: Fleet,
  published: readonly Published[],
): Promise<Map<string, PullNumber>> {
  const numbers = new Map<string, PullNumber>();
  for (const { fate, record } of published) {
    if (fate !== "landed") continue;
    for (const attempt of record.attempts) {
      const draft = await draftFor(world, fleet, { record, attempt });
      const shown = firstShowing(fleet, { record, attempt });
      if (draft !== null) numbers.set(draft.branch, await world.forge.open(draft, shown));
    }
  }
  return numbers;
}

/** One pull as `pull list --json` tells it. */
export interface PullRow {
  number: PullNumber;
  title: string;
  task: TaskId | null;
  agent: AgentName | null;
  branch: string;
  head: string | null;
  /** When it was opened. */
  created: string;
  /** What its task's state is called: `waiting`, `asked`, `changes-requested`, `in-review` … */
  state: string;
  /** Who acts next: `you`, an agent's name, or `pullbeat`. */
  waiting: string;
  reason: string;
}

/** The same with what the policy says of it. */
export interface WeighedRow extends PullRow {
  /** Null for a pull of which nobody can tell any more: it ended, or its branch is gone. */
  tier: Tier | null;
}

/**
 * Every pull that is not settled, or only one of them: its tier, and whose turn it is by what gates and people said so
 * far.
 */
export async function weighedRows(
  world: World,
  snapshot: Snapshot,
  only?: PullNumber,
): Promise<WeighedRow[]> {
  const rows = new Map(pullRows(snapshot).map((r) => [r.number, r]));
  const weighed: WeighedRow[] = [];
  for (const pull of snapshot.pulls) {
    const row = rows.get(pull.number);
    if (row === undefined || (only !== undefined && only !== pull.number)) continue;
    if (pull.state !== "open" || pull.head === null) weighed.push({ ...row, tier: null });
    else weighed.push(turned(row, await weigh(world, snapshot, pull)));
  }
  return weighed;
}

/** States in which the board cannot tell whose turn it is: it does not see what gates and tiers ask for. */
const UNDECIDED: ReadonlySet<string> = new Set(["waiting", "in-review", "asked"]);

/** Whose turn it is, where the decision knows better than the board. The state stays the board's own. */
function turned(row: PullRow, weighed: Weighed): WeighedRow {
  const { decision } = weighed;
  const { tier } = decision;
  if (decision.kind === "merge")
    return { ...row, tier, waiting: "pullbeat", reason: "settle merges it next" };
  if (!UNDECIDED.has(row.state)) return { ...row, tier };
  if (decision.kind === "blocked" && row.state !== "in-review") return { ...row, tier };
  return isGates(weighed)
    ? { ...row, tier, waiting: "pullbeat", reason: gatesSay(weighed) }
    : { ...row, tier, waiting: "you", reason: decision.reasons.join("; ") };
}

/** Nothing but gates is in the way, which are one reason together: settle asks them again, whoever had to decide did. */
const isGates = ({ verdict, decision }: Weighed): boolean =>
  verdict.ruling !== "pass" && decision.kind !== "merge" && decision.reasons.length === 1;

const gatesSay = ({ verdict }: Weighed): string =>
  inItsWay(verdict.gates)
    .map((g) => `${g.gate}: ${g.sentence}`)
    .join("; ");

/** Every pull that is not settled, and whose turn it is. */
export function pullRows(snapshot: Snapshot): PullRow[] {
  const views = new Map(boardView(snapshot).map((v) => [v.unit, v]));
  return snapshot.pulls.map((pull) => {
    const view = pull.unit === null ? undefined : views.get(pull.unit);
    const acts = view?.acts ?? PERSON;
    return {
      number: pull.number,
      title: pull.title,
      task: pull.task,
      agent: pull.agent,
      branch: pull.branch,
      head: pull.head,
      created: pull.created,
      state: view?.state ?? "waiting",
      waiting: acts === PERSON ? "you" : acts,
      reason: view?.reason ?? "waits for a review, a merge or a close",
    };
  });
}
