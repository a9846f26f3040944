import { workflowFiles } from "../actions/files.ts";
import { monthOf, type Month } from "../actions/month.ts";
import { sourceIn, type ActionSource } from "../actions/pins.ts";
import { TICK } from "../actions/tick-workflow.ts";
import type { Config } from "../config.ts";
import type { Founder } from "./person.ts";
import type { Found, Wish } from "./starter.ts";

const CONFIG = ".github/pullbeat.yml";

/** The lines of a template's config that say where pulls live. */
const LOCAL = `# Pulls live in the git remote itself. Whoever may push to the remote may approve.
forge: { kind: local }
`;
const GITHUB = `# Pulls are pull requests, opened with the token that Actions gives to each job.
forge: { kind: github, account: "github-actions[bot]", token: GITHUB_TOKEN }
`;

/** A template whose pulls are pull requests. */
export const onGithub = (template: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...template].map(([path, text]) => [path, path === CONFIG ? text.replace(LOCAL, GITHUB) : text]));

/** What a beginning on GitHub comes to besides the template: the workflows, what a month of them costs, and what to know. */
interface HubPart {
  files: ReadonlyMap<string, string>;
  notes: string[];
  month: Month | null;
}

const NOTHING: HubPart = { files: new Map(), notes: [], month: null };

export function hubOf(found: Found, { github }: Wish): HubPart {
  const { fleet, there, origin } = found;
  if (github === undefined)
    return { ...NOTHING, notes: isOnGithub(origin) && !there.has(CONFIG) ? [WORDS.could()] : [] };
  const config = fleet?.config ?? null;
  if (fleet === null || config === null) return { ...NOTHING, notes: [WORDS.unreadable()] };
  const ready = { ...fleet, config };
  const source = github.source ?? sourceIn(there.get(TICK) ?? "");
  return {
    files: source === null ? NOTHING.files : workflowFiles(ready, source, github.now).files,
    month: monthOf({ now: github.now, fleet: ready, journal: { records: [] } }),
    notes: notesOn(config, origin, source),
  };
}

const notesOn = ({ forge }: Config, origin: string | null, source: ActionSource | null): string[] => [
  ...(forge.kind === "local" ? [WORDS.local()] : []),
  ...(source === null ? [WORDS.later()] : []),
  ...(origin === null || isOnGithub(origin) ? [] : [WORDS.elsewhere(origin)]),
];

/** Whether a remote is one of GitHub's own; a server of one's own cannot be told by its name. */
export const isOnGithub = (origin: string | null): boolean =>
  /^(?:\w+:\/\/)?(?:[^/@]+@)?(?:ssh\.)?github\.com[:/]/i.test(origin ?? "");

/** GitHub knows people by their account alone, and an e-mail address rarely tells it. */
export const nameNote = (founder: Founder | null, { github, login }: Wish): string[] =>
  github === undefined ||
  login !== undefined ||
  founder === null ||
  /@users\.noreply\.github\.com$/i.test(founder.email)
    ? []
    : [WORDS.name(founder.login)];

/** What to type once it is known which commit of pullbeat shall run. */
export const LATER = 'pullbeat workflows --action "<owner>/pullbeat@<full commit id> # v0.1.0"';

/** Every sentence of `init`'s about GitHub. */
const WORDS = {
  could: () =>
    "origin is on GitHub: with --github pulls are pull requests, and Actions let the fleet work by its schedules",
  unreadable: () => `${CONFIG} cannot be read, so no workflow was made: pullbeat check, then ${LATER}`,
  local: () =>
    `your ${CONFIG} keeps pulls in the remote; for pull requests it needs \`forge: { kind: github, account: "github-actions[bot]", token: GITHUB_TOKEN }\``,
  later: () =>
    `no workflow was written: which commit of pullbeat it should run is not known here, and one that names none could not run. \`git ls-remote https://github.com/<owner>/pullbeat "v*"\` lists the commit of each release (a line that ends in ^{} counts, where there is one); then: ${LATER}`,
  name: (login: string) =>
    `the roster calls you ${login}, after your e-mail: approvals count for the account of that name on GitHub, so put yours there (--login, or \`gh api user --jq .login\`)`,
  elsewhere: (origin: string) =>
    // A URL may hold a token.
    `origin is ${origin.replace(/\/\/[^/@]*@/, "//")}: if the repository is elsewhere on GitHub, name it as \`repository: owner/name\` under \`forge\` in ${CONFIG}`,
};
