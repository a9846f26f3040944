import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, request } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { app } from "../../src/cli/app.ts";
import { secretWord, waitAtDoor } from "../../src/cli/app-door.ts";
import type { Options, Shell } from "../../src/cli/shell.ts";
import { manifestOf, ROLES } from "../../src/domain/app/manifest.ts";
import { askingPage } from "../../src/domain/app/page.ts";
import { convertManifest } from "../../src/forge/github/conversion.ts";
import { makeHub, type HubWorld } from "../github/fleet.ts";
import { makeApp } from "../github/manifests.ts";
import { quietTerminal } from "./cli.ts";

interface Seen {
  status: number;
  body: string;
}

/** A browser, which may say any host; `cut`: nobody answers. */
const visit = (
  url: string,
  { host, method = "GET" }: { host?: string; method?: string } = {},
): Promise<Seen | "cut"> =>
  new Promise((resolve) => {
    const headers = host === undefined ? {} : { host };
    const asked = request(url, { method, headers }, (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on("error", () => resolve("cut")).end();
  });

/** Somebody at the command line, and their browser. */
interface Sitting {
  world: HubWorld;
  /** Ends with the command. */
  run: Promise<unknown>;
  /** Where the page is. */
  url: () => Promise<string>;
  said: () => string;
}

async function sit(options: Options = {}, { answer, json = false }: Partial<Seat> = {}): Promise<Sitting> {
  const world = await makeHub();
  for (const [name, value] of Object.entries(world.env)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  onTestFinished(() => expect(world.hub.faults).toEqual([]));
  const terminal = quietTerminal();
  const open = (): Promise<never> => Promise.reject(new Error("no world is opened"));
  const ask = async (question: string): Promise<string | null> => {
    terminal.err(question);
    return answer === undefined ? null : answer(world);
  };
  const shell: Shell = { dir: world.clone, json, now: null, terminal, open, email: async () => null, ask };
  const said = (): string => [...terminal.errors, ...terminal.lines].join("\n");
  const run = app(shell, [], options).catch((error: unknown) => error);
  const url = async (): Promise<string> => {
    for (;;) {
      const found = /http:\/\/127\.0\.0\.1:\S+/.exec(said())?.[0];
      if (found !== undefined) return found;
      await sleep(5);
    }
  };
  return { world, run, url, said };
}

interface Seat {
  answer: (world: HubWorld) => Promise<string>;
  json: boolean;
}

const unescaped = (html: string): string =>
  html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

/** What the page would send to GitHub, and where to. */
function formIn(html: string): { manifest: string; own: string; organization: string } {
  const [, manifest = ""] = /name="manifest" value="([^"]*)"/.exec(html) ?? [];
  const [own = "", organization = ""] = [...html.matchAll(/formaction="([^"]*)"/g)].map((m) => m[1] ?? "");
  return { manifest: unescaped(manifest), own: unescaped(own), organization: unescaped(organization) };
}

/** The honest way: opens the page, makes the app at GitHub, and says where the browser is sent then. */
async function made({ world, url }: Sitting): Promise<string> {
  const page = await visit(await url());
  const { manifest, own } = formIn(page === "cut" ? "" : page.body);
  return makeApp(world.hub.state, manifest, own);
}

const keysIn = (world: HubWorld): Promise<string[]> =>
  readdir(join(world.clone, ".git/pullbeat")).then(
    (names) => names.filter((n) => n.endsWith(".pem")),
    () => [],
  );
const conversions = (world: HubWorld): number =>
  world.hub.heard.filter((h) => h.operation === "apps/create-from-manifest").length;

test("from the page to GitHub and back, the key ends in a file of one's own, and nowhere else", async () => {
  const sitting = await sit({}, { json: true });
  const { world, run, said } = sitting;
  const page = await visit(await sitting.url());
  const body = page === "cut" ? "" : page.body;
  const form = formIn(body);
  expect(JSON.parse(form.manifest)).toMatchObject({
    public: false,
    default_permissions: Object.fromEntries(ROLES.fleet.rights.map(([right, how]) => [right, how])),
    default_events: [],
    hook_attributes: { active: false },
  });
  expect(form.manifest).not.toContain("workflows");
  expect(new URL(form.own).pathname).toBe("/settings/apps/new");
  expect(new URL(form.organization).pathname).toBe("/organizations/acme/settings/apps/new");
  expect(body).not.toMatch(/<script|javascript:|\son\w+=/i);
  const back = await visit(makeApp(world.hub.state, form.manifest, form.own));
  expect(await run).toBe(0);
  expect(await keysIn(world)).toEqual(["pullbeat-acme.private-key.pem"]);
  const file = join(world.clone, ".git/pullbeat/pullbeat-acme.private-key.pem");
  const pem = await readFile(file, "utf8");
  expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await world.git("status", "--porcelain")).toBe("");
  const shown = `${said()}${JSON.stringify(back)}`;
  for (const line of pem.split("\n").filter((l) => l !== "")) expect(shown).not.toContain(line);
  expect(shown).not.toMatch(/client-secret|c0de1/);
  const value = JSON.parse(said().slice(said().indexOf("{")));
  expect(value).toMatchObject({
    app: { slug: "pullbeat-acme", account: "pullbeat-acme[bot]", owner: "acme" },
    key: expect.stringContaining("pullbeat-acme.private-key.pem"),
  });
  const commands = value.next.map((n: { command: string }) => n.command);
  expect(commands.join("\n")).toMatch(
    /gh variable set PULLBEAT_APP_ID --repo acme\/fleet --body \d+\ngh secret set PULLBEAT_APP_KEY --repo acme\/fleet < /,
  );
  // The door is gone.
  expect(await visit(await sitting.url())).toBe("cut");
});

const ATTACKS: readonly [
  attack: string,
  how: (back: URL, page: URL) => Promise<Seen | "cut">,
  status: number,
][] = [
  [
    "a state of somebody else's",
    (back) => visit(`${back.origin}/made?code=c0de&state=${"A".repeat(43)}`),
    403,
  ],
  ["no state", (back) => visit(`${back.origin}/made?code=c0de`), 403],
  ["a name that leads here from elsewhere", (back) => visit(back.href, { host: "evil.example" }), 403],
  [
    "the same port under another name, for the page with the state",
    (_, page) => visit(page.href, { host: `localhost.evil.example:${page.port}` }),
    403,
  ],
  ["a form that posts", (back) => visit(back.href, { method: "POST" }), 405],
  ["a guess at where the page is", (back) => visit(back.origin), 404],
  [
    "a code that leads elsewhere in the API",
    (back) => visit(back.href.replace(/code=\w+/, "code=..%2F..%2Fuser")),
    400,
  ],
];

test("whatever else knocks is refused, and the honest way works behind it", async () => {
  const sitting = await sit();
  const page = new URL(await sitting.url());
  const back = new URL(await made(sitting));
  for (const [attack, how, status] of ATTACKS) {
    const seen = await how(back, page);
    expect([attack, seen === "cut" ? seen : seen.status]).toEqual([attack, status]);
    expect(seen === "cut" ? "" : seen.body).not.toContain(back.searchParams.get("state"));
  }
  expect(conversions(sitting.world)).toBe(0);
  expect(await keysIn(sitting.world)).toEqual([]);
  expect(await visit(back.href)).toMatchObject({ status: 200 });
  expect(await sitting.run).toBe(0);
  expect(await keysIn(sitting.world)).toHaveLength(1);
});

test("of two who come with the same code at once, one is served; who comes later finds nobody", async () => {
  const sitting = await sit();
  const back = await made(sitting);
  const seen = await Promise.all([visit(back), visit(back)]);
  expect(new Set(seen.map((s) => (s === "cut" ? s : s.status)))).toEqual(new Set([200, 410]));
  expect(await sitting.run).toBe(0);
  expect(conversions(sitting.world)).toBe(1);
  expect(await visit(back)).toBe("cut");
});

test("a code that GitHub does not know makes nothing, and both browser and terminal are told", async () => {
  const sitting = await sit();
  const back = new URL(await made(sitting));
  back.searchParams.set("code", "c0deOfYesterday");
  expect(await visit(back.href)).toMatchObject({
    status: 502,
    body: expect.stringContaining("does not know that code"),
  });
  expect(await sitting.run).toMatchObject({ code: "refused", next: expect.stringContaining("pullbeat app") });
  expect(await keysIn(sitting.world)).toEqual([]);
  expect(String(await sitting.run)).not.toContain("c0de");
});

/** What becomes of an answer of GitHub's to a code. */
async function converted(answer: string): Promise<unknown> {
  const server = createServer((_, response) => void response.writeHead(201).end(answer));
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return convertManifest("c0de", `http://127.0.0.1:${port}`, "0.0.0-test").catch((error: unknown) => error);
}

test("an answer that is no app is told without a word of it, for a key may be in it; and no app is called a path", async () => {
  const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n";
  const good = { id: 7, slug: "ours", html_url: "https://github.com/x", owner: { login: "acme" }, pem };
  expect(await converted(JSON.stringify(good))).toMatchObject({ id: 7, slug: "ours", pem });
  for (const answer of [
    pem,
    JSON.stringify(pem),
    JSON.stringify({ ...good, id: pem }),
    JSON.stringify({ ...good, slug: "../../hooks/x" }),
  ]) {
    const error = await converted(answer);
    expect(error).toMatchObject({
      code: "remote",
      message: expect.stringMatching(/^GitHub answered something else/),
    });
    expect(inspect(error)).not.toMatch(/-----|MIIE/);
  }
});

const door = (minutes: number, open: (url: string) => void = () => {}): Promise<string> =>
  waitAtDoor({
    port: 0,
    minutes,
    state: secretWord(),
    page: () => "",
    open,
    take: async (code) => ({ value: code, page: "" }),
  });

test("nobody is waited for for ever, and only this machine is listened to", async () => {
  await expect(door(0.0005)).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/nobody/),
  });
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((i) => i !== undefined && !i.internal && i.family === "IPv4");
  const seen: Promise<Seen | "cut">[] = [];
  const waited = door(0.01, (url) => {
    if (outside !== undefined) seen.push(visit(url.replace("127.0.0.1", outside.address)));
  });
  await expect(waited).rejects.toMatchObject({ code: "refused" });
  expect(await Promise.all(seen)).toEqual(seen.map(() => "cut"));
});

test("a browser elsewhere gets the page as a file, and its address is pasted; only with this page's state", async () => {
  const page = join(await mkdtemp(join(tmpdir(), "pullbeat-app-")), "app.html");
  onTestFinished(() => rm(dirname(page), { recursive: true }));
  const paste =
    (spoil: (address: string) => string) =>
    async ({ hub }: HubWorld): Promise<string> => {
      const { manifest, own } = formIn(await readFile(page, "utf8"));
      return spoil(makeApp(hub.state, manifest, own));
    };
  const good = await sit({ page }, { answer: paste((address) => `  ${address}\n`) });
  expect(await good.run).toBe(0);
  expect(await keysIn(good.world)).toHaveLength(1);
  expect((await stat(page)).mode & 0o777).toBe(0o600);
  for (const spoil of [(a: string) => a.replace(/state=\w/, "state=!"), () => "c0de1000", () => ""]) {
    const bad = await sit({ page }, { answer: paste(spoil) });
    expect(await bad.run).toMatchObject({ code: "refused" });
    expect([await keysIn(bad.world), conversions(bad.world)]).toEqual([[], 0]);
  }
  const nobody = await sit({ page });
  expect(await nobody.run).toMatchObject({ code: "refused", next: expect.stringContaining("ssh -L") });
});

test("the second identity may review and read, and is looked for under names of its own", async () => {
  const sitting = await sit({ reviewer: true }, { json: true });
  const page = await visit(await sitting.url());
  const { manifest, organization } = formIn(page === "cut" ? "" : page.body);
  expect(JSON.parse(manifest)).toMatchObject({ name: "pullbeat-gates-acme" });
  expect(JSON.parse(manifest).default_permissions).toEqual({
    contents: "read",
    pull_requests: "write",
    metadata: "read",
  });
  await visit(makeApp(sitting.world.hub.state, manifest, organization));
  expect(await sitting.run).toBe(0);
  expect(sitting.said()).toMatch(
    /PULLBEAT_REVIEWER_APP_ID[^]*PULLBEAT_REVIEWER_APP_KEY[^]*reviewer: \{ account/,
  );
});

test("what stands in the page cannot act there", () => {
  const role = ROLES.fleet;
  const manifest = manifestOf({
    role,
    name: `"><script>alert(1)</script>`,
    web: "https://github.com/acme/fleet",
  });
  const html = askingPage({
    role,
    manifest,
    host: "https://github.com",
    owner: "acme",
    repository: "a/b",
    state: "s",
  });
  expect(html).not.toContain("<script");
  expect(html).not.toContain('"name":');
});
