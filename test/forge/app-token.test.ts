import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { ROLES } from "../../src/domain/app/manifest.ts";
import { voicesOf } from "../../src/domain/actions/identity.ts";
import { Config } from "../../src/domain/config.ts";
import { installationToken } from "../../src/forge/github/app-token.ts";
import { makeHub } from "../github/fleet.ts";
import { app } from "../github/state.ts";

test.each(Object.entries(ROLES))(
  "the app of a manifest, as %s, gets a token for what it was granted",
  async (_, role) => {
    const { hub, clock } = await makeHub();
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const grants = Object.fromEntries(role.rights.map(([right, how]) => [right, how]));
    hub.state.accounts.push({ ...app("made", 91), publicKey, grants });
    const parts = {
      api: hub.api(),
      repository: { owner: "acme", name: "fleet" },
      // GitHub looks at the wall.
      clock: { ...clock, now: () => new Date() },
      version: "0.0.0-test",
    };
    const { token } = await installationToken({ ...parts, app: { id: "91", key: privateKey } });
    const made = hub.state.accounts.find((a) => a.token === token);
    expect(Object.keys(made?.may ?? {})).not.toContain("workflows");
    for (const [right, how] of Object.entries(made?.may ?? {}))
      expect([how, "write"]).toContain(how === "read" ? "read" : grants[right.replace("-", "_")]);
    expect(made?.may).toMatchObject({ "pull-requests": "write", contents: grants["contents"] });
    expect(hub.faults).toEqual([]);
  },
);

test("workflows look for the apps under the names that `pullbeat app` tells", () => {
  const forge = {
    kind: "github",
    account: "one[bot]",
    reviewer: { account: "two[bot]", token: "GATES_TOKEN" },
  };
  const { main, reviewer } = voicesOf(Config.parse({ version: 1, forge }));
  expect(main).toMatchObject({ kind: "app", id: ROLES.fleet.id, key: ROLES.fleet.key });
  expect(reviewer).toMatchObject({ kind: "app", id: ROLES.reviewer.id, key: ROLES.reviewer.key });
});
