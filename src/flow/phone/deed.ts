import { dayIn } from "../../domain/time/day.ts";
import { Fault } from "../../domain/fault.ts";
import { fieldOf, subjectOf, titleOf } from "../../domain/text/field.ts";
import { instantOf, mintTaskId, type Instant, type Login, type Sha } from "../../domain/id.ts";
import { takenIds } from "../../domain/board/ids.ts";
import { untilOf } from "../../domain/control/until.ts";
import { agentNamed } from "../../domain/names.ts";
import { directivePath, lastDay } from "../../domain/board/new-directive.ts";
import { agentFor, taskBody } from "../../domain/board/new-task.ts";
import { ordered } from "../../domain/control/order.ts";
import type { Request } from "../../domain/phone/request.ts";
import type { Spoken } from "../../domain/phone/spoken.ts";
import type { Control, Verb } from "../../domain/record.ts";
import { taskPath } from "../../domain/board/slug.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { Priority } from "../../domain/board/task.ts";
import type { RefUpdate } from "../../port/repo.ts";
import { writeOne } from "../land.ts";
import { newFindings } from "../vet.ts";
import type { World } from "../world.ts";

/** What a person's word comes to, before anything is pushed. */
export interface Deed {
  controls: Control[];
  updates: RefUpdate[];
  /** What the person is told; null where a nod is enough. */
  answer: string | null;
  /** An agent may have something to do now. */
  ready: boolean;
}

/** Who said it, when, and under which pull. */
export interface Speaker {
  by: Login;
  at: Instant;
  /** What a verb without names is about; null under an issue, or where a pull has no task. */
  here: string | null;
}

type Verbal = Extract<Spoken, { kind: "verb" }>;
type Ordered = Extract<Spoken, { kind: "directive" }>;

const MOST = 500;

/** Controls as if the person had typed the command at the moment at which they wrote. A `Fault` where it cannot be done. */
export function verbDeed(snapshot: Snapshot, { verb, targets, to, until, why }: Verbal, who: Speaker): Deed {
  const named = targets.length > 0 ? targets : who.here === null ? [] : [who.here];
  if (named.length === 0)
    throw new Fault("usage", `${verb} needs to know what`, {
      expected: "an agent, a task or fleet behind it, or a comment on the pull that is meant",
    });
  const order = {
    verb,
    targets: named,
    who: who.by,
    why: why.slice(0, MOST),
    until: until === null ? null : untilOf(until, "until", snapshot.now),
    ...(to === null ? {} : { to }),
  };
  const controls = ordered(snapshot, order).map((c) => ({ ...c, at: earlier(who.at, snapshot.now) }));
  const answer = controls.length > 0 ? null : "There was nothing to change.";
  return { controls, updates: [], answer, ready: controls.length > 0 && BEGINS.includes(verb) };
}

/** Verbs after which somebody may work who could not before. */
const BEGINS: readonly Verb[] = ["resume", "unpark", "release", "reassign"];

/** A clock of the forge's that is ahead of ours orders nothing for times to come. */
const earlier = (at: Instant, now: Date): Instant => (Date.parse(at) < now.getTime() ? at : instantOf(now));

/** A task file on the base branch, as a commit of the person's. */
export async function taskDeed(
  world: World,
  snapshot: Snapshot,
  { agent, priority, title: typed, brief, done }: Request,
  { by }: Speaker,
): Promise<Deed> {
  const { fleet } = snapshot;
  const title = titleOf(typed);
  const id = mintTaskId(world.clock.chance, takenIds(fleet, snapshot));
  const fields = {
    id,
    title,
    status: "todo",
    agent: agentFor(fleet, agent ?? undefined, "@"),
    priority: priority === null ? undefined : fieldOf(Priority, "priority", priority.toLowerCase()),
    created_by: by,
  };
  const path = taskPath(id, title);
  const body = taskBody(title, { brief: brief === "" ? undefined : brief, done });
  const page = {
    path,
    text: world.records.compose(fields, body),
    subject: subjectOf(`Add task ${id}`, title),
  };
  const updates = await pageOn(world, snapshot, page, by);
  const answer = `${id} is on the board, for ${fields.agent}: \`${path}\``;
  return { controls: [], updates, answer, ready: true };
}

/** A standing order, likewise. */
export async function directiveDeed(
  world: World,
  snapshot: Snapshot,
  { scope, until, title: typed, body }: Ordered,
  { by }: Speaker,
): Promise<Deed> {
  const { fleet, now } = snapshot;
  const title = titleOf(typed);
  const path = directivePath(fleet, title);
  const fields = {
    title,
    scope: scope.length === 0 ? "all" : scope.map((name) => agentNamed(fleet, name)),
    expires: until === null ? undefined : lastDay(until, "until", dayIn(fleet.config.timezone, now)),
  };
  const text = world.records.compose(fields, `${body === "" ? title : body}\n`);
  const page = { path, text, subject: subjectOf("Add directive", title) };
  const updates = await pageOn(world, snapshot, page, by);
  return { controls: [], updates, answer: `It stands in \`${path}\``, ready: false };
}

/** One more file on the base branch, checked as `pullbeat check` would; nothing is pushed yet. */
async function pageOn(
  world: World,
  { base, branch, fleet: { config }, now }: Snapshot,
  { path, text, subject }: { path: string; text: string; subject: string },
  by: Login,
): Promise<RefUpdate[]> {
  const email = config.roster.find((p) => p.login === by)?.emails[0] ?? `${by}@users.noreply.github.com`;
  const to = await writeOne(world, {
    parents: [base],
    files: [{ path, content: text }],
    message: `${subject}\n`,
    who: { name: by, email },
    at: now,
  });
  await vetted(world, [base, to], path);
  return [{ ref: `refs/heads/${branch}`, from: base, to }];
}

async function vetted({ records }: World, [before, after]: [Sha, Sha], path: string): Promise<void> {
  newFindings(await records.fleet(before), await records.fleet(after), { path });
}
