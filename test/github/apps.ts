import { verify } from "node:crypto";
import { notFound, Refusal, type Call, type Handler } from "./call.ts";
import { fill } from "./fill.ts";
import { showRepo, showUser } from "./show.ts";
import type { Account } from "./state.ts";

const asJson = (part: string): Record<string, unknown> =>
  Object(JSON.parse(Buffer.from(part, "base64url").toString()));

/** The app that a note was signed by; its key is checked as GitHub checks it, and so is its time, on the wall. */
export function appBehind(accounts: readonly Account[], note: string): Account | undefined {
  const [head = "", claims = "", signature = ""] = note.split(".");
  if (signature === "" || note.startsWith("ghs_")) return undefined;
  const { iss, iat, exp } = asJson(claims);
  const [from, to, now] = [Number(iat), Number(exp), Date.now() / 1000];
  const found = accounts.find((a) => a.publicKey !== undefined && String(a.app?.id) === iss);
  if (found?.publicKey === undefined || asJson(head)["alg"] !== "RS256") return undefined;
  const isTrue = verify(
    "RSA-SHA256",
    Buffer.from(`${head}.${claims}`),
    found.publicKey,
    Buffer.from(signature, "base64url"),
  );
  // As itself an app may do nothing in a repository.
  return isTrue && from <= now && now < to && to - now <= 600
    ? { ...found, permission: "none", may: {} }
    : undefined;
}

const needApp = ({ account }: Call): NonNullable<Account["app"]> => {
  if (account.publicKey !== undefined && account.app !== null) return account.app;
  throw new Refusal(401, "A JSON web token could not be decoded");
};

const granted = ({ account }: Call): Record<string, string> => account.grants ?? ALL;
const ALL = { checks: "write", contents: "write", issues: "write", metadata: "read", pull_requests: "write" };

const installation: Handler = (call) => {
  const { id, slug } = needApp(call);
  const { state } = call;
  const account = showUser(state, state.settings.owner);
  const body = fill("installation", {
    id: id + 1,
    app_id: id,
    app_slug: slug,
    account,
    permissions: granted(call),
  });
  return { status: 200, body };
};

/** A token of its own each time; what was not asked for it may not do. */
const mint: Handler = (call) => {
  const { id } = needApp(call);
  const { state, account, path, body } = call;
  if (Number(path[0]) !== id + 1) throw notFound();
  const asked: Record<string, string> = Object(body["permissions"]);
  const grants = granted(call);
  if (Object.entries(asked).some(([right, how]) => grants[right] !== how && grants[right] !== "write"))
    throw new Refusal(422, "The permissions requested are not granted to this installation.");
  const may = Object.fromEntries(Object.entries(asked).map(([k, v]) => [k.replace("_", "-"), v]));
  const real = state.accounts.find((a) => a.login === account.login);
  const token = `ghs_installation_${state.next++}`;
  const { publicKey: _, ...rest } = real ?? account;
  state.accounts.push({ ...rest, token, may });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const repositories = [fill("repository", showRepo(state))];
  return { status: 201, body: { token, expires_at: until, permissions: asked, repositories } };
};

export const appHandlers: Record<string, Handler> = {
  "apps/get-repo-installation": installation,
  "apps/create-installation-access-token": mint,
};
