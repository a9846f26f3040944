import type { Config } from "../config.ts";
import { Fault } from "../fault.ts";
import type { Login } from "../id.ts";
import type { Steps } from "./pins.ts";

/** How a job comes by the token of an account of the fleet's; `variable`: where the config looks it up. */
type Voice =
  /** The token that Actions gives to each job. */
  | { kind: "job"; variable: string }
  /** A person's or a machine user's, kept as a secret of the variable's name. */
  | { kind: "secret"; variable: string }
  /** An app's, made in the job from the app's id (a variable) and its key (a secret). */
  | { kind: "app"; variable: string; step: string; id: string; key: string };

/** Who speaks on GitHub for a fleet. */
export interface Voices {
  main: Voice;
  reviewer: Voice | null;
  /** Accounts of the fleet's that look like people there; what they do wakes nobody. */
  machines: readonly Login[];
}

const ACTIONS = "github-actions[bot]";

/** Who speaks, by the config. Where pulls live in the remote, jobs use what Actions gives them. */
export function voicesOf({ forge, fleet }: Pick<Config, "forge" | "fleet">): Voices {
  if (forge.kind === "local")
    return { main: { kind: "job", variable: "GITHUB_TOKEN" }, reviewer: null, machines: [] };
  const { account, token, reviewer } = forge;
  if (reviewer?.token === token)
    throw new Fault("config", `${token} cannot hold the tokens of both ${account} and ${reviewer.account}`, {
      expected: "a variable for each account",
      next: "name another one under `forge.reviewer.token` in .github/pullbeat.yml, such as GATES_TOKEN",
    });
  const accounts = [account, ...(reviewer === undefined ? [] : [reviewer.account]), ...fleet.accounts];
  return {
    main: voiceOf(account, token, { step: "app", prefix: "PULLBEAT" }),
    reviewer:
      reviewer === undefined
        ? null
        : voiceOf(reviewer.account, reviewer.token, { step: "reviewer", prefix: "PULLBEAT_REVIEWER" }),
    machines: accounts.filter((login) => !login.endsWith("[bot]")),
  };
}

function voiceOf(
  account: Login,
  variable: string,
  { step, prefix }: { step: string; prefix: string },
): Voice {
  if (account === ACTIONS) return { kind: "job", variable };
  if (account.endsWith("[bot]"))
    return { kind: "app", variable, step, id: `${prefix}_APP_ID`, key: `${prefix}_APP_KEY` };
  if (!variable.startsWith("GITHUB_")) return { kind: "secret", variable };
  throw new Fault("config", `${variable} cannot be ${account}'s token on Actions`, {
    expected: "a secret's name, and GitHub lets none begin with GITHUB_",
    next: "name another variable beside that account in .github/pullbeat.yml, such as FLEET_TOKEN",
  });
}

/** The token as an expression. */
function tokenOf(voice: Voice): string {
  switch (voice.kind) {
    case "job":
      return "${{ github.token }}";
    case "secret":
      return `\${{ secrets.${voice.variable} }}`;
    case "app":
      return `\${{ steps.${voice.step}.outputs.token }}`;
    default:
      return voice satisfies never;
  }
}

/** What a step of pullbeat's needs to speak: the steps before it, and its environment; `reviews`: as the second account too. */
export function speaking(
  { main, reviewer }: Voices,
  pullbeat: Steps,
  { reviews }: { reviews: boolean },
): { before: string[]; token: string; env: string[] } {
  const voices = reviews && reviewer !== null ? [main, reviewer] : [main];
  return {
    before: voices.flatMap((voice) => minted(voice, pullbeat)),
    token: `"${tokenOf(main)}"`,
    env: voices.flatMap((voice) =>
      // The action itself puts the token of git there, which is the first account's.
      voice === main && voice.kind === "job" && voice.variable === "GITHUB_TOKEN"
        ? []
        : [`${voice.variable}: ${tokenOf(voice)}`],
    ),
  };
}

/** The one step that sees an app's key. */
const minted = (voice: Voice, pullbeat: Steps): string[] =>
  voice.kind === "app"
    ? pullbeat.run(
        {
          job: "token",
          "app-id": `"\${{ vars.${voice.id} }}"`,
          "app-key": `"\${{ secrets.${voice.key} }}"`,
        },
        [`id: ${voice.step}`],
      )
    : [];

/**
 * `permissions:` of a job that speaks: those of its own token, where another one is used only to read. Jobs that settle
 * answer in issues, too.
 */
export const permissionsOf = (
  { main, reviewer }: Voices,
  { reviews, more = [] }: { reviews: boolean; more?: readonly string[] },
): string =>
  [
    ...more,
    ...(main.kind === "job"
      ? ["checks: write", "contents: write", `issues: ${reviews ? "write" : "read"}`, "pull-requests: write"]
      : ["contents: read", ...(reviews && reviewer?.kind === "job" ? ["pull-requests: write"] : [])]),
  ]
    .map((line) => `      ${line}`)
    .join("\n");
