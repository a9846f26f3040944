import { expect, test as vitest } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { AgentName, Login, PullNumber, TaskId, Unit, type Sha } from "../../src/domain/id.ts";
import { branchOf, type Pull, type PullDraft, type ReviewVerdict } from "../../src/domain/pull/pull.ts";
import type { Forge } from "../../src/port/forge.ts";

/** A forge, and what a test needs to do around it. */
export interface Bench {
  forge: Forge;
  /** The same forge as another machine sees it. */
  another: () => Promise<Forge>;
  /** The same forge as a person sits at it. */
  as: (login: Login) => Promise<Forge>;
  base: Sha;
  /** Pushes a new commit to a work branch, making it when it is not there; returns its head. */
  push: (branch: string) => Promise<Sha>;
  /** Deletes a branch. */
  drop: (branch: string) => Promise<void>;
  /** Puts an ended pull into the journal, as settle does. */
  journal: (number: number) => Promise<void>;
}

export const ann = Login.parse("ann");
const bob = Login.parse("bob");
const NOON = new Date("2026-11-22T12:00:00Z");

export function draftOf(base: Sha, unit: string, kind: PullDraft["kind"] = "work"): PullDraft {
  return {
    title: `Work on ${unit}`,
    body: "What a reviewer needs.",
    kind,
    unit: Unit.parse(unit),
    task: TaskId.parse(unit),
    agent: AgentName.parse("writer"),
    attempt: 1,
    branch: branchOf(Unit.parse(unit), 1),
    base,
  };
}

const say = async (
  { forge, as }: Pick<Bench, "forge" | "as">,
  number: PullNumber,
  by: Login,
  ...[verdict, body = ""]: [verdict: ReviewVerdict, body?: string]
): Promise<boolean> =>
  (by === forge.account ? forge : await as(by)).review(number, by, { verdict, body, at: NOON });

const only = (pulls: readonly Pull[]): Pull => {
  expect(pulls).toHaveLength(1);
  const [pull] = pulls;
  if (pull === undefined) throw new Error("no pull");
  return pull;
};

/** A bench with one open pull on a pushed branch. */
async function opened(make: () => Promise<Bench>, kind: PullDraft["kind"] = "work") {
  const bench = await make();
  const draft = draftOf(bench.base, "T-aaaa", kind);
  const head = await bench.push(draft.branch);
  return { ...bench, draft, head, number: await bench.forge.open(draft) };
}

const refused = expect.objectContaining({ name: "Fault", code: "refused", next: expect.any(String) });

/**
 * What any forge must hold. Call it in a test file with a maker of fresh benches. `unfaithful`: tests by name that the other
 * side, not ours, cannot pass, each with its reason.
 */
export function forgeContract(
  make: () => Promise<Bench>,
  unfaithful: Readonly<Record<string, string>> = {},
): void {
  const test = (name: string, claim: () => Promise<void>): void =>
    vitest(
      unfaithful[name] === undefined ? name : `${name} (not here: ${unfaithful[name]})`,
      {
        skip: unfaithful[name] !== undefined,
      },
      claim,
    );
  test("a pull shows what it was opened with, and the head of its branch", async () => {
    const { forge, draft, head, number } = await opened(make);
    expect(only(await forge.pulls())).toMatchObject({
      ...draft,
      number,
      head,
      author: forge.account,
      state: "open",
      reviews: [],
      ended: null,
    });
  });

  test("a word about a head that the pull has left behind is refused", async () => {
    const { forge, as, draft, number } = await opened(make);
    const seat = await as(ann);
    const said = { verdict: "approve", body: "", at: NOON } as const;
    const stale = seat.review(number, ann, { ...said, head: draft.base });
    await expect(stale).rejects.toMatchObject({ code: "refused" });
    expect(only(await forge.pulls()).reviews).toEqual([]);
    const head = only(await forge.pulls()).head ?? draft.base;
    await seat.review(number, ann, { ...said, head });
    expect(only(await forge.pulls()).reviews).toMatchObject([{ verdict: "approve", head }]);
  });

  test("opening a branch's pull again makes no second one, and tells the newer story", async () => {
    const { forge, draft, number } = await opened(make);
    expect(await forge.open({ ...draft, title: "Another title" })).toBe(number);
    expect(only(await forge.pulls()).title).toBe("Another title");
  });

  test("two machines that open one branch at once open one pull", async () => {
    const { forge, another, base, push } = await make();
    const draft = draftOf(base, "T-aaaa");
    await push(draft.branch);
    const others = [forge, await another(), await another()];
    const numbers = await Promise.all(others.map((f) => f.open(draft)));
    expect(new Set(numbers).size).toBe(1);
    only(await forge.pulls());
  });

  test("pulls of several branches opened at once have different numbers", async () => {
    const { forge, another, base, push } = await make();
    const drafts = ["T-aaaa", "T-bbbb", "T-cccc"].map((unit) => draftOf(base, unit));
    for (const draft of drafts) await push(draft.branch);
    const machines = [forge, await another(), await another()];
    const numbers = await Promise.all(drafts.map((d, i) => (machines[i] ?? forge).open(d)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  test("the number of a pull that ended is never given again", async () => {
    const { forge, base, push, number, journal } = await opened(make);
    await journal(number);
    await forge.end(number);
    const next = draftOf(base, "T-bbbb");
    await push(next.branch);
    expect(await forge.open(next)).toBe(number + 1);
  });

  test("a review is about the head of its moment, and a later push does not move it", async () => {
    const bench = await opened(make);
    const { forge, draft, head, number, push } = bench;
    await say(bench, number, ann, "approve", "good");
    const later = await push(draft.branch);
    const pull = only(await forge.pulls());
    expect(pull.head).toBe(later);
    expect(pull.reviews).toMatchObject([
      { by: "ann", verdict: "approve", head, body: "good", at: "2026-11-22T12:00:00Z" },
    ]);
  });

  test("reviews that many people write at once all stay", async () => {
    const { forge, as, number } = await opened(make);
    const people = ["ann", "bob", "cy", "dee", "eve", "flo"].map((l) => Login.parse(l));
    const seats = await Promise.all(people.map(async (by) => ({ by, seat: await as(by) })));
    const said = { verdict: "comment", at: NOON } as const;
    await Promise.all(seats.map(({ by, seat }) => seat.review(number, by, { ...said, body: by })));
    expect(new Set(only(await forge.pulls()).reviews.map((r) => r.by))).toEqual(new Set(people));
  });

  test("saying the same thing of the same head twice is saying it once", async () => {
    const bench = await opened(make);
    const { forge, number } = bench;
    expect(await say(bench, number, ann, "approve")).toBe(true);
    expect(await say(bench, number, ann, "approve")).toBe(false);
    expect(only(await forge.pulls()).reviews).toHaveLength(1);
    await say(bench, number, ann, "request-changes", "wait");
    await say(bench, number, ann, "approve");
    expect(only(await forge.pulls()).reviews.map((r) => r.verdict)).toHaveLength(3);
  });

  test("the fleet's own account can comment and ask for changes, and decides nothing", async () => {
    const bench = await opened(make, "question");
    const { forge, number } = bench;
    await say(bench, number, forge.account, "request-changes", "a gate failed");
    await expect(say(bench, number, forge.account, "approve")).rejects.toEqual(refused);
    await expect(say(bench, number, forge.account, "answer", "yes")).rejects.toEqual(refused);
    expect(only(await forge.pulls()).reviews.map((r) => r.verdict)).toEqual(["request-changes"]);
  });

  test("only a question can be answered", async () => {
    const bench = await opened(make);
    await expect(say(bench, bench.number, ann, "answer", "yes")).rejects.toEqual(refused);
  });

  test("a closed pull says who closed it and why, and takes no more reviews", async () => {
    const bench = await opened(make);
    const { forge, as, number } = bench;
    await (await as(ann)).close(number, ann, "we dropped it", NOON);
    await (await as(bob)).close(number, bob, "me too", NOON);
    expect(only(await forge.pulls())).toMatchObject({
      state: "closed",
      ended: { by: "ann", why: "we dropped it", at: "2026-11-22T12:00:00Z" },
    });
    await expect(say(bench, number, bob, "approve")).rejects.toEqual(refused);
  });

  test("a pull whose branch is gone has no head, and cannot be reviewed", async () => {
    const bench = await opened(make);
    const { forge, draft, number, drop } = bench;
    await drop(draft.branch);
    expect(only(await forge.pulls()).head).toBeNull();
    await expect(say(bench, number, ann, "approve")).rejects.toEqual(refused);
  });

  test("a pull that nobody opened cannot be reviewed", async () => {
    const bench = await opened(make);
    await expect(say(bench, PullNumber.parse(77), ann, "approve")).rejects.toBeInstanceOf(Fault);
  });

  test("what a person answers to a question is an answer to the head that they saw", async () => {
    const bench = await opened(make, "question");
    await say(bench, bench.number, ann, "answer", "Use the blue one.");
    expect(only(await bench.forge.pulls()).reviews).toMatchObject([
      { by: "ann", verdict: "answer", head: bench.head, body: "Use the blue one." },
    ]);
  });

  test("one pull alone can be looked at", async () => {
    const { forge, base, push, number } = await opened(make);
    const other = draftOf(base, "T-bbbb");
    await push(other.branch);
    await forge.open(other);
    expect((await forge.pulls({ only: number })).map((p) => p.number)).toEqual([number]);
  });

  test("ending a pull twice is ending it once", async () => {
    const { forge, number } = await opened(make);
    await forge.end(number);
    await forge.end(number);
    expect(await forge.pulls()).toEqual([]);
  });
}
