import { z } from "zod";

/** Commit, tree or blob id: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits. */
export const Sha = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "expected a full git object id")
  .brand<"Sha">();
export type Sha = z.infer<typeof Sha>;

/** An agent's name: its file is `agents/<name>.md`, so it is safe as a file and a ref name by construction. */
export const AgentName = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    "expected lower-case letters, digits and single hyphens, starting with a letter",
  )
  .max(40)
  .brand<"AgentName">();
export type AgentName = z.infer<typeof AgentName>;

/** `T-` and 4 or more random characters without look-alikes, or a slug that a person chose. */
export const TaskId = z
  .string()
  .regex(
    /^(?:T-[a-z0-9]{4,12}|[a-z0-9]+(?:-[a-z0-9]+)*)$/,
    "expected an id such as T-8k2f, or a lower-case slug",
  )
  .max(48)
  .brand<"TaskId">();
export type TaskId = z.infer<typeof TaskId>;

/** A UTC minute, `20261122T0700Z`. */
export const Minute = z
  .string()
  .regex(/^\d{8}T\d{4}Z$/, "expected a UTC minute such as 20261122T0700Z")
  .brand<"Minute">();
export type Minute = z.infer<typeof Minute>;

/** What is claimed, worked and merged: a task `T-8k2f`, or one occurrence of a duty `T-8k2f@20261122T0700Z`. */
export const Unit = z
  .string()
  .regex(/^(?:T-[a-z0-9]{4,12}|[a-z0-9]+(?:-[a-z0-9]+)*)(?:@\d{8}T\d{4}Z)?$/)
  .brand<"Unit">();
export type Unit = z.infer<typeof Unit>;

/** When a beat is due: a UTC minute, or `manual-<id>` for one asked for by hand. */
export const SlotTime = z
  .string()
  .regex(/^(?:\d{8}T\d{4}Z|manual-[a-z0-9]{4,12})$/, "expected a UTC minute or manual-<id>")
  .brand<"SlotTime">();
export type SlotTime = z.infer<typeof SlotTime>;

export const PullNumber = z.int().positive().brand<"PullNumber">();
export type PullNumber = z.infer<typeof PullNumber>;

/** An account's name on the forge; those of apps end in `[bot]`. */
export const Login = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,60}[A-Za-z0-9])?(?:\[bot\])?$/, "expected an account name")
  .brand<"Login">();
export type Login = z.infer<typeof Login>;

/** An instant as ISO 8601 in UTC with seconds, `2026-11-22T07:00:00Z`. */
export const Instant = z.iso.datetime().brand<"Instant">();
export type Instant = z.infer<typeof Instant>;

export const unitOf = (task: TaskId, at?: Minute): Unit =>
  Unit.parse(at === undefined ? task : `${task}@${at}`);

export const taskOf = (unit: Unit): TaskId => TaskId.parse(unit.split("@", 1)[0]);

export const minuteOf = (at: Date): Minute =>
  Minute.parse(`${at.toISOString().slice(0, 16).replaceAll(/[-:]/g, "")}Z`);

export const instantOf = (at: Date): Instant => Instant.parse(`${at.toISOString().slice(0, 19)}Z`);

/** The start of a minute, as a Date. */
export function dateOf(minute: Minute): Date {
  const [, y, mo, d, h, mi] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z$/.exec(minute) ?? [];
  return new Date(`${y}-${mo}-${d}T${h}:${mi}:00Z`);
}

/** Letters and digits that people do not confuse when they read an id aloud (no i, l, o, 0, 1). */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

/** A source of chance: returns a whole number in [0, below). Passed in, so that tests can fix it. */
export type Chance = (below: number) => number;

export function randomId(chance: Chance, length: number): string {
  return Array.from({ length }, () => ALPHABET[chance(ALPHABET.length)]).join("");
}

/** A fresh task id that `taken` does not hold; grows by a character when four collide too often. */
export function mintTaskId(chance: Chance, taken: { has(id: TaskId): boolean }): TaskId {
  for (let tries = 0; ; tries++) {
    const id = TaskId.parse(`T-${randomId(chance, Math.min(12, 4 + Math.floor(tries / 8)))}`);
    if (!taken.has(id)) return id;
  }
}

/** The chance by which these ids would be minted again, one after another; then the first letter, for ever. */
export function chanceOf(ids: readonly TaskId[]): Chance {
  const letters = ids.flatMap((id) => id.slice(2).split("")).values();
  return () => Math.max(0, ALPHABET.indexOf(letters.next().value ?? ""));
}
