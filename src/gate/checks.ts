import type { CheckRun } from "../domain/verdict/checks.ts";
import type { ChecksGate } from "../domain/verdict/gates.ts";
import type { Sha } from "../domain/id.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import { inconclusive } from "./gate.ts";

type Wanted = ChecksGate["runs"][number];

/** How one check stands. Only `success` is a pass: GitHub lets skipped and neutral ones through, and they have looked at nothing. */
interface Standing {
  ruling: GateVerdict["ruling"];
  says: string;
}

/** What CI says of a head, by the checks of the apps that are meant; nobody else's count, whatever they are called. */
export function judgeChecks(
  gate: string,
  { runs: wanted }: ChecksGate,
  { head, runs }: { head: Sha; runs: readonly CheckRun[] },
): GateVerdict {
  const on = runs.filter((r) => r.head === head);
  const standings = wanted.map((w) => standingOf(w, on));
  const details = standings.filter((s) => s.ruling !== "pass").map((s) => s.says);
  if (standings.some((s) => s.ruling === "fail"))
    return { gate, ruling: "fail", sentence: "CI fails on this head", details, mendable: true };
  if (details.length > 0) return inconclusive(gate, "CI has not passed on this head", details);
  return { gate, ruling: "pass", sentence: "CI passes on this head", details, mendable: true };
}

function standingOf(wanted: Wanted, on: readonly CheckRun[]): Standing {
  const named = on.filter((r) => r.name === wanted.name);
  const own = named.filter((r) => isBy(wanted, r));
  const name = `${wanted.name} of ${wanted.app}`;
  if (own.length === 0) return { ruling: "inconclusive", says: missing(name, named) };
  // An older attempt's success says nothing while another one runs or failed.
  const worst = own.map((r) => oneOf(name, r)).toSorted((a, b) => RANK[a.ruling] - RANK[b.ruling])[0];
  return worst ?? { ruling: "inconclusive", says: missing(name, []) };
}

const RANK = { fail: 0, inconclusive: 1, pass: 2 } as const;

const isBy = ({ app }: Wanted, run: CheckRun): boolean =>
  run.app !== null && (typeof app === "number" ? run.app.id === app : run.app.slug === app);

function missing(name: string, named: readonly CheckRun[]): string {
  const others = [...new Set(named.map((r) => r.app?.slug ?? "nobody known"))];
  const beside = others.length === 0 ? "" : `; that of ${others.join(", ")} does not count`;
  return `${name}: there is none on this head${beside}`;
}

const FAILED: readonly string[] = ["failure", "timed_out", "startup_failure", "action_required"];

function oneOf(name: string, { done, conclusion }: CheckRun): Standing {
  if (!done || conclusion === null) return { ruling: "inconclusive", says: `${name}: it has not ended yet` };
  if (conclusion === "success") return { ruling: "pass", says: `${name}: success` };
  const says = `${name}: it ended as ${conclusion}`;
  return FAILED.includes(conclusion)
    ? { ruling: "fail", says }
    : { ruling: "inconclusive", says: `${says}, which is no pass` };
}
