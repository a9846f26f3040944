import { generateKeyPairSync } from "node:crypto";
import { notFound, type Handler } from "./call.ts";
import { fill } from "./fill.ts";
import { showUser } from "./show.ts";
import type { State } from "./state.ts";

/** What somebody does on GitHub's page: makes the app of a manifest. Returns the address that the browser is sent to. */
export function makeApp(state: State, manifest: string, action: string): string {
  const { name, default_permissions: permissions, redirect_url: back } = JSON.parse(manifest);
  const code = `c0de${state.next++}`;
  state.manifests[code] = { name, permissions };
  const address = new URL(back);
  address.searchParams.set("code", code);
  address.searchParams.set("state", new URL(action).searchParams.get("state") ?? "");
  return address.href;
}

/** The key is a real one, made anew each time: nobody may find it anywhere. */
const convert: Handler = ({ state, path: [code = ""], now }) => {
  const made = state.manifests[code];
  if (made === undefined) throw notFound();
  delete state.manifests[code];
  const slug = made.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const { privateKey: pem } = generateKeyPairSync("rsa", {
    modulusLength: 1024,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return {
    status: 201,
    body: {
      ...fill("integration", {
        id: state.next++,
        slug,
        name: made.name,
        owner: fill("simple-user", showUser(state, state.settings.owner)),
        external_url: "https://example.com",
        html_url: `https://github.com/settings/apps/${slug}`,
        created_at: now,
        updated_at: now,
        permissions: made.permissions,
      }),
      client_id: "Iv1.x",
      client_secret: "client-secret",
      webhook_secret: null,
      pem,
    },
  };
};

export const manifestHandlers: Record<string, Handler> = { "apps/create-from-manifest": convert };
