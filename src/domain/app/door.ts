/** What a browser asked of the page on this machine. */
export interface Knock {
  method: string;
  /** The header `Host`: a name that leads here from elsewhere is not ours. */
  host: string;
  /** Path and query. */
  target: string;
}

/** What the page on this machine answers to. */
export interface Door {
  /** `127.0.0.1:<port>`, and no other name. */
  host: string;
  /** The path of the page, which nobody can guess. */
  path: string;
  isState(text: string): boolean;
}

export type Answer =
  | { kind: "page" }
  | { kind: "code"; code: string }
  | { kind: "refused"; status: 400 | 403 | 404 | 405; why: string };

/** Where GitHub sends the browser back to. */
export const BACK = "/made";

/** GitHub's codes; it goes into the path of a request, so nothing else may. */
const CODE = /^[A-Za-z0-9_-]{1,200}$/;

/** Decides by the request alone. Only who was sent here by our own form has the state. */
export function answerTo({ method, host, target }: Knock, door: Door): Answer {
  if (host !== door.host) return refused(403, `this is ${door.host}, and not ${host || "nameless"}`);
  if (method !== "GET") return refused(405, "only GET");
  const [path = "", query = ""] = target.split(/\?(.*)/s);
  if (path === door.path) return { kind: "page" };
  return path === BACK ? cameBack(new URLSearchParams(query), door) : refused(404, "nothing is here");
}

/** The same for an address that somebody copied from their browser; null for what is none. */
export function codeIn(address: string, { isState }: Pick<Door, "isState">): Answer {
  const query = /\?(.*)$/s.exec(address.trim())?.[1];
  if (query === undefined) return refused(400, "that is no address with a code in it");
  return cameBack(new URLSearchParams(query), { isState });
}

function cameBack(query: URLSearchParams, { isState }: Pick<Door, "isState">): Answer {
  if (!isState(query.get("state") ?? "")) return refused(403, "the state is not the one of this page");
  const code = query.get("code") ?? "";
  return CODE.test(code) ? { kind: "code", code } : refused(400, "GitHub sent no code");
}

const refused = (status: 400 | 403 | 404 | 405, why: string): Answer => ({ kind: "refused", status, why });
