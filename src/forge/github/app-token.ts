import { sign } from "node:crypto";
import { z } from "zod";
import { Fault } from "../../domain/fault.ts";
import type { Repository } from "../../domain/repository.ts";
import type { Clock } from "../../port/clock.ts";
import { parsed, wireOf } from "./client.ts";
import { bucket } from "./limit.ts";

/** A GitHub App as its owner knows it. */
export interface App {
  id: string;
  /** Its private key, in PEM. */
  key: string;
}

/** What the fleet does on GitHub, and nothing else; the app may have been given more. */
const PERMISSIONS = {
  checks: "write",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
} as const;

const InstallationJson = z.object({
  id: z.int().positive(),
  permissions: z.record(z.string(), z.string()),
});
const TokenJson = z.object({ token: z.string().min(1), expires_at: z.string() });

/**
 * A token with which an app speaks in one repository, for an hour. The app shows that it is itself by a signed note of
 * a few minutes; its key never leaves this process.
 */
export async function installationToken(parts: {
  api: string;
  repository: Repository;
  app: App;
  clock: Clock;
  version: string;
  permissions?: Readonly<Record<string, string>>;
}): Promise<{ token: string; until: string }> {
  const { api, repository, app, clock, version, permissions = PERMISSIONS } = parts;
  const { owner, name } = repository;
  const note = noteOf(app, clock.now());
  const token = { name: `the key of app ${app.id}`, value: note };
  const wire = wireOf({ api, repository, token, clock, version, bucket: bucket() });
  const look = `find app ${app.id} in ${owner}/${name}: is it installed there?`;
  const found = await wire(`GET /repos/${owner}/${name}/installation`, {}, look);
  const { id, permissions: granted } = parsed(InstallationJson, found.data, look);
  const what = `get a token of app ${app.id}`;
  const body = { repositories: [name], permissions: within(permissions, granted) };
  const made = await wire(`POST /app/installations/${id}/access_tokens`, body, what);
  const said = parsed(TokenJson, made.data, what);
  return { token: said.token, until: said.expires_at };
}

/** GitHub gives nothing at all to who asks for more than was granted; the second identity may do less than the first. */
const within = (
  wanted: Readonly<Record<string, string>>,
  granted: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([right, how]) => {
      const may = granted[right];
      return may === undefined ? [] : [[right, may === "read" ? may : how]];
    }),
  );

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JWT (RFC 7519), signed with RS256 (RFC 7518). A minute back: clocks differ. GitHub takes ten minutes at most. */
function noteOf({ id, key }: App, now: Date): string {
  const at = Math.floor(now.getTime() / 1000);
  const text = `${base64({ alg: "RS256", typ: "JWT" })}.${base64({ iat: at - 60, exp: at + 480, iss: id })}`;
  try {
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
  } catch (cause) {
    throw new Fault("config", `what is given as the key of app ${id} is no private key`, {
      cause,
      expected: "the whole file that GitHub made, from -----BEGIN to the end of the last line",
      next: "Settings of the app, Private keys, Generate a private key; then set the secret anew",
    });
  }
}
