import type { Config } from "../config.ts";
import type { Login } from "../id.ts";

/** Who wrote and who made a commit, as it says itself. */
interface Signed {
  author: { email: string };
  committer: { email: string };
}

/** People whom commits name, and whether one names somebody of whom the roster knows nothing. */
export interface Authors {
  coauthors: Login[];
  stranger: boolean;
}

/** Nobody tells people apart by the case of their addresses. */
const fold = (email: string): string => email.toLowerCase();

/** GitHub signs so what somebody writes on its pages; the author of such a commit is the person. */
const PAGES = "noreply@github.com";

/** The address that GitHub gives an account, with its number or, for an old one, without. */
const HIDDEN = /^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$/;

const emailsOf = ({ author, committer }: Signed): string[] =>
  [author.email, ...(fold(committer.email) === PAGES ? [] : [committer.email])].map(fold);

/**
 * People of the roster who made commits, by their e-mail addresses or those that GitHub gave them. Whose address nobody
 * knows may be anybody: of those without any address, each may be it.
 */
export function authorsOf(commits: readonly Signed[], { roster }: Pick<Config, "roster">): Authors {
  const emails = [...new Set(commits.flatMap(emailsOf))];
  const owner = (email: string): Login | undefined => {
    const hidden = HIDDEN.exec(email)?.[1];
    return roster.find((p) => p.emails.map(fold).includes(email) || fold(p.login) === hidden)?.login;
  };
  const known = new Set(emails.map(owner));
  const stranger = known.has(undefined);
  const coauthors = roster.filter((p) => known.has(p.login) || (stranger && p.emails.length === 0));
  return { coauthors: coauthors.map((p) => p.login), stranger };
}
