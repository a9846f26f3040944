import { z } from "zod";
import type { Change } from "../change.ts";
import type { Locate } from "../finding.ts";
import { Glob, matchesAny } from "../glob.ts";
import { TaskId } from "../id.ts";
import { nearest } from "../text/near.ts";
import { fold } from "../path.ts";
import { all } from "../reason.ts";

/** What can be done to the outside world, by the name that the config gives it: `campaign.pause`. */
const EffectName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/, "expected lower-case words such as campaign.pause")
  .max(60);

/** The name of an effect, or a pattern of names. */
export const EffectGlob = z
  .string()
  .regex(/^[a-z*][a-z0-9.*-]*$/, "expected an effect's name, or a pattern such as campaign.*")
  .max(60);

/** What people let be done, in the config: what is not listed cannot be proposed. */
const EffectSettings = z.strictObject({
  class: z
    .enum(["reversible", "irreversible"])
    .describe("`irreversible`: it needs a person, whatever a grant says."),
  target: z
    .array(Glob)
    .min(1)
    .describe("What it may act on: names, or patterns in which `*` stops at a slash. Case counts."),
});

/** The effects that there are, by name. */
export const Effects = z.record(EffectName, EffectSettings);
export type Effects = z.infer<typeof Effects>;

const MOST_ARGS = 20;

/** Text that reads as what it is: on one line, and all of it seen. */
const isPlain = (text: string): boolean => !/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u.test(text);

const Arg = z.union([
  z.string().max(500).refine(isPlain, "expected text on one line, without characters that cannot be seen"),
  z.number(),
  z.boolean(),
]);

/** The front matter of `board/effects/<id>.md`: one thing to do to the outside world, and for which task. */
export const Effect = z.strictObject({
  effect: EffectName.describe("Its name in the config's `effects`."),
  target: z
    .string()
    .regex(
      /^[A-Za-z0-9][\w.:@+-]*(?:\/[A-Za-z0-9][\w.:@+-]*)*$/,
      "expected a name of ASCII letters, digits and . _ : @ + -, in parts between slashes that begin with a letter or digit",
    )
    .max(120)
    .describe("What it acts on, by the name that the outside world has for it."),
  args: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, "expected a lower-case name of at most 40 letters"),
      Arg,
    )
    .default({})
    .refine((args) => Object.keys(args).length <= MOST_ARGS, `expected at most ${MOST_ARGS} args`)
    .describe("Texts, numbers and booleans, by name."),
  task: TaskId.describe("The task that it belongs to."),
});
export type Effect = z.infer<typeof Effect>;

/** An effect as it stands in a tree. The body says why. */
export interface EffectFile {
  effect: Effect;
  body: string;
  path: string;
  blob: string;
  /** For findings about one of its keys. */
  at: Locate;
}

/** An effect that an open pull would add. */
export interface Proposed {
  path: string;
  effect: Effect;
}

/** True below `board/effects/`, also for names that a careless file system takes for it. */
export const isEffectPath = (path: string): boolean => fold(path).startsWith("board/effects/");

/** True for the one place where an effect can stand. Its id is the file's name: `E-8k2f`, or a slug; a README is none. */
export function placesEffect(path: string): boolean {
  const [, id] = /^board\/effects\/(E-[a-z0-9]{4,12}|[a-z0-9]+(?:-[a-z0-9]+)*)\.md$/.exec(path) ?? [];
  return id !== undefined && id !== "readme" && id.length <= 48;
}

/** The effect that a change adds; null for one that adds none, or none that can be read. `front`: its front matter. */
export function proposedIn(
  { path, oldMode }: Pick<Change, "path" | "oldMode">,
  front: unknown,
): Proposed | null {
  const read = oldMode === "000000" && placesEffect(path) ? Effect.safeParse(front) : null;
  return read?.success === true ? { path, effect: read.data } : null;
}

/** The settings of an effect; undefined when the config does not list it. */
export const settingsOf = (effects: Effects, name: string): Effects[string] | undefined =>
  Object.hasOwn(effects, name) ? effects[name] : undefined;

/** Why a config does not let an effect be, and by which key of the effect; null when it does. */
export function misfitOf(
  { effect: name, target }: Effect,
  effects: Effects,
): { key: "effect" | "target"; says: string } | null {
  const settings = settingsOf(effects, name);
  if (settings === undefined) {
    const names = Object.keys(effects);
    const near = nearest(name, names);
    const known = names.length === 0 ? "it lists none" : `it lists ${all(names)}`;
    const meant = near === null ? known : `did you mean ${near}?`;
    return { key: "effect", says: `the config lists no effect ${name}; ${meant}` };
  }
  if (matchesAny(settings.target, target)) return null;
  return {
    key: "target",
    says: `${name} may not act on ${target}; the config lets it act on ${all(settings.target, "or")}`,
  };
}
