import { z } from "zod";
import type { MadeApp } from "../../domain/app/manifest.ts";
import { Fault, sentence } from "../../domain/fault.ts";

const AppJson = z.object({
  id: z.int().positive(),
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  html_url: z.string(),
  owner: z.object({ login: z.string() }),
  pem: z.string().regex(/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/),
});

/** Milliseconds that GitHub may take. */
const PATIENCE = 30_000;

/** Takes an app that GitHub has made of a manifest, with its private key. A code works once, within an hour; it needs no token. */
export async function convertManifest(code: string, api: string, version: string): Promise<MadeApp> {
  const response = await fetch(`${api}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: "POST",
    headers: { accept: "application/vnd.github+json", "user-agent": `pullbeat/${version}` },
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  }).catch((error: unknown) => {
    throw new Fault("remote", `GitHub did not answer: ${sentence(error)}`, { next: LOST });
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 404 || response.status === 422)
    throw new Fault("refused", "GitHub does not know that code: it works once, and for an hour", {
      next: LOST,
    });
  if (!response.ok)
    throw new Fault("remote", `GitHub refused to hand out the app (${response.status})`, { next: LOST });
  const app = AppJson.safeParse(body);
  // What came is not shown: a key may be in it.
  if (!app.success)
    throw new Fault("remote", "GitHub answered something else than an app with its key", { next: LOST });
  const { id, slug, html_url: page, owner, pem } = app.data;
  return { id, slug, page, owner: owner.login, pem };
}

const LOST =
  "pullbeat app; an app that was made meanwhile stands at https://github.com/settings/apps, to be deleted there";
