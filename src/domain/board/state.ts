import { brokenFile, agentHalted, needsOpen, olderOpen, pathTaken } from "./blocked.ts";
import { openRequests } from "../clearance/approval.ts";
import { about, byWhom, held, parked, pausedUnit } from "../control/control.ts";
import type { Facts } from "../plan/facts.ts";
import { stanceOf } from "../pull/stance.ts";
import { PERSON, stands, type Rule, type Standing, type Work } from "./standing.ts";

/** Stands as the first rule says that knows it; ready when none does. */
export function standingOf(work: Work, facts: Facts): Standing {
  for (const rule of RULES) {
    const standing = rule(work, facts);
    if (standing !== null) return standing;
  }
  const { agent, priority } = work.file.task;
  return stands("ready", `${agent} can work on it (${priority})`, agent);
}

const RULES: readonly Rule[] = [
  endedInFile,
  finished,
  claimed,
  parkedByControl,
  onPause,
  onHold,
  ended,
  asked,
  refused,
  approved,
  inPull,
  brokenFile,
  agentHalted,
  olderOpen,
  needsOpen,
  pathTaken,
];

function endedInFile({ file }: Work): Standing | null {
  const { status, result } = file.task;
  if (status === "todo") return null;
  return stands(status, `${status} in ${file.path}${result === undefined ? "" : ` (${result})`}`, "nobody");
}

function finished({ unit }: Work, facts: Facts): Standing | null {
  const result = facts.finished.get(unit);
  if (result === undefined) return null;
  return stands("done", `the journal holds its end${result === null ? "" : ` (${result})`}`, "nobody");
}

function claimed({ unit }: Work, { live, pulls }: Facts): Standing | null {
  const claim = live.get(unit);
  if (claim === undefined) return null;
  const pull = pulls.get(unit)?.at(-1) ?? null;
  return stands("claimed", `${claim.agent} works on it until ${claim.leaseEnd} at most`, claim.agent, {
    pull,
  });
}

function parkedByControl({ file, unit }: Work, { controls, pulls, snapshot }: Facts): Standing | null {
  const subject = { agent: file.task.agent, unit };
  const park = parked(about(controls, subject), { unit, blob: file.blob }, snapshot.now);
  if (park === null) return null;
  return stands("parked", `parked${byWhom(park)}`, PERSON, { pull: pulls.get(unit)?.at(-1) ?? null });
}

/** An agent's pause is a rule of its own: it says nothing about a pull that waits for people. */
function onPause({ unit }: Work, { controls, pulls, snapshot }: Facts): Standing | null {
  const pause = pausedUnit(about(controls, { agent: null, unit }), unit, snapshot.now);
  if (pause === null) return null;
  return stands("blocked", `paused${byWhom(pause)}`, PERSON, { pull: pulls.get(unit)?.at(-1) ?? null });
}

/** A hold of the whole fleet stops merges only: work goes on, and waits in pulls. */
function onHold({ file, unit }: Work, { controls, pulls, snapshot }: Facts): Standing | null {
  const subject = { agent: file.task.agent, unit };
  const hold = held(about(controls, subject), subject, snapshot.now);
  if (hold === null || hold.target.kind === "fleet") return null;
  return stands("blocked", `on hold${byWhom(hold)}`, PERSON, { pull: pulls.get(unit)?.at(-1) ?? null });
}

/** Ended on the forge by a person, and not in the journal yet: it must not be worked on meanwhile. */
function ended({ unit }: Work, { pulls }: Facts): Standing | null {
  const pull = pulls.get(unit)?.findLast((p) => p.state !== "open");
  if (pull === undefined) return null;
  return stands("in-review", `#${pull.number} was ${pull.state}; settle takes it over next`, "pullbeat", {
    pull,
  });
}

function asked({ unit }: Work, { pulls }: Facts): Standing | null {
  const pull = pulls.get(unit)?.findLast((p) => p.kind === "question");
  if (pull === undefined) return null;
  return stands("asked", `#${pull.number} asks a person; an answer there lets it go on`, PERSON, { pull });
}

/** A person or pullbeat itself asks for changes on the present head. */
function refused({ file, unit }: Work, { pulls, snapshot }: Facts): Standing | null {
  const pull = pulls.get(unit)?.at(-1);
  const by = pull && stanceOf(pull, snapshot.fleet.config).refusals[0]?.by;
  if (by === undefined || pull === undefined) return null;
  const reason = `${by} asks for changes on #${pull.number}`;
  return stands("changes-requested", reason, file.task.agent, { pull });
}

/** Whether an approval is enough is for settle to say: only it knows the gates' verdict at the tip. */
function approved({ unit }: Work, { pulls, snapshot }: Facts): Standing | null {
  const pull = pulls.get(unit)?.at(-1);
  const by = pull && stanceOf(pull, snapshot.fleet.config).approvals[0]?.by;
  if (by === undefined || pull === undefined) return null;
  const [other] = openRequests({ pull, config: snapshot.fleet.config });
  if (other !== undefined) {
    const reason = `${other.by} asked for changes on #${pull.number}, and has not approved since`;
    return stands("waiting", reason, PERSON, { pull });
  }
  return stands("in-review", `${by} approves of #${pull.number}; settle decides next`, "pullbeat", { pull });
}

function inPull({ unit }: Work, { pulls }: Facts): Standing | null {
  const pull = pulls.get(unit)?.at(-1);
  if (pull === undefined) return null;
  const reason =
    pull.head === null ? "has lost its branch; close it" : "waits for a review, a merge or a close";
  return stands("waiting", `#${pull.number} ${reason}`, PERSON, { pull });
}
