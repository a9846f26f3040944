import { Fault } from "../domain/fault.ts";
import { mendable, problems, type Verdict } from "../domain/verdict/verdict.ts";
import { bytesOf } from "../domain/text/text.ts";
import type { Opening } from "../domain/prompt/transcript.ts";
import type { End, Engine, Job, Work } from "../port/engine.ts";
import type { Model, Reply } from "../port/model.ts";
import type { OpenDesk, Toolbox } from "../port/tool.ts";
import { answer, type Answer, type Hands } from "./call.ts";
import { echo, type ReadCall } from "./echo.ts";
import { failed, refused, startMeter, type Meter } from "./meter.ts";
import { startRoom, type Room } from "./room.ts";
import { watchForStalls, type StallWatch } from "./stall.ts";
import { openTalk, type Talk } from "./talk.ts";

/** How often work is handed back to be mended. */
const HANDED_BACK = 3;

export interface LoopParts {
  /** The model for a job; a script needs to know which attempt it plays. */
  model(job: Job): Model | Promise<Model>;
  /** Why there is no model to be had; null when there is one. */
  unable?: () => string | null;
  toolbox: Toolbox;
  /** pullbeat's version, for the transcript. */
  pullbeat: string;
}

/** One attempt under way, and everything that may end it. */
interface Conversation {
  job: Job;
  model: Model;
  desk: OpenDesk;
  hands: Hands;
  talk: Talk;
  meter: Meter;
  feedback: string[];
  handedBack: number;
  stalls: StallWatch;
  room: Room;
}

/** The engine that lets a model work with tools: ask, run the calls, answer, until it finishes or a limit is reached. */
export const loopEngine = (parts: LoopParts): Engine => ({
  unable: () => parts.unable?.() ?? null,
  async work(job) {
    const conversation = open(parts, job, await modelFor(parts, job));
    const { model, hands } = conversation;
    const { name, scripted } = model;
    job.watch({ kind: "opens", model: name, scripted, messages: job.prompt, tools: hands.offered });
    let end: End | null = null;
    while (end === null) end = await step(conversation);
    return workOf(conversation, end);
  },
});

/** A model that cannot be had, for a broken line in its script, say, fails this attempt and nothing else. */
async function modelFor(parts: LoopParts, job: Job): Promise<Model> {
  try {
    return await parts.model(job);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const reason = error.where === undefined ? error.message : `${error.where}: ${error.message}`;
    const reply: Reply = { ok: false, failure: "request", reason };
    return { name: "none", scripted: false, cost: () => null, complete: () => Promise.resolve(reply) };
  }
}

function open({ toolbox, pullbeat }: LoopParts, job: Job, model: Model): Conversation {
  const tools = toolbox.offer(job.agent.spec);
  const { name, temperature } = model;
  const opening: Opening = { model: name, ...(temperature === undefined ? {} : { temperature }), tools };
  const desk = toolbox.open(job);
  const talk = openTalk(job, opening, pullbeat);
  return {
    job,
    model,
    desk,
    hands: { toolbox, desk, offered: tools.map((t) => t.function.name) },
    talk,
    meter: startMeter(job, (tokens) => model.cost(tokens)),
    feedback: [],
    handedBack: 0,
    stalls: watchForStalls(tools.at(-1)?.function.name),
    room: startRoom(job, talk),
  };
}

/** One call of the model and the tools it asks for. Every limit is looked at before the call. */
async function step(conversation: Conversation): Promise<End | null> {
  const { talk, meter, model, room } = conversation;
  const full = room.make();
  const request = bytesOf(talk.next());
  const limit = meter.limit(request) ?? full;
  if (limit !== null) return limit;
  conversation.job.watch({ kind: "asks", spent: meter.spent() });
  const reply = await talk.ask(model, meter.signal());
  meter.count(reply.ok ? reply.tokens : NOTHING, { request, reply: replyBytes(reply) });
  if (reply.ok) return hear(conversation, reply);
  if (reply.failure === "context") return room.refused(request, reply.reason);
  return meter.outOfTime() ?? failed(`engine/${reply.failure}`, reply.reason);
}

/** What a call used that got no reply. */
const NOTHING = { input: 0, cached: 0, output: 0 };

const replyBytes = (reply: Reply): number => bytesOf(JSON.stringify(reply));

async function hear(conversation: Conversation, reply: Extract<Reply, { ok: true }>): Promise<End | null> {
  const flood = conversation.stalls.flooded(reply.calls.length);
  if (flood !== null) return flood;
  const heard = echo(reply.content, reply.calls);
  conversation.talk.say(heard.message);
  if (reply.content?.trim()) conversation.job.watch({ kind: "says", text: reply.content });
  const end = await runAll(conversation, heard.calls);
  return end ?? hush(conversation, conversation.stalls.replied(heard, reply.finish));
}

/** Says what went wrong with a whole reply, or ends the attempt. */
function hush({ talk, job }: Conversation, said: string | End | null): End | null {
  if (said === null) return null;
  if (typeof said !== "string") return said;
  job.watch({ kind: "nudges", text: said });
  talk.say({ role: "user", content: said });
  return null;
}

/** Every call gets exactly one answer, under its own id, in order. Nothing runs after work was handed in. */
async function runAll(conversation: Conversation, calls: readonly ReadCall[]): Promise<End | null> {
  let handedIn = false;
  for (const call of calls) {
    const done: Done = handedIn ? UNRUN : await run(conversation, call);
    if (done.end !== undefined) return done.end;
    conversation.talk.say({ role: "tool", tool_call_id: call.id, content: done.text });
    handedIn ||= done.handedIn === true;
    const stall = handedIn ? conversation.stalls.handedIn() : conversation.stalls.answered(call, done);
    if (stall !== null) return stall;
  }
  return null;
}

/** What became of one call: the answer to it, or the attempt's end. */
interface Done extends Answer {
  end?: End;
  /** The work was handed in, and handed back. */
  handedIn?: boolean;
}

const EMPTY: Answer = { text: "", refused: false, malformed: false };
const UNRUN: Answer = { text: "Not run: you had handed in your work.", refused: true, malformed: false };

async function run(conversation: Conversation, call: ReadCall): Promise<Done> {
  const { desk, hands, job } = conversation;
  job.watch({ kind: "calls", tool: call.name, arguments: call.raw });
  const done = await answer(call, hands);
  job.watch({ kind: "answers", tool: call.name, text: done.text, refused: done.refused });
  const end = desk.takeEnd();
  if (end === null) return done;
  return end.kind === "failed" ? { ...done, end } : handIn(conversation, end);
}

/** What an agent hands in: its work, or a question to a person. */
type Handed = Exclude<End, { kind: "failed" }>;

/** Has it judged. What the agent can mend goes back to it, a few times. */
async function handIn(conversation: Conversation, end: Handed): Promise<Done> {
  const verdict = await verdictOn(conversation, end);
  if (verdict.ruling === "pass") return { ...EMPTY, end };
  if (!mendable(verdict) || conversation.handedBack === HANDED_BACK)
    return { ...EMPTY, end: refused(verdict) };
  const list = problems(verdict);
  conversation.handedBack++;
  conversation.feedback.push(...list);
  conversation.job.watch({ kind: "sends-back", problems: list });
  const again = end.kind === "finished" ? "Not accepted yet. Mend this, then call finish again" : UNASKED;
  return { ...EMPTY, text: `${again}:\n${list.join("\n")}`, handedIn: true };
}

const UNASKED = "Nothing was asked yet. Mend this, then call escalate again; or decide yourself, and finish";

function verdictOn({ job, desk }: Conversation, end: Handed): Promise<Verdict> {
  if (end.kind === "asked") return job.judgeQuestion(end.question);
  const { summary, claims = {} } = end;
  return job.judge(desk.edits, { summary, claims });
}

function workOf({ job, model, desk, talk, meter, feedback, room }: Conversation, end: End): Work {
  return {
    end,
    edits: desk.edits,
    spent: meter.spent(),
    engine: { kind: job.agent.spec.engine.kind, model: model.name, scripted: model.scripted },
    requests: [...talk.requests],
    transcript: talk.transcript(),
    saw: [...desk.saw],
    notes: [...desk.notes],
    feedback,
    shortened: room.shortened(),
  };
}
