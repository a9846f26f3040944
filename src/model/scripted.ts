import type { TaskId, Unit } from "../domain/id.ts";
import type { Model, Reply } from "../port/model.ts";
import type { Script, ScriptedReply } from "./script.ts";

/** Which replies are played. */
export interface Part {
  unit: Unit;
  task: TaskId;
  /** 1 for the attempt that opens the pull. */
  round: number;
  /** What stands in calls for `{{name}}`: facts that no file can know, such as a grader's nonce. */
  fill?: Readonly<Record<string, string>>;
}

/**
 * A model whose replies come from a script: the unit's own, else its task's, else those for `*`; the n-th round plays
 * the n-th part of them, however often an attempt at it was cut off. It costs nothing, and it is labelled as scripted.
 */
export function scriptedModel(script: Script, { unit, task, round, fill = {} }: Part): Model {
  const rounds = script.get(unit) ?? script.get(task) ?? script.get("*") ?? [];
  const replies = rounds[round - 1];
  let calls = 0;
  return {
    name: "scripted",
    scripted: true,
    cost: () => 0,
    complete() {
      const reply = replies?.[calls++];
      if (reply !== undefined) return Promise.resolve(replyOf(reply, calls, fill));
      const reason =
        replies === undefined
          ? `the script has ${rounds.length} rounds for ${unit}, and this is round ${round}`
          : `the script's ${replies.length} replies for round ${round} of ${unit} are used up`;
      return Promise.resolve({ ok: false, failure: "request", reason });
    },
  };
}

function replyOf(reply: ScriptedReply, turn: number, fill: NonNullable<Part["fill"]>): Reply {
  if ("failure" in reply) return { ok: false, ...reply };
  const { input = 0, cached = 0, output = 0 } = reply.tokens;
  return {
    ok: true,
    content: reply.content ?? null,
    calls: reply.calls.map(({ name, arguments: args }, i) => ({
      id: `call_${turn}_${i + 1}`,
      name,
      arguments: filled(typeof args === "string" ? args : JSON.stringify(args), fill),
    })),
    finish: reply.calls.length > 0 ? "tool_calls" : "stop",
    tokens: { input, cached, output },
  };
}

const filled = (text: string, fill: NonNullable<Part["fill"]>): string =>
  text.replaceAll(/\{\{([a-z]+)\}\}/g, (whole, name: string) =>
    Object.hasOwn(fill, name) ? (fill[name] ?? whole) : whole,
  );
