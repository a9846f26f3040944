import { z } from "zod";
import { Fault } from "../fault.ts";
import { Login } from "../id.ts";

/** Who git says works in a folder. */
export interface Identity {
  email: string | null;
  name: string | null;
}

/** A person as the roster needs them. */
export interface Founder {
  login: Login;
  email: string;
}

/** The fleet's own account on the local forge: nobody on a roster can be called that. */
const TAKEN = "pullbeat";

/** The first person of a new roster. `login`: what they asked to be called. */
export function founderOf({ email, name }: Identity, login: Login | undefined): Founder {
  if (!z.email().safeParse(email).success || email === null)
    throw new Fault("refused", `git knows you by ${email === null ? "no e-mail" : JSON.stringify(email)}`, {
      expected: "an e-mail address: the roster knows you by it",
      next: "git config --global user.email you@example.com",
    });
  const called = login ?? loginFrom(email.replace(/@.*/s, "")) ?? loginFrom(name ?? "");
  if (called !== null && called.toLowerCase() !== TAKEN) return { login: called, email };
  throw new Fault(
    "refused",
    called === null ? `${email} holds no account name` : `${called} is the fleet's own account`,
    { expected: "another account name", next: "pullbeat init --login <name>" },
  );
}

/** An account name from what stands before the @, or from a name: `12345+ann.lee` and `Ann Lee` give `ann-lee`. */
function loginFrom(text: string): Login | null {
  const words = text
    .normalize("NFKD")
    .replace(/^\d+\+/, "")
    .replace(/\+.*/s, "")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const parsed = Login.safeParse(words?.join("-").slice(0, 39).replace(/-$/, ""));
  return parsed.success ? parsed.data : null;
}
