import type { Login } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Clock } from "../../port/clock.ts";
import type { Refs } from "../../port/repo.ts";
import type { Client } from "./client.ts";
import type { PullJson } from "./json.ts";
import type { Bucket } from "./limit.ts";
import type { Voices } from "./reviews.ts";

/** One repository on GitHub as this process knows it. What it remembers only saves questions; nothing rests on it. */
export interface Hub extends Voices {
  client: Client;
  /** The second identity's; null without one. */
  second: Client | null;
  repository: { owner: string; name: string };
  /** Where people look: `https://github.com/owner/name`. */
  web: string;
  /** The base branch. */
  branch: string;
  clock: Clock;
  bucket: Bucket;
  /** Told what people who set things up should know. */
  warn: (line: string) => void;
  memory: Memory;
}

export interface Memory {
  /** The fleet's pulls by branch, as they were listed last; null when nothing was listed yet. */
  listed: Map<string, PullJson> | null;
  /** The same as they were told; null when nothing was told yet. */
  pulls: readonly Pull[] | null;
  /** Pulls that the journal has taken over. */
  ended: Set<number>;
  /** The refs of the last reading. */
  refs: Refs | null;
  /** People whom GitHub does not let us ask. */
  unasked: Set<Login>;
  /** The token is a person's, and GitHub lets only apps make check runs. */
  noChecks: boolean;
  /** What people say and the token may not read; that was told once. */
  deaf: Set<string>;
}

export const freshMemory = (): Memory => ({
  listed: null,
  pulls: null,
  ended: new Set(),
  refs: null,
  unasked: new Set(),
  noChecks: false,
  deaf: new Set(),
});
