import { Fault } from "../fault.ts";
import type { NextCommand } from "../starter/starter-words.ts";
import { ROLES, type MadeApp, type Role } from "./manifest.ts";

/** Where an app is put on a repository. */
export const installOf = (host: string, { slug }: Pick<MadeApp, "slug">): string =>
  `${host}/apps/${slug}/installations/new`;

/** What to do with an app that has just been made, in order. `key`: the file that holds its private key. */
export function appSteps(
  app: MadeApp,
  where: { role: Role; host: string; repository: string; key: string },
): NextCommand[] {
  const { role, host, repository, key } = where;
  return [
    { command: installOf(host, app), about: `open it: install the app on ${repository} alone` },
    {
      command: `gh variable set ${role.id} --repo ${repository} --body ${app.id}`,
      about: "so that workflows find the app",
    },
    {
      command: `gh secret set ${role.key} --repo ${repository} < ${quoted(key)}`,
      about: "so that they can speak for it",
    },
    { command: `rm ${quoted(key)}`, about: "GitHub keeps it now; a lost one is made anew on the app's page" },
    configured(role, `${app.slug}[bot]`),
    { command: "pullbeat workflows", about: "workflows with its token; then commit and push" },
  ];
}

const configured = (role: Role, account: string): NextCommand =>
  role === ROLES.fleet
    ? {
        command: `forge: { kind: github, account: "${account}" }`,
        about: "in .github/pullbeat.yml: from now on the fleet's pulls are the app's",
      }
    : {
        command: `reviewer: { account: "${account}", token: GATES_TOKEN }`,
        about: "under `forge` in .github/pullbeat.yml: from now on gates review as the app",
      };

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;

/** Ends of the wait in which nothing was made. */
export const APP_FAULTS = {
  late: (minutes: number) =>
    new Fault("refused", `nobody came back from GitHub within ${minutes} minutes: nothing was kept`, {
      next: "pullbeat app; an app that GitHub did make stands at https://github.com/settings/apps, to be deleted there",
    }),
  unasked: () =>
    new Fault("refused", "--page waits for the address that your browser ends at, and nobody sits here", {
      expected: "a terminal",
      next: "without --page, on a machine that you reach by `ssh -L 8765:127.0.0.1:8765`: pullbeat app --port 8765",
    }),
  refused: (why: string) => new Fault("refused", `${why}: nothing was made of it`, { next: "pullbeat app" }),
};
