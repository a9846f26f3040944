import { expect, test } from "vitest";
import { parse } from "yaml";
import { isOurs } from "../../src/domain/actions/files.ts";
import { taskForm } from "../../src/domain/actions/task-form.ts";
import { Fault } from "../../src/domain/fault.ts";
import { requestIn } from "../../src/domain/phone/request.ts";
import { isCall, spokenIn } from "../../src/domain/phone/spoken.ts";
import { agentFile } from "./fleet.ts";

const verb = (body: string) => {
  const spoken = spokenIn(body);
  if (spoken.kind !== "verb") throw new Error(spoken.kind);
  const { kind: _, ...rest } = spoken;
  return rest;
};

test("a verb, what it is about, when it ends, and why", () => {
  expect(verb("/pullbeat hold")).toEqual({ verb: "hold", targets: [], to: null, until: null, why: "" });
  expect(verb("/pullbeat pause editor @writer\n\nThey are on leave.\n")).toEqual({
    verb: "pause",
    targets: ["editor", "@writer"],
    to: null,
    until: null,
    why: "They are on leave.",
  });
  const until = "2026-12-01T07:00:00Z";
  for (const line of [
    `/pullbeat hold fleet until ${until} because release week`,
    `/pullbeat hold fleet --until ${until} --why "release week"`,
    `/Pullbeat Hold fleet —until ${until} —why “release week”`,
    `/pullbeat\thold  fleet until ${until}\r\nrelease week`,
  ])
    expect(verb(line)).toEqual({ verb: "hold", targets: ["fleet"], to: null, until, why: "release week" });
  expect(verb("/pullbeat reassign editor")).toMatchObject({ targets: [], to: "editor" });
  expect(verb("/pullbeat reassign T-8k2f @editor because leave")).toMatchObject({
    targets: ["T-8k2f"],
    to: "@editor",
    why: "leave",
  });
});

test("what a word stands under needs no name, whatever comes first behind the verb", () => {
  const until = "2026-12-01T07:00:00Z";
  const here = { verb: "hold", targets: [], to: null };
  expect(verb("/pullbeat hold because leave")).toEqual({ ...here, until: null, why: "leave" });
  expect(verb(`/pullbeat hold until ${until} because leave`)).toEqual({ ...here, until, why: "leave" });
  expect(verb("/pullbeat hold until")).toEqual({ ...here, until: "", why: "" });
});

test("as much is understood as may stand in a line", () => {
  const names = Array.from({ length: 20 }, (_, i) => `a${i}`);
  expect(verb(`/pullbeat hold ${names.join(" ")}`).targets).toEqual(names);
  const line = "/pullbeat hold because ".padEnd(400, "x");
  expect(verb(line).why).toHaveLength(400 - "/pullbeat hold because ".length);
  expect(why(`${line}x`)).toContain("the first line is too long");
});

test("a task and a directive carry a title and the text below", () => {
  expect(spokenIn("/pullbeat task @editor Shorten the page until it fits\r\n\r\nHalf of it.\r\n")).toEqual({
    kind: "task",
    agent: "editor",
    title: "Shorten the page until it fits",
    body: "Half of it.",
  });
  expect(spokenIn("/pullbeat task Shorten the page")).toMatchObject({ agent: null, body: "" });
  expect(spokenIn("/pullbeat directive @editor @writer until 2026-12-31 No exclamation marks")).toEqual({
    kind: "directive",
    scope: ["editor", "writer"],
    until: "2026-12-31",
    title: "No exclamation marks",
    body: "",
  });
  for (const title of ["Short sentences", "Until Friday nothing", "In 2026-12 no sales"])
    expect(spokenIn(`/pullbeat directive ${title}`)).toMatchObject({ scope: [], until: null, title });
});

test.each([
  ["quoted", "> /pullbeat hold"],
  ["in code", "    /pullbeat hold"],
  ["in a fence", "```\n/pullbeat hold\n```"],
  ["in a span of code", "`/pullbeat hold`"],
  ["below other words", "I think so.\n/pullbeat hold"],
  ["behind a blank", " /pullbeat hold"],
  ["behind an empty line", "\n/pullbeat hold"],
  ["with a full-width slash", "／pullbeat hold"],
  ["in full-width letters", "/ｐullbeat hold"],
  ["with an unseen character before it", "\u200b/pullbeat hold"],
  ["with an unseen character within", "/pull\u200bbeat hold"],
  ["with another space behind", "/pullbeat\u00a0hold"],
  ["with a mark of byte order", "\ufeff/pullbeat hold"],
  ["as part of a word", "/pullbeats hold"],
  ["as part of a path", "/pullbeat/hold"],
  ["in a comment that nobody sees", "<!-- /pullbeat hold -->"],
  ["nothing at all", ""],
])("what is %s calls nobody", (_, body) => expect(isCall(body)).toBe(false));

const why = (body: string): string => {
  expect(isCall(body)).toBe(true);
  try {
    spokenIn(body);
  } catch (error) {
    if (error instanceof Fault) return `${error.message}: ${error.expected}`;
    throw error;
  }
  throw new Error("it was understood");
};

test("what cannot be understood is answered with what was expected", () => {
  expect(why("/pullbeat")).toMatch(/^what is to be done\?: one of pause, resume, hold, /);
  expect(why("/pullbeat hodl")).toBe("there is no verb called hodl: perhaps hold");
  expect(why("/pullbeat approve")).toBe("no comment approves anything: a review, or the merge button");
  expect(why("/pullbeat h\u200bold")).toContain("there is no verb called");
  expect(why(`/pullbeat hold ${"a".repeat(65_000)}`)).toBe(
    "the first line is too long: at most 400 characters",
  );
  expect(why(`/pullbeat hold${" word".repeat(21)}`)).toContain("at most 20");
});

test("64 KB below a short line are text", () => {
  const text = "x\n".repeat(32_000).trim();
  expect(spokenIn(`/pullbeat task @editor Read this\n${text}`)).toMatchObject({ body: text });
});

test("an issue form's answers become a task, with CRLF and without", () => {
  const form = [
    "### Agent",
    "",
    "editor",
    "",
    "### Priority",
    "",
    "high",
    "",
    "### Brief",
    "",
    "Shorten it.",
    "",
    "### Notes",
    "",
    "Half.",
    "",
    "### Done when",
    "",
    "- [ ] it has 200 words",
    "* nobody misses anything",
    "",
  ];
  for (const end of ["\n", "\r\n"])
    expect(requestIn({ title: " Shorten the page ", body: form.join(end) })).toEqual({
      agent: "editor",
      priority: "high",
      title: "Shorten the page",
      brief: "Shorten it.\n\n### Notes\n\nHalf.",
      done: ["it has 200 words", "nobody misses anything"],
    });
});

test("an issue by hand is its own brief, and names its agent before its title", () => {
  expect(requestIn({ title: "@editor Shorten the page", body: "By half." })).toEqual({
    agent: "editor",
    priority: null,
    title: "Shorten the page",
    brief: "By half.",
    done: [],
  });
  const empty = "### Agent\n\neditor\n\n### Brief\n\n_No response_\n";
  expect(requestIn({ title: "Go", body: empty })).toMatchObject({ agent: "editor", brief: "" });
});

test("the form asks for exactly what is read from an issue, and names the agents that may work", () => {
  const files = [agentFile("writer"), agentFile("editor"), agentFile("gone", { status: "retired" })];
  const text = taskForm({ agents: new Map(files.map((file) => [file.spec.name, file])) });
  expect(isOurs(text)).toBe(true);
  const { labels, body } = parse(text);
  expect(labels).toEqual(["task"]);
  expect(body[0].attributes.options).toEqual(["editor", "writer"]);
  expect(body[1].attributes).toMatchObject({ options: ["urgent", "high", "normal", "low"], default: 2 });
  // As GitHub renders it: each label as a heading, the answer below.
  const rendered = body
    .map(
      ({ attributes }: { attributes: { label: string } }, n: number) =>
        `### ${attributes.label}\n\nanswer ${n}`,
    )
    .join("\n\n");
  expect(requestIn({ title: "Go", body: rendered })).toEqual({
    agent: "answer 0",
    priority: "answer 1",
    title: "Go",
    brief: "answer 2",
    done: ["answer 3"],
  });
  expect(parse(taskForm({ agents: new Map() })).body[0]).toMatchObject({ type: "input" });
});
