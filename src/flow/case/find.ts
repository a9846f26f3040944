import { madeIn, repliesOf } from "../../domain/case/heard.ts";
import { momentOf, type Moment } from "../../domain/case/moment.ts";
import type { Replies } from "../../domain/case/replies.ts";
import { Fault } from "../../domain/fault.ts";
import type { TaskId } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { EndedPull } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { linesIn } from "../../domain/prompt/transcript.ts";
import { recordedOn, type Recorded } from "../beat/draft.ts";
import { transcriptsOf } from "../transcripts.ts";
import type { World } from "../world.ts";

/** What a person wants to keep of a pull. */
export interface Wish {
  pull: Pull | EndedPull;
  /** What must stay right, instead of what was wrong. */
  good: boolean;
  /** What a person says of it now. */
  told: { by: string; why: string } | null;
  lacks: readonly string[];
  says: readonly string[];
}

/** The attempts that made a pull; a `Fault` for pulls that no model worked. */
export function workOn(snapshot: Snapshot, { kind, number, branch }: Wish["pull"]): Recorded[] {
  if (kind !== "work")
    throw new Fault("refused", `pull ${number} is no agent's work, so nothing of it can be played`, {
      expected: "a pull that carries work; a question's case would need its answer",
    });
  const recorded = recordedOn(snapshot, { branch });
  if (recorded.length > 0) return recorded;
  throw new Fault("not-found", `the journal that was read does not tell who made pull ${number}`, {
    expected: `a pull of the time since ${snapshot.journal.from.toISOString().slice(0, 10)}`,
  });
}

/** What went wrong on a pull; a `Fault` where nobody says so. */
export function wrongMoment(
  recorded: readonly Recorded[],
  { fleet }: Snapshot,
  { pull, told }: Wish,
): Moment {
  const attempts = recorded.map((r) => r.attempt);
  const moment = momentOf({ ...pull, attempts }, { config: fleet.config, told });
  if (moment !== null) return moment;
  throw new Fault("refused", `nobody turned pull ${pull.number} down, and no gate sent its work back`, {
    expected: "a pull that was closed, that changes were asked of, or that a gate sent back",
    next: `say what is wrong with it: pullbeat case add ${pull.number} --why "...", or keep what is right: --good`,
  });
}

/** What was right about a pull: all of it, as it was merged. */
export function goodMoment(recorded: readonly Recorded[], { pull, told }: Wish): Moment {
  if (pull.state !== "merged")
    throw new Fault("refused", `pull ${pull.number} is not merged, so nobody said yet that it is right`, {
      expected: "a merged pull",
    });
  const by = told?.by ?? pull.ended?.by ?? "a person";
  return { round: recorded.length, hand: "last", by, words: told?.why ?? "It was merged." };
}

/** What a model said, round by round, and the ids of the tasks that it made. */
export interface Heard {
  replies: Replies;
  made: TaskId[];
}

/** What the model said in each round. */
export async function heardIn(world: World, recorded: readonly Recorded[]): Promise<Heard> {
  const replies: Replies[number][] = [];
  const made: TaskId[] = [];
  for (const { attempt, record } of recorded) {
    const lines = linesIn(await transcriptOf(world, { attempt, record }));
    replies.push(repliesOf(lines));
    made.push(...madeIn(lines));
  }
  return { replies, made };
}

async function transcriptOf(world: World, { attempt, record }: Recorded): Promise<string> {
  const { transcript, engine, unit } = attempt;
  const which = `attempt ${attempt.attempt} at ${unit}`;
  if (transcript === null)
    throw new Fault("refused", `there is no transcript of ${which}`, {
      expected:
        engine.kind === "command"
          ? "the work of a model: a program has tests of its own"
          : "a conversation that was kept; one in which something looks like a credential is not",
    });
  const text = (await transcriptsOf(world, record)).get(transcript);
  if (text !== undefined) return text;
  throw new Fault("not-found", `the transcript of ${which} has expired`, {
    expected: `${transcript}.jsonl on refs/pullbeat/transcripts/${record.now.slice(0, 7)}`,
    next: "nothing brings it back; the next pull that goes wrong can become a case",
  });
}
