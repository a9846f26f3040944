import { expect, test } from "vitest";
import { boardView, type TaskView } from "../../src/domain/board/board.ts";
import { collide } from "../../src/domain/product/declared.ts";
import { Instant, Login } from "../../src/domain/id.ts";
import { claim, control, finding, LIVE, merge, pull, review, sha, snapshot } from "./fleet.ts";

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

const views = (given: Given): Record<string, TaskView> =>
  Object.fromEntries(boardView(snapshot(given)).map((v) => [v.unit, v]));

/** How the task `t-one` stands. */
const one = (given: Given): TaskView | undefined => views({ tasks: { "t-one": {} }, ...given })["t-one"];

test("a task that nothing stops is ready, and its agent acts", () => {
  expect(one({})).toEqual({
    unit: "t-one",
    task: "t-one",
    title: "Task t-one",
    agent: "ada",
    priority: "normal",
    state: "ready",
    reason: "ada can work on it (normal)",
    acts: "ada",
    needs: [],
    file: "board/t-one.md",
    pull: null,
  });
});

test("done and dropped are what the file says", () => {
  expect(one({ tasks: { "t-one": { status: "done", result: "pass" } } })).toMatchObject({
    state: "done",
    reason: "done in board/t-one.md (pass)",
    acts: "nobody",
  });
  expect(one({ tasks: { "t-one": { status: "dropped" } } })?.state).toBe("dropped");
});

test("a merge of work in the journal makes a task done before its file is looked at", () => {
  expect(one({ merges: [merge("t-one")] })?.state).toBe("done");
});

test("a merged task that somebody set back to todo is tried again once it is unparked, and not by an older unpark", () => {
  const merges = [merge("t-one")];
  expect(one({ merges, controls: [control("unpark", "t-one")] })?.state).toBe("ready");
  const before = control("unpark", "t-one", { at: "2026-11-22T04:00:00Z" });
  expect(one({ merges, controls: [before] })?.state).toBe("done");
});

test("a merged question makes a task ready again", () => {
  expect(one({ merges: [merge("t-one", { kind: "question" })] })?.state).toBe("ready");
});

test("a task whose claim lives is claimed; one whose lease is over is not", () => {
  expect(one({ claims: [claim("ada", "20261122T0700Z", "t-one", LIVE)] })).toMatchObject({
    state: "claimed",
    acts: "ada",
  });
  expect(one({ claims: [claim("ada", "20261122T0600Z", "t-one")] })?.state).toBe("ready");
});

test("an open question waits for a person", () => {
  expect(one({ pulls: [pull(3, "t-one", { kind: "question" })] })).toMatchObject({
    state: "asked",
    acts: "a person",
    pull: 3,
  });
});

test("an open pull waits for a person", () => {
  expect(one({ pulls: [pull(3, "t-one")] })).toMatchObject({ state: "waiting", acts: "a person", pull: 3 });
});

test("a request for changes by the roster or by pullbeat itself sends a task back to its agent", () => {
  for (const by of ["ann", "ANN", "pullbeat"])
    expect(one({ pulls: [pull(3, "t-one", { reviews: [review(by, "request-changes")] })] })).toMatchObject({
      state: "changes-requested",
      acts: "ada",
      reason: `${by} asks for changes on #3`,
    });
  const accounts = { fleet: { accounts: ["robot"] } };
  const reviews = [review("robot", "request-changes")];
  expect(one({ config: accounts, pulls: [pull(3, "t-one", { reviews })] })?.state).toBe("changes-requested");
});

test("what strangers ask for does not count", () => {
  expect(one({ pulls: [pull(3, "t-one", { reviews: [review("mallory", "request-changes")] })] })?.state).toBe(
    "waiting",
  );
});

test("a request for changes of an older head does not count", () => {
  const reviews = [review("ann", "request-changes", { head: sha("before") })];
  expect(one({ pulls: [pull(3, "t-one", { reviews })] })?.state).toBe("waiting");
});

test("a person's approval takes back their request for changes; a comment does not", () => {
  const refused = review("ann", "request-changes");
  const later = { at: Instant.parse("2026-11-21T10:00:00Z") };
  const stateOf = (verdict: "approve" | "comment") =>
    one({ pulls: [pull(3, "t-one", { reviews: [refused, review("ann", verdict, later)] })] })?.state;
  expect(stateOf("approve")).toBe("in-review");
  expect(stateOf("comment")).toBe("changes-requested");
});

test("an approved pull is for settle; the fleet's own approval approves nothing", () => {
  expect(one({ pulls: [pull(3, "t-one", { reviews: [review("ann", "approve")] })] })).toMatchObject({
    state: "in-review",
    acts: "pullbeat",
  });
  expect(one({ pulls: [pull(3, "t-one", { reviews: [review("pullbeat", "approve")] })] })?.state).toBe(
    "waiting",
  );
  const own = pull(3, "t-one", { author: Login.parse("ann"), reviews: [review("ann", "approve")] });
  expect(one({ pulls: [own] })?.state).toBe("waiting");
});

test("an approved pull waits for whoever asked for changes on an older head and has not approved since", () => {
  const roster = [{ login: "ann" }, { login: "bob" }];
  const old = review("ann", "request-changes", { head: sha("before") });
  const reviews = [old, review("bob", "approve")];
  expect(one({ config: { roster }, pulls: [pull(3, "t-one", { reviews })] })).toMatchObject({
    state: "waiting",
    acts: "a person",
    reason: "ann asked for changes on #3, and has not approved since",
  });
  const both = [...reviews, review("ann", "approve")];
  expect(one({ config: { roster }, pulls: [pull(3, "t-one", { reviews: both })] })?.acts).toBe("pullbeat");
});

test("a pull that a person ended is not worked on before settle has seen it", () => {
  expect(one({ pulls: [pull(3, "t-one", { state: "closed" })] })).toMatchObject({
    state: "in-review",
    acts: "pullbeat",
  });
});

test("a pull whose branch is gone waits for a person, whatever was said of it", () => {
  const lost = pull(3, "t-one", { head: null, reviews: [review("ann", "request-changes")] });
  expect(one({ pulls: [lost] })?.state).toBe("waiting");
});

test("a parked task says who parked it and why; an edit of its file ends that", () => {
  const park = control("park", "t-one", { why: "failed twice", taskBlob: sha("t-one") });
  expect(one({ controls: [park] })).toMatchObject({
    state: "parked",
    reason: "parked by ann: failed twice",
    acts: "a person",
  });
  expect(one({ controls: [control("park", "t-one", { taskBlob: sha("other") })] })?.state).toBe("ready");
});

test("a hold of a task or its agent blocks it, one of the fleet does not", () => {
  expect(one({ controls: [control("hold", "t-one")] })?.state).toBe("blocked");
  expect(one({ controls: [control("hold", "@ada")] })?.state).toBe("blocked");
  expect(one({ controls: [control("hold", "fleet")] })?.state).toBe("ready");
});

test("changes that are requested under a hold are not worked on", () => {
  const pulls = [pull(3, "t-one", { reviews: [review("ann", "request-changes")] })];
  expect(one({ pulls, controls: [control("hold", "t-one")] })).toMatchObject({ state: "blocked", pull: 3 });
});

test("a task with a broken file, or of an agent that cannot work, blocks itself only", () => {
  const tasks = { "t-one": {}, "t-two": { agent: "bob" } };
  const agents = { ada: {}, bob: {} };
  const both = (given: Given) => {
    const v = views({ tasks, agents, ...given });
    return [v["t-one"]?.state, v["t-two"]?.state];
  };
  expect(both({})).toEqual(["ready", "ready"]);
  expect(both({ findings: [finding("board/t-one.md")] })).toEqual(["blocked", "ready"]);
  expect(both({ findings: [finding("agents/ada.md")] })).toEqual(["blocked", "ready"]);
  expect(both({ findings: [{ ...finding("agents/ada.md"), level: "note" }] })).toEqual(["ready", "ready"]);
  expect(both({ agents: { bob: {} } })).toEqual(["blocked", "ready"]);
  expect(both({ agents: { ada: { status: "retired" }, bob: {} } })).toEqual(["blocked", "ready"]);
  expect(both({ controls: [control("pause", "@ada")] })).toEqual(["blocked", "ready"]);
});

type Needs = (string | { task: string; result?: "pass" | "fail" })[];

/** `t-one` with these needs. */
const needing = (needs: Needs, given: Given = {}): TaskView | undefined =>
  one({ ...given, tasks: { ...given.tasks, "t-one": { needs } } });

test("needs that are open, dropped or unknown block, and each is named", () => {
  const tasks = { "t-open": { agent: "bob" }, "t-gone": { status: "dropped" as const } };
  const view = needing(["t-open", "t-gone", "t-what"], { tasks });
  expect(view).toMatchObject({ state: "blocked", acts: "bob", needs: ["t-open", "t-gone", "t-what"] });
  expect(view?.reason).toBe(
    "needs t-open, which is not done; t-gone, which was dropped; t-what, which is neither on the board nor in its archive",
  );
});

test("needs that are done on the board, in the archive or in the journal do not block", () => {
  const tasks = { "t-a": { status: "done" as const }, "t-c": {} };
  const given = { tasks, archived: { "t-b": { status: "done" as const } }, merges: [merge("t-c")] };
  expect(needing(["t-a", "t-b", "t-c"], given)?.state).toBe("ready");
});

test("a need for a pass is not met by a fail, nor by silence", () => {
  const archived = {
    "t-pass": { status: "done" as const, result: "pass" as const },
    "t-fail": { status: "done" as const, result: "fail" as const },
    "t-mute": { status: "done" as const },
  };
  const reasonOf = (task: string) => needing([{ task, result: "pass" }], { archived })?.reason;
  expect(reasonOf("t-pass")).toBe("ada can work on it (normal)");
  expect(reasonOf("t-fail")).toBe("needs t-fail to end as pass, and it ended as fail");
  expect(reasonOf("t-mute")).toBe("needs t-mute to end as pass, and it ended without saying pass or fail");
  expect(needing([{ task: "t-fail", result: "fail" }], { archived })?.state).toBe("ready");
  expect(needing(["t-fail"], { archived })?.state).toBe("ready");
});

test("tasks that need each other are told the ring they are in; who only depends on it is not", () => {
  const tasks = {
    "t-a": { needs: ["t-b"] },
    "t-b": { needs: ["t-c"] },
    "t-c": { needs: ["t-a"] },
    "t-d": { needs: ["t-a"] },
    "t-self": { needs: ["t-self"] },
  };
  const v = views({ tasks });
  expect(v["t-b"]?.reason).toBe("needs itself: t-b needs t-c needs t-a needs t-b");
  expect(v["t-d"]?.reason).toBe("needs t-a, which is not done");
  expect(v["t-self"]?.reason).toBe("needs itself: t-self needs t-self");
});

test("an open pull that changes a declared path blocks every other task that would overwrite it", () => {
  const branch = "pullbeat/work/t-two--1";
  const given = (produces: string[], append: string[] = []): Given => ({
    agents: { ada: { produces: append.map((path) => ({ path, mode: "append" as const })) } },
    tasks: { "t-one": { produces }, "t-two": { produces } },
    pulls: [pull(3, "t-two")],
    changes: { [branch]: ["reports/a.md"] },
  });
  expect(one(given(["reports/a.md"]))).toMatchObject({
    state: "blocked",
    reason: "reports/a.md is changed by #3 already",
    pull: 3,
  });
  expect(one(given(["reports/*.md"]))?.state).toBe("blocked");
  expect(one(given(["reports/b.md"]))?.state).toBe("ready");
  expect(one(given(["reports/a.md"], ["reports/*.md"]))?.state).toBe("ready");
  expect(views(given(["reports/a.md"]))["t-two"]?.state).toBe("waiting");
});

test("two patterns collide when one path fits both", () => {
  expect(collide("a/b.md", "a/b.md")).toBe(true);
  expect(collide("a/*.md", "a/b.md")).toBe(true);
  expect(collide("a/b.md", "a/*.csv")).toBe(false);
  expect(collide("a/*.md", "**/b*")).toBe(true);
  expect(collide("a/x-*.md", "a/y-*.md")).toBe(false);
});
