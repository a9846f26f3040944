import type { Decision } from "../domain/clearance/clearance.ts";
import { deciding } from "../domain/clearance/approval.ts";
import { Fault } from "../domain/fault.ts";
import { instantOf, Login } from "../domain/id.ts";
import { inItsWay, wayPast } from "../domain/pull/present.ts";
import type { Pull, Review } from "../domain/pull/pull.ts";
import { all, told, type Line } from "../domain/reason.ts";
import type { EndedPull, Merge } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import { check } from "../flow/check.ts";
import { read } from "../flow/read.ts";
import { conflictsOf, weigh } from "../flow/verdict/weigh.ts";
import type { World } from "../flow/world.ts";
import { findingLines } from "./check.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { findPull, numberOf } from "./pull.ts";
import { show, whoami, type Options, type Shell } from "./shell.ts";

/** `pullbeat policy explain <pull>`: the whole decision, a sentence at every node. */
export async function explain(shell: Shell, [text]: readonly string[]): Promise<ExitCode> {
  const world = await shell.open();
  const snapshot = await read(world);
  const pull = await findPull(world, snapshot, numberOf(text));
  const open = snapshot.pulls.find((p) => p.number === pull.number);
  if (open === undefined) return explainEnded(shell, pull, snapshot);
  const answer = await decided(world, snapshot, open);
  show(shell, answer.value, () => [
    ...lineOf(shell, `pull ${open.number} · ${open.title}`),
    ...answer.lines(shell),
  ]);
  return 0;
}

/** What the journal says of a pull that has ended. */
function explainEnded(shell: Shell, pull: Pull | EndedPull, { journal }: Snapshot): ExitCode {
  const merge = journal.merges.find((m) => m.pull === pull.number);
  const ended = `It was ${pull.state} by ${pull.ended?.by ?? "somebody"}${pull.ended?.why ? `: ${pull.ended.why}` : ""}.`;
  const clearance = merge?.clearance ?? null;
  show(shell, { pull: pull.number, kind: pull.state, ended: pull.ended, clearance }, () => [
    ...lineOf(shell, `pull ${pull.number} · ${pull.title}`),
    ...lineOf(shell, ended),
    ...(clearance === null ? [] : lineOf(shell, cleared(clearance))),
  ]);
  return 0;
}

const cleared = ({ tier, by, rules, policy }: NonNullable<Merge["clearance"]>): string =>
  `Its tier was ${tier}, by ${all(rules)}; decided as ${by}${policy === null ? "" : `, under the config ${policy.slice(0, 10)}`}.`;

interface Answer {
  value: Record<string, unknown>;
  lines: (shell: Shell) => string[];
}

async function decided(world: World, snapshot: Snapshot, pull: Pull): Promise<Answer> {
  const { decision, told: verdict } = await weigh(world, snapshot, pull);
  const conflicts = decision.kind === "merge" ? await conflictsOf(world, snapshot, pull) : [];
  const { kind, tier, rules, why } = decision;
  const next = nextStep(pull, decision, inItsWay(verdict.gates));
  const reasons = decision.kind === "merge" ? [] : decision.reasons;
  const waits = decision.kind === "pending" ? decision.waits : null;
  return {
    value: { pull: pull.number, kind, tier, rules, reasons, waits, conflicts, why },
    lines: (shell) => [
      ...lineOf(shell, why.sentence),
      ...told(why.because).flatMap((line) => branch(shell, line)),
      ...conflicts
        .slice(0, 1)
        .flatMap(() =>
          lineOf(
            shell,
            `It cannot be merged as it is: ${snapshot.branch} changed ${all(conflicts)} as well.`,
          ),
        ),
      ...(next === null ? [] : lineOf(shell, `What to do: ${next}`)),
    ],
  };
}

/** What comes next: what lets it past a gate, or what a person types when it is a person's turn. */
function nextStep({ number, kind }: Pull, decision: Decision, gates: readonly GateVerdict[]): string | null {
  if (gates.length > 0) return wayPast(gates);
  if (decision.kind !== "pending" || decision.waits.people.length === 0) return null;
  const command =
    kind === "question" ? `pullbeat pull answer ${number} "…"` : `pullbeat pull approve ${number}`;
  return decision.waits.from === null ? command : `${command}, at ${decision.waits.from} or later`;
}

function branch({ terminal }: Shell, { text, hang, mark }: Line): string[] {
  const lines = wrap(text, terminal.columns, hang);
  return mark === "against" ? lines.map((l) => terminal.yellow(l)) : lines;
}

const lineOf = ({ terminal }: Shell, text: string): string[] => wrap(text, terminal.columns);

/** `pullbeat policy try`: the same, as if somebody had said one word more. */
export async function tryOut(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { approve = false, requestChanges = false } = options;
  if (approve === requestChanges)
    throw new Fault("usage", "nobody says anything, or two things at once", {
      expected: "one of --approve and --request-changes",
    });
  if (options.pull === undefined)
    throw new Fault("usage", "no pull is named", {
      expected: "--pull <number>, such as --pull 3",
      next: "pullbeat pull list",
    });
  const world = await shell.open();
  const snapshot = await read(world);
  const number = numberOf(options.pull);
  const pull = snapshot.pulls.find((p) => p.number === number);
  if (pull?.head == null)
    throw new Fault("not-found", `there is no open pull ${number} with a branch`, {
      next: "pullbeat pull list",
    });
  const by =
    options.as === undefined ? await whoami(shell, snapshot.fleet, undefined) : personNamed(options.as);
  const review: Review = {
    id: "what-if",
    by,
    verdict: requestChanges ? "request-changes" : deciding(pull.kind),
    head: pull.head,
    at: instantOf(snapshot.now),
    body: "",
  };
  const answer = await decided(world, snapshot, { ...pull, reviews: [...pull.reviews, review] });
  const what = requestChanges ? "asked for changes on" : pull.kind === "question" ? "answered" : "approved";
  show(shell, { ...answer.value, if: { by, verdict: review.verdict } }, () => [
    ...lineOf(shell, `If ${by} ${what} pull ${number} now:`),
    ...answer.lines(shell),
  ]);
  return 0;
}

function personNamed(text: string): Login {
  const login = Login.safeParse(text);
  if (login.success) return login.data;
  throw new Fault("usage", `${JSON.stringify(text)} is no account name`, { expected: "--as <login>" });
}

/** `pullbeat policy lint`: of what `check` finds, what is about the policy, or keeps it from being read. */
export async function lintPolicy(shell: Shell): Promise<ExitCode> {
  const { worktree } = await import("../wire.ts");
  const { fleet } = await worktree(shell.dir);
  const { findings } = check(fleet, []);
  const own = findings.filter(
    (f) => f.rule.startsWith("policy/") || (f.level === "error" && HOME.has(f.file)),
  );
  const ok = own.every((f) => f.level !== "error");
  show(shell, { ok, findings: own }, () =>
    own.length === 0 ? ["nothing is wrong with the policy"] : findingLines(shell, own),
  );
  return ok ? 0 : 1;
}

/** Where the policy stands: what is no file there has no policy either. */
const HOME = new Set([".github/pullbeat.yml", ".github"]);
