import { createHash } from "node:crypto";
import { faultOf, LIMITS, Refused } from "../../domain/airlock.ts";
import {
  differs,
  Heard,
  HEARD_FILE,
  notTaken,
  type Docket,
  type Listed,
  type Took,
} from "../../domain/verdict/docket.ts";
import { sentence } from "../../domain/fault.ts";
import { readObject } from "../../domain/text/json.ts";
import { textOf } from "../../domain/text/text.ts";
import type { GateVerdict } from "../../domain/verdict/verdict.ts";
import type { Hatch } from "../../port/airlock.ts";
import { publicVerdict } from "../hearing/hearing.ts";

/** What the judging jobs of a docket have left, and what it is held against. */
export interface Returned {
  docket: Docket;
  /** The SHA-256 of each job's words, as the job itself gave it out: no other job can change it. */
  digests: ReadonlyMap<number, string>;
  /** What the job of a shard has left. */
  hatch: (shard: number) => Pick<Hatch, "take" | "list">;
}

/** One verdict for one matter of a docket. */
export interface TakenVerdict {
  listed: Listed;
  /** What goes into the journal: the gate's word, or that it was not taken in. */
  verdict: GateVerdict;
  /** What a grader's word took, as its job says. */
  took: Took | null;
  refused: Refused | null;
}

/** Reads what was left as from a stranger: for each matter of the docket the gate's word, or why it was not taken in. */
export async function verdictsIn(returned: Returned): Promise<TakenVerdict[]> {
  const taken: TakenVerdict[] = [];
  for (const shard of new Set(returned.docket.matters.map((m) => m.shard))) {
    const listed = returned.docket.matters.filter((m) => m.shard === shard);
    const heard = await heardIn(returned, { shard, listed });
    for (const one of listed) taken.push(await verdictOn(one, heard));
  }
  return taken;
}

async function verdictOn(listed: Listed, heard: Heard | Refused): Promise<TakenVerdict> {
  const { pull, gate } = listed;
  const said =
    heard instanceof Refused
      ? heard
      : (heard.heard.find((h) => h.pull === pull && h.gate === gate) ?? new Refused("missing", SILENT));
  if (said instanceof Refused)
    return { listed, verdict: await publicVerdict(notTaken(gate, said)), took: null, refused: said };
  return { listed, verdict: await publicVerdict(said.verdict), took: said.grading ?? null, refused: null };
}

const NOTHING = "its job handed nothing over";
const SILENT = "its job said nothing of it";

/** What a job has left, held against the docket. Refusals are values: none may stop the jobs beside it. */
async function heardIn(
  { docket, digests, hatch }: Returned,
  { shard, listed }: { shard: number; listed: readonly Listed[] },
): Promise<Heard | Refused> {
  try {
    const text = await textIn(hatch(shard), digests.get(shard));
    const read = readObject(text);
    const heard = "fault" in read ? null : Heard.safeParse(read.value);
    if (heard === null)
      throw new Refused("record", "its words are not JSON that can be read in one way only");
    if (!heard.success) throw new Refused("record", `its words are none: ${faultOf(heard.error.issues)}`);
    checkBound(heard.data, { docket, shard, listed });
    return heard.data;
  } catch (error) {
    return error instanceof Refused ? error : new Refused("broken", sentence(error));
  }
}

async function textIn(hatch: Pick<Hatch, "take" | "list">, digest: string | undefined): Promise<string> {
  const bytes = await hatch.take(HEARD_FILE, LIMITS.verdicts);
  if (bytes === null) throw new Refused("missing", NOTHING);
  const beside = (await hatch.list()).find((name) => name !== HEARD_FILE);
  if (beside !== undefined) throw new Refused("stray", `it left ${JSON.stringify(beside)} beside its words`);
  if (digest === undefined) throw new Refused("digest", "its job gave out no digest of its words");
  if (createHash("sha256").update(bytes).digest("hex") !== digest)
    throw new Refused(
      "digest",
      "these are not the words that its job gave out: another job may have left them",
    );
  const text = textOf(bytes);
  if (text === null) throw new Refused("record", "its words are not text");
  return text;
}

/** Each matter once, none but its own, and each about exactly what was to be judged. */
function checkBound(
  heard: Heard,
  { docket, shard, listed }: { docket: Docket; shard: number; listed: readonly Listed[] },
): void {
  if (heard.docket !== docket.id) throw new Refused("replay", "its words belong to another docket");
  if (heard.shard !== shard) throw new Refused("shard", "its words are another job's");
  const seen = new Set<string>();
  for (const one of heard.heard) {
    const name = `${one.gate} on pull ${one.pull}`;
    const meant = listed.find((m) => m.pull === one.pull && m.gate === one.gate);
    if (meant === undefined) throw new Refused("matter", `it speaks for ${name}, which it was not asked`);
    if (seen.has(name)) throw new Refused("twice", `it speaks twice for ${name}`);
    seen.add(name);
    const other = differs(one, meant);
    if (other !== null)
      throw new Refused("bound", `${name}: it judged another ${other} than it was asked to`);
    if (one.verdict.gate !== one.gate) throw new Refused("gate", `${name}: the verdict is another gate's`);
    const fault = faultOfTook(one, meant);
    if (fault !== null) throw new Refused("grading", `${name}: ${fault}`);
  }
}

/** A ruling of a grader's counts only with the grader who made it. That nobody could tell, anybody may say. */
function faultOfTook({ grading, verdict }: Heard["heard"][number], meant: Listed): string | null {
  if (grading !== undefined) return isBy(grading, meant) ? null : "it tells what another judge's word took";
  const isOpen = meant.kind !== "grader" || verdict.ruling === "inconclusive";
  return isOpen ? null : "it does not tell which grader said it";
}

/** A grader's day pays for what it took itself, and a program has no such day. */
const isBy = ({ agent, spec }: Took, listed: Listed): boolean =>
  listed.kind === "grader" && listed.grader === agent && listed.spec === spec;
