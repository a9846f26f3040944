import { Policy } from "../../src/domain/clearance/policy.ts";
import {
  at,
  BASE,
  but,
  change,
  config,
  dual,
  effect,
  effectful,
  granted,
  HEAD,
  housekeeping,
  human,
  login,
  OLDER,
  question,
  REPORTS,
  review,
  routine,
  solo,
  type Stage,
} from "./ruling.ts";

/** Stages on which everybody keeps to the rules, however oddly: they merge. */
export const honest: Record<string, Stage> = {
  "an irreversible effect that a person approved": but(effectful(), {
    effects: [effect({ effect: "campaign.launch" })],
  }),
  "an effect that some raise is not about": but(granted(), {
    policy: Policy.parse({
      grant: [{ ...REPORTS, effect: ["campaign.*"] }],
      raise: [{ id: "a", effect: ["post.*"], tier: "dual" }],
    }),
  }),
  "an approval of an older head with the identical change": but(human(), {
    reviews: [review("ann", "approve", { head: OLDER })],
    identities: new Map([
      [HEAD, "the change"],
      [OLDER, "the change"],
    ]),
  }),
  "an approval of this very head, whatever can be told of its change": but(human(), {
    identities: new Map([[HEAD, null]]),
  }),
  "an approval after the same person's request for changes": but(human(), {
    reviews: [review("ann", "request-changes"), review("ann", "approve", { at: at(3) })],
  }),
  "a comment after the approval": but(human(), {
    reviews: [review("ann", "approve"), review("ann", "comment", { at: at(4) })],
  }),
  "a co-author's approval where the roster holds nobody else": but(human(), {
    config: config(["ann"]),
    coauthors: [login("ann")],
  }),
  "two approvals where nobody knows whose a commit is": but(human(), {
    stranger: true,
    reviews: [review("ann", "approve"), review("bob", "approve")],
  }),
  "everybody's approval where nobody knows whose a commit is": but(dual(), { stranger: true }),
  "the only person's approval where nobody knows whose a commit is": but(human(), {
    config: config(["ann"]),
    stranger: true,
  }),
  "three approvals of a change for two where nobody knows whose a commit is": but(dual(), {
    config: config(["ann", "bob", "eve"]),
    stranger: true,
    reviews: ["ann", "bob", "eve"].map((by) => review(by, "approve")),
  }),
  "a founder's two approvals where nobody knows whose a commit is": but(solo(), { stranger: true }),
  "work that a grant lets in, whoever may have committed to it": but(routine(), { stranger: true }),
  "a request for changes by a stranger": but(human(), {
    reviews: [review("ann", "approve"), review("mallory", "request-changes")],
  }),
  "an approval from the very base": but(human(), { reviews: [review("ann", "approve", { base: BASE })] }),
  "an approval that is weeks old": but(human(), { now: new Date("2026-12-24T12:00:00Z") }),
  "a person's approval of what a grant does not cover": but(routine(), {
    taskKind: "page",
    reviews: [review("bob", "approve")],
  }),
  "a person's approval after a grant was used up": but(routine(), {
    used: new Map([["reports", 2]]),
    reviews: [review("bob", "approve")],
  }),
  "the last use of a grant today": but(routine(), { used: new Map([["reports", 1]]) }),
  "a change of the config that two people approved": but(dual(), {
    policy: Policy.parse({}),
    changes: [change(".github/pullbeat.yml")],
  }),
  "a co-author as the second of two where nobody else is left": but(dual(), { coauthors: [login("ann")] }),
  "a founder's second approval of this very moment": but(solo(), { now: new Date(at(10)) }),
  "a founder's second approval an hour after the first": but(solo(), {
    reviews: [review("ann", "approve"), review("ann", "approve", { at: at(60) })],
  }),
  "a founder's third approval, the second of which came too early": but(solo(), {
    reviews: [
      review("ann", "approve"),
      review("ann", "approve", { at: at(5) }),
      review("ann", "approve", { at: at(11) }),
    ],
  }),
  "a gate that only a higher tier asks for": but(human(), {
    policy: Policy.parse({ tiers: { dual: { gates: ["tone"] } } }),
  }),
  "a question, whatever gates work needs": but(question(), {
    policy: Policy.parse({ tiers: { human: { gates: ["tone"] } } }),
    required: ["links"],
  }),
  "housekeeping, whatever gates work needs": but(housekeeping(), {
    policy: Policy.parse({ tiers: { routine: { gates: ["tone"] } } }),
    required: ["links"],
  }),
  "a founder's two approvals with a comment and a stranger's word between": but(solo(), {
    reviews: [
      review("ann", "approve"),
      review("ann", "comment", { at: at(2) }),
      review("mallory", "request-changes", { at: at(3) }),
      review("ann", "approve", { at: at(12) }),
    ],
  }),
  "a founder's second approval in time, and a third from a time to come": but(solo(), {
    reviews: [
      review("ann", "approve"),
      review("ann", "approve", { at: at(12) }),
      review("ann", "approve", { at: at(600) }),
    ],
  }),
  "an agent whose first five pulls are just over": but(routine(), { proven: 5 }),
  "as many files as somebody may look through": but(human(), {
    changes: Array.from({ length: 3000 }, (_, i) => change(`reports/${i}.md`)),
  }),
  "as many files as a raise lets pass": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", files_over: 2, tier: "dual" }] }),
  }),
  "a raise that is about something else": but(routine(), {
    policy: Policy.parse({ grant: [REPORTS], raise: [{ id: "a", any_path: ["pages/**"], tier: "dual" }] }),
  }),
  "a raise whose conditions are not all so": but(routine(), {
    policy: Policy.parse({
      grant: [REPORTS],
      raise: [{ id: "a", kind: ["report"], files_over: 40, tier: "dual" }],
    }),
  }),
  "housekeeping that a person approved": but(housekeeping(), {
    regenerated: false,
    reviews: [review("ann", "approve")],
  }),
};
