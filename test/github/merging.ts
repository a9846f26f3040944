import { needWrite, pullOf, Refusal, text, type Call, type Handler } from "./call.ts";
import { opinions } from "./reviews.ts";
import type { PullRow } from "./state.ts";

const no = (message: string, status = 405): Refusal => new Refusal(status, message);

/** Everything that GitHub asks before it merges, in its own words. */
async function refusal(call: Call, pull: PullRow, tip: string): Promise<Refusal | null> {
  const { state, git, body } = call;
  const { methods, protection } = state.settings;
  const method = text(body["merge_method"]) || "merge";
  if (pull.state !== "open") return no("Pull Request is not mergeable");
  if (pull.draft) return no("Pull Request is still a draft");
  if (text(body["sha"]) !== "" && body["sha"] !== pull.head)
    return no("Head branch was modified. Review and try the merge again.", 409);
  if (!methods.some((m) => m === method))
    return no(
      { merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" }[method] +
        " are not allowed on this repository.",
    );
  if ((await git.mergedTree(tip, pull.head)) === null) return no("Pull Request is not mergeable");
  if (protection === null || pull.base !== "main") return null;
  const said = opinions(call, pull.number);
  const approvals = said.filter((r) => r.state === "APPROVED").length;
  if (
    approvals < protection.approvals ||
    (protection.approvals > 0 && said.some((r) => r.state === "CHANGES_REQUESTED"))
  )
    return no(
      `At least ${protection.approvals} approving review is required by reviewers with write access.`,
    );
  const missing = protection.checks.find((check) => !isGreen(call, pull.head, check));
  return missing === undefined ? null : no(`Required status check "${missing.context}" is expected.`);
}

function isGreen(
  { state }: Call,
  sha: string,
  { context, app }: { context: string; app: number | null },
): boolean {
  const check = state.checks.findLast(
    (c) => c.sha === sha && c.name === context && (app ?? c.app.id) === c.app.id,
  );
  if (check !== undefined) return ["success", "neutral", "skipped"].includes(check.conclusion ?? "");
  const status = state.statuses.findLast((s) => s.sha === sha && s.context === context);
  return app === null && status?.state === "success";
}

const merge: Handler = async (call) => {
  needWrite(call);
  const { state, git, account, body, now, tricks } = call;
  const pull = pullOf(call);
  const judged = (await git.commit(`refs/heads/${pull.base}`)) ?? "";
  const refused = await refusal(call, pull, judged);
  if (refused !== null) throw refused;
  await tricks.beforeMerge?.();
  const tip = (await git.commit(`refs/heads/${pull.base}`)) ?? "";
  const tree = tricks.corruptMerges ? await git.tree(pull.head) : await git.mergedTree(tip, pull.head);
  if (tree === null) throw no("Pull Request is not mergeable");
  const squash = body["merge_method"] === "squash";
  const title =
    text(body["commit_title"]) || `Merge pull request #${pull.number} from ${pull.from}/${pull.branch}`;
  const commit = await git.write({
    tree,
    parents: squash ? [tip] : [tip, pull.head],
    message: [title, text(body["commit_message"])].filter((part) => part !== "").join("\n\n"),
    by: account.login,
    at: now,
  });
  if (!(await git.move(pull.base, tip, commit)))
    throw no("Base branch was modified. Review and try the merge again.");
  Object.assign(pull, {
    state: "closed",
    updated: now,
    closed: { by: account.login, at: now },
    merged: { by: account.login, at: now, commit },
  });
  if (state.settings.deleteBranchOnMerge) await git.move(pull.branch, pull.head, null);
  return { status: 200, body: { sha: commit, merged: true, message: "Pull Request successfully merged" } };
};

export const mergeHandlers: Record<string, Handler> = { "pulls/merge": merge };

/** What a push did to the pulls: heads move, branches that are gone close theirs, heads that the base holds are merged. */
export async function afterPush(
  { state, git }: Pick<Call, "state" | "git">,
  { by, now }: { by: string; now: string },
): Promise<void> {
  for (const pull of state.pulls.filter((p) => p.state === "open" && p.from === state.settings.owner)) {
    const head = await git.commit(`refs/heads/${pull.branch}`);
    const tip = await git.commit(`refs/heads/${pull.base}`);
    if (head !== null && head !== pull.head) {
      Object.assign(pull, { head, updated: now });
      if (state.settings.protection?.dismissStale === true) dismissStale(state.reviews, pull.number);
    }
    const held = tip !== null && (await git.holds(tip, pull.head));
    if (!held && head !== null) continue;
    const commit = held && tip !== null ? await git.broughtBy(tip, pull.head) : null;
    Object.assign(pull, {
      state: "closed",
      updated: now,
      closed: { by, at: now },
      merged: commit === null ? null : { by, at: now, commit },
    });
  }
}

function dismissStale(reviews: Call["state"]["reviews"], pull: number): void {
  for (const review of reviews)
    if (review.pull === pull && review.state === "APPROVED") review.state = "DISMISSED";
}
