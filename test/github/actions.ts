import { needAdmin, needWrite, notFound, type Call, type Handler } from "./call.ts";
import { fill } from "./fill.ts";

const list = (kind: "secrets" | "variables", names: readonly string[]) => ({
  status: 200,
  body: {
    total_count: names.length,
    [kind]: names.map((name) => fill(kind === "secrets" ? "actions-secret" : "actions-variable", { name })),
  },
});

/** Names alone; a job's token is shown none. */
const named =
  (kind: "secrets" | "variables"): Handler =>
  (call) => {
    needWrite(call);
    if (call.account.app !== null) needAdmin(call);
    return list(kind, call.state.settings[kind]);
  };

const lent =
  (kind: "secrets" | "variables"): Handler =>
  ({ state }) => {
    if (state.settings.lent === null) throw notFound();
    return list(kind, state.settings.lent[kind]);
  };

function workflowIn({ state, path: [name] }: Call): NonNullable<Call["state"]["settings"]["workflow"]> {
  const { workflow } = state.settings;
  if (workflow === null || name !== "pullbeat.yml") throw notFound();
  return workflow;
}

export const actionsHandlers: Record<string, Handler> = {
  "actions/list-repo-secrets": named("secrets"),
  "actions/list-repo-variables": named("variables"),
  "actions/list-repo-organization-secrets": lent("secrets"),
  "actions/list-repo-organization-variables": lent("variables"),
  "actions/get-github-actions-permissions-repository": (call) => {
    needAdmin(call);
    return {
      status: 200,
      body: { enabled: call.state.settings.actionsEnabled, sha_pinning_required: false },
    };
  },
  "actions/get-workflow": (call) => {
    const { state } = workflowIn(call);
    const path = ".github/workflows/pullbeat.yml";
    return { status: 200, body: fill("workflow", { id: 1, name: "pullbeat", path, state }) };
  },
  "actions/list-workflow-runs": (call) => {
    const { conclusions } = workflowIn(call);
    const runs = conclusions.map((conclusion, i) =>
      fill("workflow-run", { id: 100 + i, status: "completed", conclusion }),
    );
    return { status: 200, body: { total_count: runs.length, workflow_runs: runs.toReversed().slice(0, 1) } };
  },
  "apps/get-by-slug": ({ state, path: [slug = ""] }) => {
    const found = state.accounts.find((a) => a.app?.slug === slug);
    if (found === undefined || found.app === null) throw notFound();
    const owner = fill("simple-user", { login: state.settings.owner, type: "User" });
    return { status: 200, body: fill("integration", { id: found.app.id, slug, name: slug, owner }) };
  },
};
