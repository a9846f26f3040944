import { needWrite, notFound, Refusal, text, type Call, type Handler } from "./call.ts";
import { showCheck, showStatus } from "./show.ts";
import type { CheckRow } from "./state.ts";

const wordsOf = (output: unknown): Pick<CheckRow, "title" | "summary"> => ({
  title: text(Object(output)["title"]) || null,
  summary: text(Object(output)["summary"]) || null,
});

const create: Handler = async (call) => {
  const { state, git, account, body } = call;
  if (account.app === null) throw new Refusal(403, "You must authenticate via a GitHub App.");
  needWrite(call);
  const sha = text(body["head_sha"]);
  if ((await git.commit(sha)) === null) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const row: CheckRow = {
    id: state.next++,
    name: text(body["name"]),
    sha,
    app: account.app,
    status: text(body["status"]) || (body["conclusion"] === undefined ? "queued" : "completed"),
    conclusion: text(body["conclusion"]) || null,
    ...wordsOf(body["output"]),
  };
  state.checks.push(row);
  return { status: 201, body: showCheck(row) };
};

const update: Handler = (call) => {
  const row = call.state.checks.find((c) => c.id === Number(call.path[0]));
  if (row === undefined) throw notFound();
  if (row.app.id !== call.account.app?.id)
    throw new Refusal(
      403,
      "Invalid app_id `" +
        row.app.id +
        "` - check run can only be modified by the GitHub App that created it.",
    );
  const { body } = call;
  if (body["conclusion"] !== undefined)
    Object.assign(row, { conclusion: text(body["conclusion"]), status: "completed" });
  if (body["output"] !== undefined) Object.assign(row, wordsOf(body["output"]));
  return { status: 200, body: showCheck(row) };
};

async function shaOf({ git, path }: Call): Promise<string> {
  const sha = await git.commit(path[0] ?? "");
  if (sha === null) throw new Refusal(422, `No commit found for SHA: ${path[0]}`);
  return sha;
}

/** The latest of each name and app, unless all are asked for. */
const list: Handler = async (call) => {
  const { state, query } = call;
  const sha = await shaOf(call);
  const found = state.checks
    .filter((c) => c.sha === sha)
    .filter((c) => !query.has("check_name") || c.name === query.get("check_name"))
    .filter((c) => !query.has("app_id") || String(c.app.id) === query.get("app_id"));
  const last = new Map(found.map((c) => [`${c.app.id} ${c.name}`, c]));
  const shown = query.get("filter") === "all" ? found : [...last.values()];
  return { status: 200, body: { total_count: shown.length, check_runs: shown.map(showCheck) } };
};

const setStatus: Handler = async (call) => {
  const { state, account, body, now } = call;
  needWrite(call);
  const description = text(body["description"]) || null;
  if ((description?.length ?? 0) > 140)
    throw new Refusal(422, "Validation Failed", {
      errors: [
        {
          resource: "Status",
          code: "custom",
          field: "description",
          message: "description is too long (maximum is 140 characters)",
        },
      ],
    });
  const row = {
    id: state.next++,
    sha: await shaOf(call),
    context: text(body["context"]) || "default",
    state: text(body["state"]),
    description,
    by: account.login,
    at: now,
  };
  state.statuses.push(row);
  return { status: 201, body: showStatus(state, row) };
};

export const checkHandlers: Record<string, Handler> = {
  "checks/create": create,
  "checks/update": update,
  "checks/list-for-ref": list,
  "repos/create-commit-status": setStatus,
};
