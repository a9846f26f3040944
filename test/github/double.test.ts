import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeWorld, type World } from "../world.ts";
import { answerFaults, operationOf } from "./api.ts";
import { githubDouble, secondaryLimit, type Double } from "./double.ts";
import { slice, textOf } from "./slice.ts";
import { actions, app, person, type Account } from "./state.ts";

const ann = person("ann", "admin");
const bob = person("bob");
const eve = person("eve", "none");
const bot = actions();

interface Desk {
  world: World;
  hub: Double;
  /** A request as somebody, and what GitHub says. */
  ask: (who: Account, method: string, path: string, body?: unknown) => Promise<Said>;
  /** Pushes a commit with these files to a branch, as Ann. */
  push: (branch: string, file: string, text?: string) => Promise<string>;
}

interface Said {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

async function desk(): Promise<Desk> {
  const when = { now: new Date("2026-11-22T07:00:00Z") };
  const hub = githubDouble(() => when.now, { accounts: [ann, bob, eve, bot, app("gatekeeper", 77)] });
  onTestFinished(hub.close);
  const world = await makeWorld({ serve: hub.serve });
  return {
    world,
    hub,
    async ask(who, method, path, body) {
      const response = await fetch(`${hub.api()}/repos/acme/fleet${path}`, {
        method,
        headers: { authorization: `token ${who.token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text === "" ? {} : JSON.parse(text),
        headers: response.headers,
      };
    },
    async push(branch, file, text = "words\n") {
      await world.git("fetch", "--quiet", "origin");
      await world
        .git("checkout", "--quiet", "--detach", `origin/${branch}`)
        .catch(() => world.git("checkout", "--quiet", "--detach", "origin/main"));
      const { writeFile } = await import("node:fs/promises");
      await writeFile(join(world.clone, file), text);
      await world.git("add", "--all");
      await world.git("commit", "--quiet", "--message", `write ${file}`);
      await world.git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
      return (await world.git("rev-parse", "HEAD")).trim();
    },
  };
}

const draft = { title: "Work", body: "See below.", head: "work", base: "main" };

/** A desk with one pull of the bot's. */
async function opened() {
  const made = await desk();
  const head = await made.push("work", "work.md");
  expect(await made.ask(bot, "POST", "/pulls", draft)).toMatchObject({ status: 201, body: { number: 1 } });
  return { ...made, head };
}

test("a pull follows its branch, and closes when the branch goes", async () => {
  const { ask, push, world, head, hub } = await opened();
  expect(await ask(ann, "GET", "/pulls/1")).toMatchObject({ body: { head: { sha: head }, mergeable: true } });
  const later = await push("work", "more.md");
  expect(await ask(ann, "GET", "/pulls/1")).toMatchObject({ body: { head: { sha: later } } });
  await world.git("push", "--quiet", "origin", ":refs/heads/work");
  expect(await ask(ann, "GET", "/pulls/1")).toMatchObject({ body: { state: "closed", merged: false } });
  expect(hub.faults).toEqual([]);
});

test("opening says no in GitHub's words", async () => {
  const { ask, hub } = await opened();
  const said = async (body: object, who = bot): Promise<unknown> => {
    const { status, body: answer } = await ask(who, "POST", "/pulls", body);
    return [status, Object([answer["errors"] ?? []].flat()[0])["message"] ?? answer["message"]];
  };
  expect(await said(draft)).toEqual([422, "A pull request already exists for acme:work."]);
  expect(await said({ ...draft, head: "main" })).toEqual([422, "No commits between main and main"]);
  expect(await said({ ...draft, head: "nowhere" })).toEqual([422, "Validation Failed"]);
  expect(await said(draft, { ...bot, token: "wrong" })).toEqual([401, "Bad credentials"]);
  hub.state.settings.actionsMayOpenPulls = false;
  expect(await said(draft)).toEqual([
    403,
    "GitHub Actions is not permitted to create or approve pull requests.",
  ]);
  expect(hub.faults).toEqual([]);
});

test("nobody approves their own pull, and an approval names a commit", async () => {
  const { ask, head, hub } = await opened();
  const review = (who: Account, event: string) =>
    ask(who, "POST", "/pulls/1/reviews", { event, body: "fine" });
  expect(await review(bot, "APPROVE")).toMatchObject({
    status: 422,
    body: { errors: ["Can not approve your own pull request"] },
  });
  expect(await review(bot, "REQUEST_CHANGES")).toMatchObject({ status: 422 });
  expect(await review(bot, "COMMENT")).toMatchObject({ status: 200, body: { state: "COMMENTED" } });
  expect(await review(ann, "APPROVE")).toMatchObject({ status: 200, body: { commit_id: head } });
  expect(hub.faults).toEqual([]);
});

test("a merge is git's own, pinned to the head that it names", async () => {
  const { ask, push, head, hub, world } = await opened();
  await world.commit({ "other.md": "by hand\n" });
  const merge = (sha: string) => ask(ann, "PUT", "/pulls/1/merge", { sha });
  expect(await merge("1".repeat(40))).toMatchObject({ status: 409 });
  const later = await push("work", "more.md");
  expect(await merge(head)).toMatchObject({ status: 409 });
  expect(await merge(later)).toMatchObject({ status: 200, body: { merged: true } });
  expect(await world.file("other.md")).toBe("by hand\n");
  expect(await world.file("work.md")).toBe("words\n");
  expect(await ask(ann, "GET", "/pulls/1")).toMatchObject({
    body: { merged: true, merged_by: { login: "ann" } },
  });
  expect(await merge(later)).toMatchObject({
    status: 405,
    body: { message: "Pull Request is not mergeable" },
  });
  expect(hub.faults).toEqual([]);
});

test("a conflict, a missing approval, a missing check and a method that is not allowed are no merges", async () => {
  const { ask, head, hub, world } = await opened();
  const merge = async (): Promise<unknown> => {
    const { status, body } = await ask(ann, "PUT", "/pulls/1/merge", { sha: head });
    return [status, body["message"]];
  };
  await hub.protect({ approvals: 1, checks: [{ context: "pullbeat", app: 15368 }], bypass: ["ann"] });
  expect(await merge()).toEqual([
    405,
    "At least 1 approving review is required by reviewers with write access.",
  ]);
  await ask(bob, "POST", "/pulls/1/reviews", { event: "APPROVE" });
  expect(await merge()).toEqual([405, 'Required status check "pullbeat" is expected.']);
  const check = { name: "pullbeat", head_sha: head, status: "completed", conclusion: "success" };
  expect(await ask(app("gatekeeper", 77), "POST", "/check-runs", check)).toMatchObject({ status: 201 });
  expect(await merge()).toEqual([405, 'Required status check "pullbeat" is expected.']);
  expect(await ask(ann, "POST", "/check-runs", check)).toMatchObject({ status: 403 });
  expect(await ask(bot, "POST", "/check-runs", check)).toMatchObject({ status: 201 });
  hub.state.settings.methods = ["squash"];
  expect(await merge()).toEqual([405, "Merge commits are not allowed on this repository."]);
  hub.state.settings.methods = ["merge"];
  await world.commit({ "work.md": "another\n" });
  expect(await merge()).toEqual([405, "Pull Request is not mergeable"]);
  expect(hub.faults).toEqual([]);
});

test("a protected branch takes no push but from who may pass, and readers push nothing", async () => {
  const { hub, world } = await opened();
  const push = (who: Account): Promise<string> =>
    world.git("push", "--quiet", hub.urlFor(who), "HEAD:refs/heads/main");
  await hub.protect({ bypass: ["ann"] });
  await expect(push(bob)).rejects.toThrow(/GH013.*hook declined/s);
  await expect(push(person("cy", "read"))).rejects.toThrow();
  await push(ann);
  expect(hub.faults).toEqual([]);
});

test("a push of a merge makes the pull merged, though nobody pressed a button", async () => {
  const { ask, head, hub, world } = await opened();
  await world.git("checkout", "--quiet", "--detach", "origin/main");
  await world.git("merge", "--quiet", "--no-ff", "-m", "by hand", head);
  await world.git("push", "--quiet", "--atomic", "origin", "HEAD:refs/heads/main", ":refs/heads/work");
  expect(await ask(bob, "GET", "/pulls/1")).toMatchObject({ body: { state: "closed", merged: true } });
  expect(hub.faults).toEqual([]);
});

test("the same answer again is 304, lists come in pages, and a late reader sees yesterday", async () => {
  const { ask, hub } = await opened();
  const first = await ask(ann, "GET", "/pulls?state=open");
  const etag = first.headers.get("etag") ?? "";
  const again = await fetch(`${hub.api()}/repos/acme/fleet/pulls?state=open`, {
    headers: { authorization: `token ${ann.token}`, "if-none-match": etag },
  });
  expect(again.status).toBe(304);
  for (const n of [1, 2, 3]) await ask(bob, "POST", "/issues/1/comments", { body: `word ${n}` });
  const page = await ask(ann, "GET", "/issues/1/comments?per_page=2&page=1");
  expect(page.headers.get("link")).toContain('page=2>; rel="next"');
  hub.lag(1);
  await ask(bob, "POST", "/issues/1/labels", { labels: ["x"] });
  expect(await ask(ann, "GET", "/issues/1")).toMatchObject({ body: { labels: [] } });
  expect(await ask(ann, "GET", "/issues/1")).toMatchObject({ body: { labels: [{ name: "x" }] } });
  expect(hub.faults).toEqual([]);
});

test("trouble comes when it was ordered, before or after the deed", async () => {
  const { ask, hub } = await opened();
  hub.trouble({ operation: "issues/create-comment", nth: 2, ...secondaryLimit(7) });
  hub.trouble({ operation: "issues/add-labels", status: 502, done: true });
  const say = () => ask(bob, "POST", "/issues/1/comments", { body: "hello" });
  expect((await say()).status).toBe(201);
  const limited = await say();
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([403, "7"]);
  expect((await say()).status).toBe(201);
  expect((await ask(bob, "POST", "/issues/1/labels", { labels: ["x"] })).status).toBe(502);
  expect(hub.state.pulls[0]?.labels).toEqual(["x"]);
});

test("what GitHub would not understand is a fault of who asked", async () => {
  const { ask, hub } = await opened();
  await ask(ann, "GET", "/pulls?sort_by=created");
  await ask(ann, "POST", "/pulls/1/reviews", { event: "APPROVED" });
  await ask(ann, "PATCH", "/pulls/1", { draft: false });
  await ask(ann, "POST", "/pull", {});
  expect(hub.faults).toEqual([
    expect.stringContaining("unknown query sort_by"),
    expect.stringContaining("must be equal to one of the allowed values"),
    expect.stringContaining("unknown body key draft"),
    expect.stringContaining("nobody taught the double POST"),
  ]);
});

test("our copy of the description is what the script makes of it: cutting it again changes nothing", () => {
  const text = readFileSync(join(import.meta.dirname, "api.json"), "utf8");
  expect(textOf(slice(JSON.parse(text))) === text).toBe(true);
});

const RECORDED = "../shared/github/recorded.jsonl";

/** What GitHub said to a recorded request, without the names of its repository. */
interface Recorded {
  method: string;
  path: string;
  status: number;
  response: { message?: string; errors?: { resource?: string; code?: string; message?: string }[] } | null;
}

const readRecorded = (): Recorded[] =>
  readFileSync(RECORDED, "utf8")
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row));

/** Our own way to each of GitHub's recorded refusals. */
const WAYS: readonly [of: RegExp, status: number, words: RegExp, way: (d: Desk) => Promise<Said>][] = [
  [/^POST .*\/pulls$/, 422, /already exists/, ({ ask }) => ask(bot, "POST", "/pulls", draft)],
  [
    /^PATCH .*\/pulls\/\d+$/,
    422,
    /was not found/,
    ({ ask }) => ask(bot, "PATCH", "/pulls/1", { base: "non-existing" }),
  ],
  [/^GET .*\/pulls\/\d+\/merge$/, 404, /Not Found/, ({ ask }) => ask(bot, "GET", "/pulls/1/merge")],
  [
    /^GET .*\/branches\/master\/protection$/,
    404,
    /not protected/,
    ({ ask }) => ask(ann, "GET", "/branches/main/protection"),
  ],
  [/^DELETE .*\/labels\//, 404, /Label does not/, ({ ask }) => ask(bot, "DELETE", "/issues/1/labels/none")],
];

const gist = ({ status, response }: Pick<Recorded, "status" | "response">): unknown => ({
  status,
  message: response?.message,
  errors: response?.errors?.map(({ resource, code, message }) => ({
    resource,
    code,
    message: message?.replace(/for \S+:\S+\.$/, "for …"),
  })),
});

test.runIf(existsSync(RECORDED))("the double refuses as GitHub was recorded to refuse", async () => {
  const recorded = readRecorded();
  const made = await opened();
  for (const [of, status, words, way] of WAYS) {
    const real = recorded.find(
      (r) =>
        of.test(`${r.method} ${r.path}`) && r.status === status && words.test(JSON.stringify(r.response)),
    );
    const { status: code, body } = await way(made);
    expect(gist({ status: code, response: body })).toEqual(gist(real ?? { status: 0, response: null }));
  }
});

test.runIf(existsSync(RECORDED))("recorded answers have a status that the description lists", () => {
  const told = readRecorded().flatMap(({ method, path, status }) => {
    const bare = path.split("?")[0]?.replace(/^\/repos\/[^/]+\/[^/]+/, "/repos/a/b") ?? "";
    const operation = operationOf(method, bare);
    return operation === undefined ? [] : [{ operation, status }];
  });
  expect(told.length).toBeGreaterThan(20);
  const strange = told.filter((t) =>
    answerFaults(t.operation, t.status, undefined).some((f) => f.startsWith("status")),
  );
  expect(strange.map((t) => `${t.operation.id} ${t.status}`)).toEqual([]);
});
