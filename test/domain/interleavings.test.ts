import { expect, test } from "vitest";
import { decide, type Decision } from "../../src/domain/clearance/clearance.ts";
import { Login, Sha } from "../../src/domain/id.ts";
import { Policy } from "../../src/domain/clearance/policy.ts";
import type { Review } from "../../src/domain/pull/pull.ts";
import { at, BASE, but, human, review } from "./ruling.ts";

// Every order of up to six acts around one pull. Two ticks read the world and land later what they decided then; between
// them people push, approve, retarget the pull, and change the policy. The decision is the real one. What lands is a
// compare-and-swap on all that was read, as in `src/flow/land.ts`.

const DECOY = Sha.parse("f".repeat(40));
const headOf = (n: number): Sha => Sha.parse(n.toString(16).padStart(40, "0"));

interface Model {
  /** Moves with every change of the base branch. */
  tip: number;
  policy: "human" | "dual";
  head: number;
  base: Sha;
  reviews: readonly Review[];
  /** What people really looked at. */
  seen: readonly { who: Login; head: number; base: Sha }[];
  merged: { head: number; base: Sha; policy: Model["policy"] } | null;
  /** What each tick read and has not landed yet. */
  ticks: Readonly<Record<"a" | "b", Model | null>>;
}

const begin: Model = {
  tip: 0,
  policy: "human",
  head: 1,
  base: BASE,
  reviews: [],
  seen: [],
  merged: null,
  ticks: { a: null, b: null },
};

function ruled({ head, base, reviews, policy }: Model): Decision {
  const stage = but(human(), {
    head: headOf(head),
    reviews: [...reviews],
    identities: new Map([1, 2, 3, 4, 5, 6, 7].map((n) => [headOf(n), `from ${base} to ${n}`])),
    gaps: base === BASE ? [] : ["It says that it starts elsewhere than its attempts did"],
  });
  const evidence = { ...stage.evidence, pull: { ...stage.evidence.pull, base } };
  return decide(Policy.parse({ default: policy }), stage.facts, evidence, stage.now);
}

/** Lands what was decided from an older reading, if nothing of it has moved. */
function land(now: Model, read: Model): Model {
  if (now.merged !== null || ruled(read).kind !== "merge") return now;
  const isSame =
    now.tip === read.tip && now.head === read.head && now.base === read.base && now.reviews === read.reviews;
  if (!isSame) return now;
  return { ...now, tip: now.tip + 1, merged: { head: read.head, base: read.base, policy: now.policy } };
}

const tick =
  (who: "a" | "b") =>
  (now: Model): Model => {
    const read = now.ticks[who];
    const next = read === null ? now : land(now, read);
    return { ...next, ticks: { ...now.ticks, [who]: read === null ? now : null } };
  };

/** Whoever has not approved this very change yet. */
function approve(now: Model): Model {
  const who = ["ann", "bob"].find(
    (w) => !now.seen.some((s) => s.who === w && s.head === now.head && s.base === now.base),
  );
  if (who === undefined) return now;
  const said = review(who, "approve", {
    id: String(now.reviews.length),
    head: headOf(now.head),
    base: now.base,
    at: at(now.reviews.length),
  });
  const seen = { who: Login.parse(who), head: now.head, base: now.base };
  return { ...now, reviews: [...now.reviews, said], seen: [...now.seen, seen] };
}

const acts: readonly ((now: Model) => Model)[] = [
  tick("a"),
  tick("b"),
  (now) => land(now, now),
  approve,
  (now) => ({ ...now, head: now.head + 1 }),
  (now) => ({ ...now, base: now.base === BASE ? DECOY : BASE }),
  (now) => ({ ...now, tip: now.tip + 1, policy: now.policy === "human" ? "dual" : "human" }),
];

/** True when as many people as the policy asked for looked at exactly what was merged. */
function isSound({ merged, seen }: Model): boolean {
  if (merged === null) return true;
  const who = new Set(seen.filter((s) => s.head === merged.head && s.base === merged.base).map((s) => s.who));
  return merged.base === BASE && who.size >= (merged.policy === "dual" ? 2 : 1);
}

test(
  "in no order of six acts does anything merge that was not approved as the policy of that moment asks",
  { timeout: 120_000 },
  () => {
    const count = { orders: 0, merged: 0, dual: 0 };
    const unsound: Model[] = [];
    const walk = (now: Model, left: number): void => {
      count.orders++;
      if (!isSound(now)) unsound.push(now);
      if (now.merged !== null) {
        count.merged++;
        if (now.merged.policy === "dual") count.dual++;
        return;
      }
      if (left > 0) for (const act of acts) walk(act(now), left - 1);
    };
    walk(begin, 6);
    expect(unsound.slice(0, 1)).toEqual([]);
    expect(count.orders).toBeGreaterThan(100_000);
    expect(count.merged).toBeGreaterThan(1000);
    expect(count.dual).toBeGreaterThan(10);
  },
);
