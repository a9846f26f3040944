import { expect, onTestFinished, test } from "vitest";
import { examine } from "../../src/flow/doctor.ts";
import { ann, bot, gatekeeper, makeHub, mallory, type HubWorld } from "../github/fleet.ts";
import { specText } from "../fleet.ts";
import type { Files } from "../world.ts";
import type { Account, Protection } from "../github/state.ts";
import { amiss, checkupOf, giveWorkflows, ids } from "./checkup.ts";

const GUARD: Partial<Protection> = {
  approvals: 1,
  dismissStale: true,
  checks: [{ context: "pullbeat", app: 15368 }],
};

/** A fleet on GitHub where nothing is set up wrong, as an administrator sees it. */
async function healthy(files: Files = {}): Promise<HubWorld> {
  const world = await makeHub({ files });
  await giveWorkflows(world);
  await world.hub.protect(GUARD);
  onTestFinished(() => expect(world.hub.faults).toEqual([]));
  return world;
}

const asked = (world: HubWorld, by: Account = ann, more: Record<string, string> = {}) =>
  checkupOf(world, { env: { GITHUB_TOKEN: by.token, ...more } });

/** Another `forge` in the config. The rules let nobody push it, so they are away meanwhile. */
async function reforge(world: HubWorld, more: string, workflows = giveWorkflows): Promise<void> {
  const { hub, commit } = world;
  await hub.protect(null);
  await commit({
    ".github/pullbeat.yml": `version: 1\nforge: { kind: github, repository: acme/fleet, api: "${hub.api()}"${more} }\nroster: [{ login: ann, emails: [ann@example.com] }]\n`,
  });
  await workflows(world);
  await hub.protect(GUARD);
  hub.state.settings.secrets.push("FLEET_TOKEN", "PULLBEAT_APP_KEY", "PULLBEAT_REVIEWER_APP_KEY");
  hub.state.settings.variables.push("PULLBEAT_APP_ID", "PULLBEAT_REVIEWER_APP_ID");
}

test("nothing is wrong with a healthy repository, and what its identity costs is told", async () => {
  const world = await healthy();
  expect(ids(await examine(asked(world)))).toEqual([
    "note asked-as",
    "note squash",
    "note check-source",
    "note audit",
    "note identity",
    "note one-identity",
  ]);
});

test("looking writes nothing to GitHub", async () => {
  const world = await healthy();
  await examine(asked(world));
  expect(world.hub.heard.filter((h) => h.method !== "GET")).toEqual([]);
});

test("that Actions may not open pulls comes first, whatever else is wrong", async () => {
  const world = await healthy();
  world.hub.state.settings.actionsMayOpenPulls = false;
  world.hub.state.settings.methods = ["squash"];
  await world.hub.protect(null);
  const [first, ...rest] = await amiss(asked(world));
  expect(first).toMatchObject({
    id: "open-pulls",
    level: "wrong",
    fix: expect.stringContaining("repos/acme/fleet/actions/permissions/workflow"),
  });
  expect(ids(rest)).toEqual(["wrong merge-commits", "wrong direct-push", "wrong required-check"]);
});

const BROKEN: readonly [claim: string, spoil: (world: HubWorld) => unknown, expected: readonly string[]][] = [
  [
    "squashing alone cannot land what was approved",
    ({ hub }) => (hub.state.settings.methods = ["squash"]),
    ["wrong merge-commits", "wrong merge-rule"],
  ],
  [
    "without rules anybody who may write pushes",
    ({ hub }) => hub.protect(null),
    ["wrong direct-push", "wrong required-check"],
  ],
  [
    "a check that is not required holds nothing",
    ({ hub }) => hub.protect({ ...GUARD, checks: [] }),
    ["wrong required-check"],
  ],
  [
    "another check does not stand in for ours",
    ({ hub }) => hub.protect({ ...GUARD, checks: [{ context: "ci", app: 15368 }] }),
    ["wrong required-check"],
  ],
  [
    "a check of no app in particular can be set by anybody",
    ({ hub }) => hub.protect({ ...GUARD, checks: [{ context: "pullbeat", app: null }] }),
    ["wrong check-source"],
  ],
  [
    "stale approvals go on counting",
    ({ hub }) => hub.protect({ ...GUARD, dismissStale: false }),
    ["wrong stale-reviews"],
  ],
  [
    "branch protection is read like a ruleset",
    ({ hub }) => hub.protect({ ...GUARD, kind: "protection", dismissStale: false }),
    ["wrong stale-reviews"],
  ],
  [
    "the same rules as branch protection are as good",
    ({ hub }) => hub.protect({ ...GUARD, kind: "protection" }),
    [],
  ],
  [
    "a repository that is not there is one that the token does not see",
    (world) => {
      world.hub.state.settings.name = "elsewhere";
    },
    ["wrong repository-unseen"],
  ],
  [
    "a setting that GitHub will not show is no pass",
    ({ hub }) =>
      hub.trouble({
        operation: "actions/get-github-actions-default-workflow-permissions-repository",
        status: 404,
        message: "Not Found",
      }),
    ["unknown open-pulls"],
  ],
  [
    "rules that GitHub will not show are no pass",
    ({ hub }) => hub.trouble({ operation: "repos/get-branch-rules", status: 403, message: "Forbidden" }),
    ["unknown rules"],
  ],
  [
    "GitHub that does not answer tells nothing",
    ({ hub }) => hub.trouble({ operation: "repos/get", status: 403, message: "Forbidden" }),
    ["unknown github-silent"],
  ],
];

test.each(BROKEN)("%s", async (_, spoil, expected) => {
  const world = await healthy();
  expect(await amiss(asked(world))).toEqual([]);
  await spoil(world);
  expect(ids(await amiss(asked(world)))).toEqual(expected);
});

test("the job's own token cannot tell, and says whom to ask", async () => {
  const world = await healthy();
  const found = await amiss(asked(world, bot));
  expect(ids(found)).toEqual(["unknown open-pulls", "unknown actions", "unknown rules", "unknown bypass"]);
  expect(found.every((f) => f.fix?.includes("$(gh auth token)"))).toBe(true);
});

test("no token, and one that is dead, are said alone", async () => {
  const world = await healthy();
  expect(ids(await amiss(asked(world, { ...ann, token: "" })))).toEqual(["wrong token"]);
  expect(ids(await amiss(asked(world, { ...ann, token: "ghp_old" })))).toEqual(["wrong token"]);
  expect(JSON.stringify(await amiss(asked(world, { ...ann, token: "ghp_old" })))).not.toContain("ghp_old");
});

test("a stranger's token would open pulls that are not the fleet's", async () => {
  const world = await healthy();
  const found = await amiss(asked(world, mallory));
  expect(found).toContainEqual(
    expect.objectContaining({ id: "account", level: "wrong", what: expect.stringContaining("mallory's") }),
  );
});

test("an account that is on the roster could never approve", async () => {
  const world = await healthy();
  await reforge(world, ", account: ann, token: FLEET_TOKEN");
  const found = await amiss(asked(world, ann, { FLEET_TOKEN: ann.token }));
  expect(ids(found)).toContain("wrong account-on-roster");
});

test("a person's token needs the scope and the right to write", async () => {
  const world = await healthy();
  await reforge(world, ", account: mallory, token: FLEET_TOKEN");
  const row = world.hub.state.accounts.find((a) => a.login === "mallory");
  Object.assign(row ?? {}, { scopes: "gist, read:org" });
  const asMallory = asked(world, mallory, { FLEET_TOKEN: mallory.token });
  expect(ids(await amiss(asMallory))).toEqual([
    "wrong scopes",
    "wrong push",
    "unknown actions",
    "unknown secret",
    "unknown rules",
    "unknown bypass",
  ]);
  Object.assign(row ?? {}, { scopes: "repo", permission: "admin" });
  expect(ids(await examine(asMallory))).toEqual([
    "note squash",
    "note check-source",
    "note audit",
    "note identity",
    "note one-identity",
  ]);
});

test("an app's check is pinned to it, and its second identity needs a token", async () => {
  const world = await healthy();
  await reforge(world, ', account: "gatekeeper[bot]"');
  const pinned = { ...GUARD, checks: [{ context: "pullbeat", app: 77 }] };
  await world.hub.protect(pinned);
  expect(ids(await examine(asked(world)))).toEqual([
    "note asked-as",
    "note squash",
    "note audit",
    "note identity",
    "note one-identity",
  ]);
  await reforge(
    world,
    ', account: "gatekeeper[bot]", reviewer: { account: "gates[bot]", token: GATES_TOKEN }',
  );
  expect(ids(await amiss(asked(world)))).toEqual(["wrong reviewer"]);
  expect(await amiss(asked(world, ann, { GATES_TOKEN: gatekeeper.token }))).toEqual([]);
});

test("a second identity is another account with a token of its own", async () => {
  const world = await healthy();
  const gates = (account: string, token = "GATES_TOKEN"): string =>
    `, reviewer: { account: "${account}", token: ${token} }`;
  await reforge(world, gates("gatekeeper[bot]"));
  const good = asked(world, ann, { GATES_TOKEN: gatekeeper.token });
  expect(await amiss(good)).toEqual([]);
  expect(ids(await examine(good))).not.toContain("note one-identity");
  expect(ids(await amiss(asked(world, ann, { GATES_TOKEN: "ghp_old" })))).toEqual(["unknown reviewer"]);
  expect(ids(await amiss(asked(world, ann, { GATES_TOKEN: mallory.token })))).toEqual(["wrong reviewer"]);
  await reforge(world, gates("github-actions[bot]"));
  expect(ids(await amiss(good))).toEqual(["wrong reviewer"]);
  // No workflows can be made of that, which is told beside it.
  await reforge(world, gates("gatekeeper[bot]", "GITHUB_TOKEN"), async () => {});
  expect(ids(await amiss(good))).toEqual(["wrong reviewer", "wrong workflow-impossible"]);
});

test("no rules yet is not the same as no rules to be had", async () => {
  const world = await healthy();
  await world.hub.protect(null);
  world.hub.trouble({
    operation: "repos/get-repo-rulesets",
    status: 403,
    message: "Upgrade to GitHub Pro or make this repository public to enable this feature.",
  });
  expect(ids(await examine(asked(world)))).toContain("note free-plan");
  expect(ids(await amiss(asked(world)))).toEqual(["wrong direct-push", "wrong required-check"]);
});

const ON_ACTIONS: readonly [
  claim: string,
  spoil: (world: HubWorld) => unknown,
  expected: readonly string[],
][] = [
  [
    "Actions that are switched off let nothing tick",
    ({ hub }) => (hub.state.settings.actionsEnabled = false),
    ["wrong actions-off"],
  ],
  [
    "a schedule that GitHub has stopped is asleep",
    ({ hub }) => (hub.state.settings.workflow = { state: "disabled_inactivity", conclusions: ["success"] }),
    ["wrong workflow-off"],
  ],
  [
    "a workflow that GitHub does not know never starts",
    ({ hub }) => (hub.state.settings.workflow = null),
    ["wrong workflow-unknown"],
  ],
  [
    "a tick that failed last is told with its log",
    ({ hub }) => (hub.state.settings.workflow = { state: "active", conclusions: ["success", "failure"] }),
    ["wrong last-run"],
  ],
  [
    "names of secrets that cannot be seen are no secrets that are there",
    ({ hub }) => hub.trouble({ operation: "actions/list-repo-secrets", status: 403, message: "Forbidden" }),
    ["unknown secret"],
  ],
  [
    "rules that do not hold for whoever may write hold nobody",
    ({ hub }) =>
      hub.protect({
        ...GUARD,
        actors: [{ actor_type: "RepositoryRole", actor_id: 4, bypass_mode: "always" }],
      }),
    ["wrong bypass"],
  ],
  [
    "a person's own workflow is not taken for pullbeat's",
    async ({ hub, commit }) => {
      await hub.protect(null);
      await commit({ ".github/workflows/pullbeat-people.yml": "name: mine\n" });
      await hub.protect(GUARD);
    },
    ["wrong workflow-foreign"],
  ],
  [
    "a workflow that says something else is named with its first line",
    async ({ hub, commit, file }) => {
      const path = ".github/workflows/pullbeat.yml";
      await hub.protect(null);
      await commit({ [path]: String(await file(path)).replace("permissions: {}", "permissions: write-all") });
      await hub.protect(GUARD);
    },
    ["wrong workflow-differs"],
  ],
  [
    "a workflow that was deleted is missed",
    async ({ hub, commit }) => {
      await hub.protect(null);
      await commit({ ".github/workflows/pullbeat-review.yml": null });
      await hub.protect(GUARD);
    },
    ["wrong workflow-missing"],
  ],
];

test.each(ON_ACTIONS)("%s", async (_, spoil, expected) => {
  const world = await healthy({ "agents/writer.md": specText("writer") });
  expect(await amiss(asked(world))).toEqual([]);
  await spoil(world);
  const found = await amiss(asked(world));
  expect(ids(found)).toEqual(expected);
  expect(found.every((f) => f.fix !== null)).toBe(true);
});

test("each secret that is not set is named with the command that sets it; an organization may lend it", async () => {
  const world = await healthy({ "agents/writer.md": specText("writer") });
  const { settings } = world.hub.state;
  settings.secrets = [];
  expect(await amiss(asked(world))).toMatchObject([
    { id: "secret", level: "wrong", fix: "gh secret set OPENAI_API_KEY --repo acme/fleet" },
  ]);
  settings.lent = { secrets: ["OPENAI_API_KEY"], variables: [] };
  expect(await amiss(asked(world))).toEqual([]);
});

test("a check that is pinned to somebody else's app can never be set", async () => {
  const world = await healthy();
  await reforge(world, ', account: "gatekeeper[bot]"');
  await world.hub.protect({ ...GUARD, checks: [{ context: "pullbeat", app: 78 }] });
  expect(ids(await amiss(asked(world)))).toEqual(["wrong check-source"]);
  await world.hub.protect({ ...GUARD, checks: [{ context: "pullbeat", app: 77 }] });
  expect(await amiss(asked(world))).toEqual([]);
});

test("where the action is the repository's own, its tags must stand still", async () => {
  const world = await healthy();
  await world.hub.protect(null);
  await giveWorkflows(world, ".@v0.1.0");
  await world.hub.protect(GUARD);
  expect(ids(await amiss(asked(world)))).toEqual(["wrong tags"]);
  world.hub.state.settings.heldTags = ["refs/tags/v*"];
  expect(await amiss(asked(world))).toEqual([]);
});

test("more approvals than people is a lock without a key", async () => {
  const world = await healthy();
  await world.hub.protect({ ...GUARD, approvals: 2 });
  expect(await amiss(asked(world))).toEqual([]);
  await world.hub.protect({ ...GUARD, approvals: 3 });
  expect(ids(await amiss(asked(world)))).toEqual(["wrong approvals"]);
});

test("a private repository on the free plan rests on what is found afterwards", async () => {
  const world = await healthy();
  Object.assign(world.hub.state.settings, { private: true, plan: "free", protection: null });
  expect(await amiss(asked(world))).toEqual([]);
  expect(await examine(asked(world))).toContainEqual(
    expect.objectContaining({ id: "free-plan", level: "note", what: expect.stringContaining("afterwards") }),
  );
});
