import type { Login } from "../../src/domain/id.ts";
import type { Pull } from "../../src/domain/pull/pull.ts";
import type { World } from "../../src/flow/world.ts";
import type { Edits, End, Engine, Job } from "../../src/port/engine.ts";

// The agents and the person of a story that is played again and again with crashes in it: both look at what there is
// and do what is still to be done, so that a story goes on from wherever it was cut off.

/** Plays every agent. It works by the task's id, and sees whether it was answered: no model, no chance. */
export const played: Engine = {
  async work(job) {
    const { end, edits } = await attempt(job);
    return {
      end,
      edits,
      spent: { steps: 1, tokens: { input: 10, cached: 0, output: 1 }, usd: 0.01, ms: 1 },
      engine: { kind: "played", model: "none", scripted: true },
      requests: [],
      transcript: `{"unit":"${job.unit}","round":${job.round}}\n`,
      saw: [],
      notes: [],
      feedback: [],
      shortened: 0,
    };
  },
};

async function attempt({ task: { task, path }, tree, round }: Job): Promise<{ end: End; edits: Edits }> {
  const text = new TextDecoder().decode((await tree.read(path)) ?? new Uint8Array());
  if (task.id === "bad")
    return { end: { kind: "failed", failure: "engine/server", reason: "no answer" }, edits: new Map() };
  if (task.id === "ask" && !text.includes("## Answer"))
    return { end: { kind: "asked", question }, edits: new Map() };
  const edits = new Map([[`reports/${task.id}.md`, `Round ${round}.\n`]]);
  if (task.id.startsWith("log-")) {
    const log = new TextDecoder().decode((await tree.read(LOG)) ?? new Uint8Array());
    edits.set(LOG, `${log}${task.id},${round}\n`);
  }
  return { end: { kind: "finished", result: "pass", summary: "Wrote it." }, edits };
}

/** What tasks whose ids begin with `log-` add a row to. */
export const LOG = "logs/all.csv";

const question = {
  condition: "unclear",
  question: "Which page?",
  evidence: "",
  recommendation: "The first one.",
  silence: "I wait.",
};

/**
 * Plays the person, who looks at every pull: changes the file of the task `edit` while its pull is open, answers, closes `drop`,
 * sends `again` back once, approves the others but pullbeat's own.
 */
export async function person(world: World, by: Login): Promise<void> {
  const { forge, clock } = world;
  const at = clock.now();
  for (const pull of await forge.pulls()) {
    // It needs nobody: whether a person is faster than the next settle must not matter.
    if (pull.kind === "archive" || pull.kind === "digest") continue;
    if (pull.state !== "open" || pull.reviews.some((r) => r.by === by && r.head === pull.head)) continue;
    if (pull.task === "edit") await edit(world);
    if (pull.task === "drop") await forge.close(pull.number, by, "not needed", at);
    else await forge.review(pull.number, by, { ...said(pull), at });
  }
}

async function edit({ repo, records, clock }: World): Promise<void> {
  const ref = `refs/heads/${await repo.defaultBranch()}`;
  const from = (await repo.fetch()).get(ref) ?? null;
  const path = "board/edit-it.md";
  const [entry] = from === null ? [] : await repo.entries(from, [path]);
  const bytes = entry && (await repo.blobs([entry.blob])).get(entry.blob);
  const text = new TextDecoder().decode(bytes);
  if (from === null || text.includes("priority:")) return;
  const files = [{ path, content: records.edit(text, { priority: "high" }) }];
  const who = { name: "Ann", email: "ann@example.com" };
  const [to] = await repo.write([{ parents: [from], files, message: "sooner", who, at: clock.now() }]);
  if (to !== undefined) await repo.push([{ ref, from, to }]);
}

function said({ kind, task, reviews }: Pull): {
  verdict: "answer" | "request-changes" | "approve";
  body: string;
} {
  if (kind === "question") return { verdict: "answer", body: "The second one." };
  if (task === "again" && reviews.length === 0) return { verdict: "request-changes", body: "Shorter." };
  return { verdict: "approve", body: "" };
}
