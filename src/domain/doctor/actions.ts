import { isOurs, partingOf, workflowFiles } from "../actions/files.ts";
import { voicesOf, type Voices } from "../actions/identity.ts";
import { sourceIn, type ActionSource } from "../actions/pins.ts";
import { TICK } from "../actions/tick-workflow.ts";
import { Fault } from "../fault.ts";
import type { Fleet } from "../snapshot.ts";
import type { Diagnosis } from "./facts.ts";
import { ACTIONS } from "./actions-words.ts";

/** The workflows that lie at the tip, by path; null for one that is no text. */
export type Workflows = ReadonlyMap<string, string | null>;

/** Whether Actions are to let this fleet tick. */
export const ticksOnActions = (there: Workflows): boolean => there.has(TICK);

/** Where the tick's workflow takes pullbeat from; null without one of ours. */
export const sourceAt = (there: Workflows): ActionSource | null => sourceIn(there.get(TICK) ?? "");

/** What is wrong with the workflows at the tip: none where one is needed, somebody else's, or other ones than the fleet asks for today. */
export function workflowFindings({ config, agents, tasks }: Fleet, there: Workflows, now: Date): Diagnosis[] {
  if (!ticksOnActions(there))
    return config.forge.kind === "github" && config.forge.account === "github-actions[bot]"
      ? [ACTIONS.none()]
      : [];
  const source = sourceAt(there);
  if (source === null) return [ACTIONS.foreign(TICK)];
  try {
    const { files } = workflowFiles({ config, agents, tasks }, source, now);
    return [...files].flatMap(([path, wanted]) => differing(path, there.get(path), wanted));
  } catch (error) {
    if (error instanceof Fault) return [ACTIONS.impossible(error.message, error.next ?? null)];
    throw error;
  }
}

function differing(path: string, text: string | null | undefined, wanted: string): Diagnosis[] {
  if (text === undefined) return [ACTIONS.missing(path)];
  if (text === null || !isOurs(text)) return [ACTIONS.foreign(path)];
  const parting = partingOf(text, wanted);
  if (parting === null) return [];
  return [isOnlyTimes(text, wanted) ? ACTIONS.times(path, parting) : ACTIONS.drift(path, parting)];
}

const CRON = /^ {4}- cron: ".*"\n/gm;

/** Times follow from the week that is looked at, too: what comes once a month is in one of four. */
const isOnlyTimes = (there: string, wanted: string): boolean =>
  partingOf(there.replaceAll(CRON, ""), wanted.replaceAll(CRON, "")) === null;

/** Names that the workflows look up, with who needs them; values are nobody's to see. */
export interface Needed {
  secrets: ReadonlyMap<string, string>;
  variables: ReadonlyMap<string, string>;
}

/** What must be set on GitHub before the workflows can do their work. */
export function neededOn({ config, agents }: Pick<Fleet, "config" | "agents">): Needed {
  const active = [...agents.values()].map((a) => a.spec).filter((s) => s.status === "active");
  const models = active.filter((s) => s.engine.kind === "openai").map((s) => s.name);
  const secrets = new Map<string, string>();
  const [first] = models;
  if (first !== undefined)
    secrets.set(config.engines.openai.key, models.length > 1 ? `${first} and others` : first);
  for (const { name, engine } of active)
    if (engine.kind === "command") for (const variable of engine.env) secrets.set(variable, name);
  const { main, reviewer } = voicesOf(config);
  const voices = [main, ...(reviewer === null ? [] : [reviewer])];
  for (const voice of voices) for (const name of secretsOf(voice)) secrets.set(name, "the whole fleet");
  const apps = voices.filter((v) => v.kind === "app");
  return { secrets, variables: new Map(apps.map((v) => [v.id, "the whole fleet"])) };
}

const secretsOf = (voice: Voices["main"]): string[] =>
  voice.kind === "app" ? [voice.key] : voice.kind === "secret" ? [voice.variable] : [];
