import type { GithubConfig } from "../domain/config.ts";
import type { Login } from "../domain/id.ts";
import type { Clock } from "../port/clock.ts";
import type { Forge } from "../port/forge.ts";
import { apiOf, webOf } from "./github/address.ts";
import { checksOn } from "./github/checks.ts";
import { clientOf } from "./github/client.ts";
import { close, end, mergeThere } from "./github/end.ts";
import { freshMemory, type Hub } from "./github/hub.ts";
import { bucket } from "./github/limit.ts";
import { listPulls } from "./github/listing.ts";
import { open } from "./github/open.ts";
import { say } from "./github/say.ts";
import { note, show } from "./github/show.ts";
import { talkOf } from "./github/talk.ts";

export interface GithubParts {
  config: GithubConfig;
  repository: { owner: string; name: string };
  /** The base branch. */
  branch: string;
  /** Where the tokens are looked up, by the names in the config. */
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  version: string;
  /** Told what people who set things up should know. */
  warn: (line: string) => void;
  /** Milliseconds that a second of waiting for GitHub takes; 1000 without it. */
  second?: number;
}

/**
 * Pulls as GitHub's pull requests, over REST. A pull is the fleet's when its account opened it from a proposal's branch of
 * this very repository; titles, labels, comments and what stands in a body decide nothing. Reviews count by their author
 * and commit, and apps' never.
 */
export function githubForge(parts: GithubParts): Forge {
  const hub = hubOf(parts);
  return {
    kind: "github",
    web: hub.web,
    account: hub.account,
    hearsay: true,
    pulls: (seen = {}) => listPulls(hub, seen),
    fence: () => null,
    open: (draft, showing) => open(hub, draft, showing),
    show: (pull, showing) => show(hub, pull, showing),
    note: (pull, noted) => note(hub, pull, noted),
    review: (number, by, said) => say(hub, number, by, said),
    checks: (head) => checksOn(hub, head),
    merge: (number, what) => mergeThere(hub, number, what),
    close: (number, by, why) => close(hub, number, { by, why }),
    talk: talkOf(hub),
    end: (number) => end(hub, number),
  };
}

function hubOf({ config, repository, branch, env, clock, version, warn, second }: GithubParts): Hub {
  const writes = bucket();
  const api = apiOf(config, env);
  const client = (name: string) =>
    clientOf({
      api,
      repository,
      token: { name, value: env[name] ?? "" },
      clock,
      bucket: writes,
      version,
      ...(second === undefined ? {} : { second }),
    });
  const { reviewer } = config;
  return {
    account: config.account,
    reviewer: (reviewer?.account ?? null) satisfies Login | null,
    client: client(config.token),
    second: reviewer === undefined ? null : client(reviewer.token),
    repository,
    web: `${webOf(api)}/${repository.owner}/${repository.name}`,
    branch,
    clock,
    bucket: writes,
    warn,
    memory: freshMemory(),
  };
}
