import { Case, caseId, casePath, repliesPath, type Case as CaseFacts } from "../../domain/case/case.ts";
import type { Moment } from "../../domain/case/moment.ts";
import { saysIn } from "../../domain/case/outcome.ts";
import { MOST_BYTES, writeReplies, type Replies } from "../../domain/case/replies.ts";
import { caseBody } from "../../domain/case/words.ts";
import type { TextChange } from "../../domain/change.ts";
import { Fault } from "../../domain/fault.ts";
import type { Sha, TaskId } from "../../domain/id.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { bytesOf } from "../../domain/text/text.ts";
import { problems, type Verdict } from "../../domain/verdict/verdict.ts";
import { discreet, discreetVerdict, holdsSecret } from "../beat/discreet.ts";
import { withTexts } from "../verdict/collect.ts";
import type { Recorded } from "../beat/draft.ts";
import { known } from "../verdict/past.ts";
import type { World } from "../world.ts";
import { goodMoment, heardIn, workOn, wrongMoment, type Heard, type Wish } from "./find.ts";
import { changesOf, judgeIn, printOf, replay, type HandIn } from "./play.ts";
import { sceneOf, type Scene } from "./scene.ts";

/** A case that is ready to be written. */
export interface Made {
  case: CaseFacts;
  path: string;
  text: string;
  replies: { path: string; text: string };
  /** What today's gates say of it. */
  verdict: Verdict;
}

/** Makes a case of a pull: its replies are played again, and must come to the very same proposal. A `Fault` says why there can be none. */
export async function makeCase(world: World, snapshot: Snapshot, wish: Wish): Promise<Made> {
  const recorded = workOn(snapshot, wish.pull);
  const moment = wish.good ? goodMoment(recorded, wish) : wrongMoment(recorded, snapshot, wish);
  const heard = await heardIn(world, recorded.slice(0, moment.round));
  const first = recorded[0];
  const at = recorded[moment.round - 1];
  const base = first?.attempt.proposal?.base;
  if (first === undefined || at === undefined || base === undefined)
    throw new Fault("broken", "a pull's work is in no record");
  const { unit, task } = first.attempt;
  const now = first.record.now;
  const pull = wish.pull.number;
  const pinned = { agent: at.record.agent, pull, task, unit, base, spec: at.record.spec, now };
  const scene = await sceneOf(world, pinned);
  if (typeof scene === "string") throw new Fault("refused", `there can be no case of it: ${scene}`);
  const { played, handed } = await handedIn(world, scene, { heard, moment });
  const changes = await changesOf(scene, handed.edits);
  await compare(world, scene, { moment, handed: changes, recorded: at });
  const verdict = await discreetVerdict(
    await judgeIn(world, scene, { against: snapshot.fleet, edits: handed.edits, said: handed.said }),
  );
  const file = factsOf(wish, { pinned, changes, verdict, made: heard.made });
  return written(world, { file, moment, verdict, replies: played });
}

/** The work that the case is about, and the replies up to it. */
async function handedIn(
  world: World,
  scene: Scene,
  { heard, moment }: { heard: Heard; moment: Moment },
): Promise<{ played: Replies; handed: HandIn }> {
  const rounds = await replay(world, scene, heard);
  const all = rounds.at(-1) ?? [];
  const handed = moment.hand === "first" ? all[0] : all.at(-1);
  if (handed === undefined)
    throw new Fault("refused", "played again, its replies hand nothing in", {
      expected: "tools that do today what they did then",
    });
  const last = (heard.replies.at(-1) ?? []).slice(0, handed.replies);
  return { played: [...heard.replies.slice(0, -1), last], handed };
}

/** What was played must be what was proposed, as far as git still has that. */
async function compare(
  { repo }: World,
  scene: Scene,
  {
    moment,
    handed,
    recorded: { attempt },
  }: { moment: Moment; handed: readonly TextChange[]; recorded: Recorded },
): Promise<void> {
  const { proposal } = attempt;
  if (moment.hand === "first" || proposal === null) return;
  const [raw] = (await known(() => repo.diffs([{ from: scene.base, to: proposal.head }]))) ?? [];
  if (raw === undefined) return;
  const then = (await withTexts(repo, raw)).filter((c) => c.path !== scene.task.path);
  if (printOf(then) === printOf(handed)) return;
  throw new Fault("refused", "played again, its replies make something else than the pull holds", {
    expected: `the files of ${shortOf(proposal.head)}: ${then.map((c) => c.path).join(", ")}`,
    next: "somebody else may have committed to its branch, or a tool has changed since",
  });
}

const shortOf = (id: Sha): string => id.slice(0, 10);

interface Found {
  pinned: Pick<CaseFacts, "agent" | "pull" | "task" | "unit" | "base" | "spec" | "now">;
  changes: readonly TextChange[];
  verdict: Verdict;
  made: readonly TaskId[];
}

/** The front matter, through the same door as when it is read again. */
function factsOf(wish: Wish, { pinned, changes, verdict, made }: Found): CaseFacts {
  const { pull, good, lacks, says } = wish;
  const words = good ? says : lacks;
  const silent = words.filter((text) => !saysIn(changes, [text]).includes(text));
  if (silent.length > 0)
    throw new Fault("usage", `what it made does not say ${JSON.stringify(silent[0])}`, {
      expected: "words as they stand in one of its files",
      next: `pullbeat pull diff ${pull.number}`,
    });
  if (good && verdict.ruling !== "pass")
    throw new Fault("refused", `today's gates do not let it pass: ${problems(verdict)[0] ?? "no gate ran"}`, {
      expected: "work that is still right",
    });
  const makes = changes.filter((c) => c.after !== null || c.binary).map((c) => c.path);
  const failing = verdict.gates.filter((g) => g.ruling === "fail").map((g) => g.gate);
  const read = Case.safeParse({
    case: caseId({ task: pinned.task, pull: pull.number, good }),
    kind: good ? "good" : "wrong",
    ...pinned,
    makes_sha256: printOf(changes),
    made,
    ...(good ? { makes: makes.filter((p) => !p.startsWith("board/")), says } : { caught_by: failing, lacks }),
  });
  if (read.success) return read.data;
  throw new Fault(
    "refused",
    `it makes no case: ${read.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; ")}`,
    {
      expected: good ? "work that made a file" : "words on one line",
    },
  );
}

async function written(
  world: World,
  {
    file,
    moment,
    verdict,
    replies: played,
  }: { file: CaseFacts; moment: Moment; verdict: Verdict; replies: Replies },
): Promise<Made> {
  const path = casePath(file.agent, file.case);
  const replies = { path: repliesPath(path), text: writeReplies(played, file.unit) };
  if (await holdsSecret(replies.text))
    throw new Fault(
      "refused",
      "what the model said holds what looks like a credential: it is not written down",
      {
        expected: "replies that everybody may read",
      },
    );
  if (bytesOf(replies.text) > MOST_BYTES)
    throw new Fault("refused", `what the model said is larger than ${MOST_BYTES / 1024} KB`, {
      expected: "a shorter conversation",
    });
  const body = caseBody(file, {
    by: moment.by,
    words: await discreet(moment.words),
    verdict,
    replies: replies.path,
  });
  return { case: file, path, text: world.records.compose(file, body), replies, verdict };
}
