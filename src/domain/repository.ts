import { Fault } from "./fault.ts";

/** A repository on a forge. */
export interface Repository {
  owner: string;
  name: string;
}

/** A remote in a folder, which no forge serves. */
const FOLDER = /^(?:[./~]|[A-Za-z]:[\\/]|file:)/;

/** `owner/name` as a config says it, or else as a remote's URL ends. */
export function repositoryOf(named: string | undefined, url: string): Repository {
  const [, owner, name] = /(?:^|[/:])([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(named ?? url) ?? [];
  if (named === undefined && FOLDER.test(url)) throw unnamed();
  if (owner !== undefined && name !== undefined) return { owner, name };
  throw unnamed();
}

const unnamed = (): Fault =>
  new Fault("config", "the URL of the remote names no repository on GitHub", {
    expected: "a URL that ends in owner/name",
    next: "set `forge.repository: owner/name` in .github/pullbeat.yml",
  });
