import { accountOf, needAdmin, needWrite, notFound, Refusal, text, type Call, type Handler } from "./call.ts";
import { fill } from "./fill.ts";
import { API, showRepo, showUser } from "./show.ts";

const get: Handler = ({ state, account }) => ({
  status: 200,
  body: fill("full-repository", {
    ...showRepo(state),
    permissions: {
      admin: account.permission === "admin",
      push: account.permission === "write" || account.permission === "admin",
      pull: true,
    },
  }),
});

const whoami: Handler = ({ state, account }) => {
  if (account.app !== null) throw new Refusal(403, "Resource not accessible by integration");
  const headers = account.scopes === undefined ? {} : { "x-oauth-scopes": account.scopes };
  return { status: 200, headers, body: fill("public-user", showUser(state, account.login)) };
};

const RULESET = 7;
const TAGS = 8;

function needPlan({ settings }: Call["state"]): 200 {
  if (!settings.private || settings.plan === "paid") return 200;
  throw new Refusal(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.");
}

/** Rules of rulesets, which everybody may read; branch protection does not show here. */
const rules: Handler = ({ state, path }) => {
  needPlan(state);
  const { protection } = state.settings;
  if (protection?.kind !== "ruleset" || path[0] !== "main") return { status: 200, body: [] };
  const from = { ruleset_source_type: "Repository", ruleset_source: "acme/fleet", ruleset_id: RULESET };
  return { status: 200, body: rulesOf(state.settings).map((rule) => ({ ...rule, ...from })) };
};

function rulesOf({ protection, methods }: Call["state"]["settings"]): Record<string, unknown>[] {
  if (protection === null) return [];
  const checks = protection.checks.map(({ context, app }) => ({
    context,
    ...(app === null ? {} : { integration_id: app }),
  }));
  return [
    { type: "deletion" },
    { type: "non_fast_forward" },
    {
      type: "pull_request",
      parameters: {
        allowed_merge_methods: methods,
        dismiss_stale_reviews_on_push: protection.dismissStale,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_approving_review_count: protection.approvals,
        required_review_thread_resolution: false,
      },
    },
    ...(checks.length === 0
      ? []
      : [
          {
            type: "required_status_checks",
            parameters: { required_status_checks: checks, strict_required_status_checks_policy: false },
          },
        ]),
  ];
}

const head = (id: number, target: string): Record<string, unknown> => ({
  id,
  name: target,
  target,
  enforcement: "active",
  source: "acme/fleet",
});

const rulesets: Handler = ({ state }) => ({
  status: needPlan(state),
  body: [
    ...(state.settings.protection?.kind === "ruleset"
      ? [fill("repository-ruleset", head(RULESET, "branch"))]
      : []),
    ...(state.settings.heldTags.length > 0 ? [fill("repository-ruleset", head(TAGS, "tag"))] : []),
  ],
});

/** Who may push past it is shown to administrators alone. */
const ruleset: Handler = ({ state, account, path: [id] }) => {
  const { settings } = state;
  needPlan(state);
  const shown = account.permission === "admin";
  if (Number(id) === TAGS && settings.heldTags.length > 0)
    return {
      status: 200,
      body: fill("repository-ruleset", {
        ...head(TAGS, "tag"),
        conditions: { ref_name: { include: settings.heldTags, exclude: [] } },
        rules: [{ type: "update" }, { type: "deletion" }],
      }),
    };
  if (settings.protection?.kind !== "ruleset" || Number(id) !== RULESET) throw notFound();
  return {
    status: 200,
    body: fill("repository-ruleset", {
      ...head(RULESET, "branch"),
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: rulesOf(settings),
      ...(shown ? { bypass_actors: settings.protection.actors ?? [] } : {}),
    }),
  };
};

const protection: Handler = (call) => {
  needAdmin(call);
  needPlan(call.state);
  const { protection: rule } = call.state.settings;
  if (rule?.kind !== "protection") throw notFound("Branch not protected");
  return {
    status: 200,
    body: fill("branch-protection", {
      required_pull_request_reviews: {
        dismiss_stale_reviews: rule.dismissStale,
        require_code_owner_reviews: false,
        required_approving_review_count: rule.approvals,
      },
      required_status_checks: {
        contexts: rule.checks.map((c) => c.context),
        checks: rule.checks.map(({ context, app }) => ({ context, app_id: app })),
      },
    }),
  };
};

const branch: Handler = async ({ state, git, path: [name = ""] }) => {
  const sha = await git.commit(`refs/heads/${name}`);
  if (sha === null) throw notFound("Branch not found");
  return {
    status: 200,
    body: fill("branch-with-protection", {
      name,
      commit: { sha },
      protected: name === "main" && state.settings.protection !== null,
      protection_url: `${API}/repos/acme/fleet/branches/${name}/protection`,
    }),
  };
};

const permission: Handler = ({ state, path: [login = ""] }) => {
  const account = accountOf(state, login);
  if (account === undefined) throw notFound(`${login} is not a user`);
  const user = fill("simple-user", showUser(state, account.login));
  return { status: 200, body: { permission: account.permission, role_name: account.permission, user } };
};

const dispatch: Handler = async (call) => {
  needWrite(call);
  const { state, git, path, body } = call;
  const [workflow = ""] = path;
  const file = await git.files("refs/heads/main", `.github/workflows/${workflow}`);
  if (file === null) throw notFound();
  if (!file.includes("workflow_dispatch"))
    throw new Refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
  state.dispatches.push({ workflow, ref: text(body["ref"]), inputs: Object(body["inputs"]) });
  return { status: 204 };
};

export const repoHandlers: Record<string, Handler> = {
  "repos/get": get,
  "users/get-authenticated": whoami,
  "repos/get-branch-rules": rules,
  "repos/get-repo-rulesets": rulesets,
  "repos/get-repo-ruleset": ruleset,
  "repos/get-branch-protection": protection,
  "repos/get-branch": branch,
  "repos/get-collaborator-permission-level": permission,
  "actions/get-github-actions-default-workflow-permissions-repository": (call) => {
    needAdmin(call);
    const { actionsMayOpenPulls } = call.state.settings;
    return {
      status: 200,
      body: { default_workflow_permissions: "read", can_approve_pull_request_reviews: actionsMayOpenPulls },
    };
  },
  "actions/create-workflow-dispatch": dispatch,
};
