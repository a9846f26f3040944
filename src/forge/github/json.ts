import { z } from "zod";
import { Instant, Sha } from "../../domain/id.ts";

/** GitHub's JSON, as far as pullbeat reads it. Anything else in it may come and go. */
const User = z.object({ login: z.string(), type: z.string() });

const Side = z.object({
  ref: z.string(),
  sha: Sha,
  /** Null when its repository was deleted. */
  repo: z.object({ full_name: z.string() }).nullable(),
});

export const PullJson = z.object({
  number: z.int().positive(),
  state: z.enum(["open", "closed"]),
  title: z.string(),
  body: z.string().nullable(),
  user: User.nullable(),
  html_url: z.string(),
  created_at: Instant,
  updated_at: Instant,
  closed_at: Instant.nullable(),
  merged_at: Instant.nullable(),
  merge_commit_sha: Sha.nullable(),
  labels: z.array(z.object({ name: z.string() })),
  requested_reviewers: z.array(User).nullish(),
  head: Side,
  base: Side,
});
export type PullJson = z.infer<typeof PullJson>;

export const WholePullJson = PullJson.extend({ merged_by: User.nullable() });
export type WholePullJson = z.infer<typeof WholePullJson>;

export const ReviewJson = z.object({
  id: z.int(),
  user: User.nullable(),
  body: z.string().nullable(),
  state: z.string(),
  /** Null for a review that is of no commit any more. */
  commit_id: Sha.nullish(),
  submitted_at: Instant.nullish(),
});
export type ReviewJson = z.infer<typeof ReviewJson>;

export const IssueJson = z.object({ closed_by: User.nullish() });
export const CommentJson = z.object({
  user: User.nullable(),
  body: z.string().nullish(),
  created_at: Instant,
});
/** The app through which somebody's account was used; null where they used it themselves. */
const Via = z.object({ slug: z.string().optional() }).nullish();
/** A comment among all of a repository. */
export const RemarkJson = z.object({
  id: z.int().positive(),
  user: User.nullable(),
  body: z.string().nullish(),
  created_at: Instant,
  updated_at: Instant,
  issue_url: z.string(),
  performed_via_github_app: Via,
  reactions: z.object({ "+1": z.int() }).nullish(),
});
export type RemarkJson = z.infer<typeof RemarkJson>;
export const WishJson = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  user: User.nullable(),
  created_at: Instant,
  state_reason: z.string().nullish(),
  performed_via_github_app: Via,
  /** Pulls are issues too. */
  pull_request: z.unknown().optional(),
});
export type WishJson = z.infer<typeof WishJson>;
export const EventJson = z.object({ event: z.string(), created_at: Instant });
export const MergedJson = z.object({ sha: Sha, merged: z.literal(true) });
export const CheckRunsJson = z.object({
  total_count: z.int().nonnegative(),
  check_runs: z.array(
    z.object({
      name: z.string(),
      head_sha: Sha,
      status: z.string(),
      conclusion: z.string().nullable(),
      app: z.object({ id: z.int(), slug: z.string().optional() }).nullable(),
    }),
  ),
});
export const Anything = z.unknown();
