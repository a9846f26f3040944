import { LATER } from "../starter/starter-hub.ts";
import type { Parting } from "../actions/files.ts";
import { note, untold, wrong, type Diagnosis, type GithubFacts } from "./facts.ts";

type Hub = Pick<GithubFacts, "repository" | "web" | "config">;

const MEND = "pullbeat workflows, then commit and push";

/** A line of a file as it stands in a sentence. */
const quoted = (line: string | null): string =>
  line === null ? "nothing" : `"${line.trim().slice(0, 80)}${line.trim().length > 80 ? "…" : ""}"`;

const parted = ({ line, there, wanted }: Parting): string =>
  `line ${line} says ${quoted(there)}, and would say ${quoted(wanted)}`;

/** Every sentence of the doctor's about Actions. */
export const ACTIONS = {
  none: (): Diagnosis =>
    wrong(
      "no-workflows",
      "the fleet speaks with the token of Actions, and no workflow lets it: nothing ticks",
      `${LATER}, then commit and push`,
    ),
  missing: (path: string): Diagnosis => wrong("workflow-missing", `${path} is not there`, MEND),
  foreign: (path: string): Diagnosis =>
    wrong(
      "workflow-foreign",
      `${path} was not written by pullbeat, so nobody can tell what it lets happen`,
      `git mv it to another name, then ${LATER}`,
    ),
  drift: (path: string, parting: Parting): Diagnosis =>
    wrong("workflow-differs", `${path} is not what pullbeat workflows would write: ${parted(parting)}`, MEND),
  times: (path: string, parting: Parting): Diagnosis =>
    note("workflow-times", `${path} ticks at other times than the specs ask for: ${parted(parting)}`, MEND),
  impossible: (why: string, next: string | null): Diagnosis => wrong("workflow-impossible", why, next),
  noSecret: ({ repository }: Hub, name: string, who: string): Diagnosis =>
    wrong(
      "secret",
      `the secret ${name} is not set, and ${who} cannot work on Actions without it`,
      `gh secret set ${name} --repo ${repository}`,
    ),
  noVariable: ({ repository }: Hub, name: string, who: string): Diagnosis =>
    wrong(
      "variable",
      `the variable ${name} is not set, and ${who} cannot work on Actions without it`,
      `gh variable set ${name} --repo ${repository}; pullbeat app makes an app, and tells its number`,
    ),
  secretsUntold: (names: string, why: string, fix: string): Diagnosis =>
    untold("secret", `whether ${names} is set cannot be told: ${why}`, fix),
  off: ({ repository, web }: Hub): Diagnosis =>
    wrong(
      "actions-off",
      "Actions are switched off here, so nothing ticks",
      `gh api -X PUT repos/${repository}/actions/permissions -F enabled=true -f allowed_actions=all; or ${web}/settings/actions`,
    ),
  asleep: ({ repository }: Hub, state: string): Diagnosis =>
    wrong(
      "workflow-off",
      state === "disabled_inactivity"
        ? "GitHub has stopped the schedule, as it does after 60 days without activity in a public repository"
        : `the workflow pullbeat.yml is switched off (${state})`,
      `gh workflow enable pullbeat.yml --repo ${repository}`,
    ),
  unknown: ({ web }: Hub): Diagnosis =>
    wrong(
      "workflow-unknown",
      "GitHub knows no workflow pullbeat.yml, so it starts none by schedule: it reads its default branch alone",
      `${web}/settings: the default branch must be the one that holds the fleet`,
    ),
  failed: ({ repository }: Hub, run: { id: number; ended: string }): Diagnosis =>
    wrong(
      "last-run",
      `the last tick on Actions ended as ${run.ended}`,
      `gh run view ${run.id} --log-failed --repo ${repository}`,
    ),
  stateUntold: (what: string, why: string, fix: string): Diagnosis =>
    untold("actions", `${what} cannot be told: ${why}`, fix),
} as const;
