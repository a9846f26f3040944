import type { MadeApp } from "../domain/app/manifest.ts";
import type { GithubConfig } from "../domain/config.ts";
import { repositoryOf, type Repository } from "../domain/repository.ts";
import { VERSION } from "../domain/version.ts";
import { apiOf, webOf } from "../forge/github/address.ts";
import { convertManifest } from "../forge/github/conversion.ts";
import { homeIn } from "../store/home.ts";
import { remoteUrl } from "../store/last.ts";
import { worktreeFleet } from "../store/worktree.ts";

/** What making an app for a fleet needs. */
export interface AppOffice {
  repository: Repository;
  /** Where people look: `https://github.com`. */
  host: string;
  /** Takes the app behind a code, with its key. */
  convert(code: string): Promise<MadeApp>;
  /** Keeps a private key where nobody else may read it, and git does not see it; returns where. */
  keepKey(app: MadeApp): Promise<string>;
}

/** `dir`: a clone whose remote is on GitHub. Its config need not stand yet. */
export async function appOffice(dir: string): Promise<AppOffice> {
  const checkout = { dir, env: process.env };
  const forge = (await worktreeFleet(checkout)).config?.forge;
  const config: Partial<GithubConfig> = forge?.kind === "github" ? forge : {};
  const api = apiOf(config, process.env);
  const home = await homeIn(checkout);
  return {
    repository: repositoryOf(config.repository, await remoteUrl(checkout, "origin")),
    host: webOf(api),
    convert: (code) => convertManifest(code, api, VERSION),
    keepKey: ({ slug, pem }) => home.keep(`${slug}.private-key.pem`, pem, { secret: true }),
  };
}
