import { formFor, type MadeApp, type Manifest, type Role } from "./manifest.ts";

/** Text in a page: nothing in it acts there. */
const plain = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (c) => `&#${(c.codePointAt(0) ?? 0).toString()};`);

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-top: 1px solid #8884; }
th { font-weight: 600; white-space: nowrap; }
button { font: inherit; font-weight: 600; padding: .6rem 1rem; margin: 0 .6rem .6rem 0; border: 1px solid #1a7f37;
  border-radius: .4rem; background: #1a7f37; color: #fff; cursor: pointer; }
button + button { background: transparent; color: inherit; border-color: #8888; }
button:focus-visible { outline: 3px solid #54aeff; outline-offset: 2px; }
.small { font-size: .875rem; opacity: .8; }
`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${plain(title)}</title>
<style>${STYLE}</style>
<h1>${plain(title)}</h1>
${body}
</html>
`;

/** `host`: `https://github.com`; `owner`: whose repository it is, a person or an organization, which only people know. */
export interface Asking {
  role: Role;
  manifest: Manifest;
  host: string;
  owner: string;
  repository: string;
  state: string;
}

/** The page with the button. Without scripts: what is sent to GitHub stands in it. */
export const askingPage = ({ role, manifest, host, owner, repository, state }: Asking): string =>
  page(
    `A GitHub App for ${repository}`,
    `<p>GitHub makes an app called <b>${plain(manifest.name)}</b> (you may change the name there) and sends you back here.
It belongs to you, nobody else can install it, and it may do this in the repositories that you install it on:</p>
<table>
${role.rights.map(([right, how, why]) => `<tr><th>${plain(right.replaceAll("_", " "))}<td>${how}<td>${plain(why)}`).join("\n")}
</table>
<p>It may not change workflows, settings, secrets or members, and calls nobody.</p>
<form method="post">
<input type="hidden" name="manifest" value="${plain(JSON.stringify(manifest))}">
<button formaction="${plain(formFor(host, null, state))}">${plain(owner)} is my own account</button>
<button formaction="${plain(formFor(host, owner, state))}">${plain(owner)} is an organization</button>
</form>
<p class="small">The page works once, and as long as pullbeat waits in your terminal.</p>`,
  );

/** Afterwards. The key is not in it. */
export const madePage = ({ slug }: Pick<MadeApp, "slug">, install: string): string =>
  page(
    `${slug} is there`,
    `<p>Its private key lies in a file on this machine; your terminal says where, and what to do with it.</p>
<p><a href="${plain(install)}">Install it</a> on the fleet's repository, and on no other. Then go on in your terminal; this page may be closed.</p>`,
  );

export const failedPage = (why: string): string =>
  page(
    "That did not work",
    `<p>${plain(why)}.</p><p>Your terminal says more; the command can be run again.</p>`,
  );
