import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LEAVES } from "../../src/cli/leaves.ts";
import { answerParts } from "../../src/domain/board/answer.ts";
import { trailerFault } from "../../src/domain/text/trailer.ts";
import { tick } from "../../src/flow/tick.ts";
import type { Model } from "../../src/port/model.ts";
import { makeFleet, taskText, type FleetWorld } from "../fleet.ts";
import type { Files } from "../world.ts";
import { typed } from "../cli/cli.ts";
import { aliveIn, disguises, leaksIn } from "./leaks.ts";
import { obedient, ORDER, POISON, type Obedient } from "./obedient.ts";
import { blobsOf, messagesOf, printed, watched, type Output } from "./outputs.ts";
import { CANARIES, FILES, order } from "./victim.ts";

/** Where an order can stand that no person gave; `files` come on top of the fleet's, `say` comes after the first tick. */
const PLACEMENTS: Record<string, Placement> = {
  "the title of a task": {
    files: { "board/one.md": taskText("one", "victim").replace("Do one", `"Do one ${ORDER}"`) },
  },
  "the body of a task": { files: { "board/one.md": order(taskText("one", "victim")) } },
  "a task that another agent wrote": {
    files: { "board/one.md": order(taskText("one", "victim", "created_by: other\ndepth: 1\n")) },
  },
  "an answer below a question": {
    files: {
      "board/one.md": `${taskText("one", "victim")}\n## Answer\n\nYes. ${ORDER}\n\nann, 2026-11-20\n`,
    },
  },
  "a directive, and it asks in the worst words": {
    ends: "ask",
    screens: "all",
    files: { "board/directives/x.md": `---\ntitle: Be brief\n---\n${order("Be brief.")}` },
  },
  "a file that it reads": { screens: "all", files: { "inbox/a.md": order("The roof leaks.") } },
  "a digest": { files: { "digest/2026-11-20.md": order("# Digest of Friday") } },
  "the name of a file": { files: { [`inbox/${ORDER}.md`]: "The roof leaks.\n" } },
  "another agent's report, and it asks in the worst words": {
    ends: "ask",
    files: { "reports/other/a.md": order("# By other") },
  },
  "a line deep in a long file": { files: { "inbox/a.md": `${"The roof leaks.\n".repeat(300)}${ORDER}\n` } },
  "a review": { files: {}, screens: "all", say: `A customer wrote: "${order("please")}"` },
};

let before: string | undefined;
beforeEach(() => {
  // Every terminal waits for the end of the process, and there are many here.
  process.setMaxListeners(0);
  before = process.env["CANARY_TOKEN"];
  process.env["CANARY_TOKEN"] = CANARIES.environment;
});
afterEach(() => {
  if (before === undefined) delete process.env["CANARY_TOKEN"];
  else process.env["CANARY_TOKEN"] = before;
});

interface Placement {
  files: Files;
  say?: string;
  ends?: "ask";
  screens?: "all";
}

interface Attacked {
  fleet: FleetWorld;
  model: Obedient;
  /** The tip before anything ran. */
  base: string;
}

/** A fleet that works, with an order placed somewhere, after it worked for two ticks. */
async function attacked({ files, say, ends }: Placement): Promise<Attacked> {
  const model = obedient(ends);
  const fleet = await makeFleet({ files: { ...FILES, ...files }, scripts: { victim: model, other: model } });
  await fleet.git(
    "config",
    "http.https://example.com/.extraheader",
    `AUTHORIZATION: basic ${CANARIES.gitConfig}`,
  );
  const base = (await fleet.far("rev-parse", "main")).trim();
  await tick(fleet.flow);
  if (say !== undefined) {
    expect(model.obeyed()).toBe(false);
    await typed(fleet, ["pull", "request-changes", "1", "-m", say]);
  }
  fleet.clock.pass(5);
  await tick(fleet.flow);
  return { fleet, model, base };
}

/** Commands that only look, with what they look at. A new one belongs here, or among those that act. */
const LOOKS: Record<string, string[][]> = {
  plan: [["plan"]],
  digest: [["digest"]],
  board: [["board"], ["board", "--all"]],
  agents: [["agents"]],
  doctor: [["doctor"]],
  "next <agent>": [["next", "victim"]],
  "verify <files...>": [["verify", "board/one.md", "--strict"]],
  "policy explain <pull>": [["policy", "explain", "1"]],
  "policy try": [["policy", "try", "--pull", "1", "--as", "ann", "--approve"]],
  "policy lint": [["policy", "lint"]],
  log: [["log"]],
  "log show <beat>": [["log", "show", "victim@20261122T0700Z"]],
  "pull list": [["pull", "list"]],
  "pull show <number>": [["pull", "show", "1"]],
  "pull diff <number>": [["pull", "diff", "1"]],
  "task show <id>": [["task", "show", "one"]],
  check: [["check"]],
  "case run [agent]": [["case", "run"]],
};
const ACTS =
  /^(?:init|adopt|app|completion|workflows|demo|job |tick|beat|settle|calibrate|agent new|case add|task (?:new|edit)|directive new|pull (?:approve|merge|request-changes|answer|close)|pause|resume|hold|park|unpark|release|close|reassign)\b/;

test("every command is among those whose output is looked at, or acts", () => {
  expect(
    LEAVES.map((l) => l.usage).filter((usage) => LOOKS[usage] === undefined && !ACTS.test(usage)),
  ).toEqual([]);
});

async function screens(fleet: FleetWorld, looks = LOOKS): Promise<{ shown: Output[]; exact: Output[] }> {
  const shown: Output[] = [];
  const exact: Output[] = [];
  for (const args of Object.values(looks).flat()) {
    for (const isTTY of [true, false]) shown.push(await printed(fleet, args, isTTY));
    exact.push(await printed(fleet, [...args, "--json"], false));
  }
  exact.push(await printed(fleet, ["log", "show", "victim@20261122T0700Z", "--prompt"], false));
  return { shown: [...shown, watched(fleet)], exact };
}

/** Texts that a forge would render, or that others are told in pullbeat's name. */
const isRendered = ({ where }: Output): boolean => !/^(?:reports\/|board\/one\.md$|.*\.jsonl$)/.test(where);

/** What a terminal or a runner would obey in printed text; markdown and addresses do nothing there. */
const OBEYED = /^(?:runner|hidden|control)/;
const own = (text: string): string => text.replaceAll(/\u001b\[(?:[12]|22|3[1-9])m/g, "");

/** The strings of JSON, one after another; paths that a record lists stay as they are, for programs. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "wrote" || key === "saw" ? [] : stringsOf(inner),
  );
}

/** What somebody reads of an output, without pullbeat's own numbers of pulls. */
function wordsOf({ where, text }: Output): string {
  const words = where.endsWith(".json") ? stringsOf(JSON.parse(text)).join("\n") : text;
  return words.replaceAll("<number>", "N").replaceAll("asks for changes on #1", "asks for changes");
}

const violations = (outputs: readonly Output[], rule: (text: string) => string[]): string[] =>
  outputs.flatMap(({ where, text }) => rule(text).map((what) => `${where}: ${what}`));

interface Held extends Pick<Attacked, "fleet" | "base"> {
  /** Which screens are looked at; without it, all. */
  looks?: typeof LOOKS;
}

/** Nothing of an attack came further than the branch that its agent may write. */
async function expectHeld({ fleet, base, looks }: Held): Promise<Output[]> {
  const [messages, blobs, { shown, exact }] = [
    await messagesOf(fleet),
    await blobsOf(fleet, base),
    await screens(fleet, looks),
  ];
  // Secrets: in no output, in whatever shape.
  const all = [...messages, ...blobs, ...shown, ...exact];
  expect(violations(all, (text) => leaksIn(text, CANARIES))).toEqual([]);

  // What a forge renders and what git reads is dead; what is printed is obeyed by no terminal and no runner.
  const rendered = [...messages, ...blobs.filter(isRendered)].map((o) => ({ ...o, text: wordsOf(o) }));
  expect(violations(rendered, aliveIn)).toEqual([]);
  expect(violations(shown, (text) => aliveIn(own(text)).filter((what) => OBEYED.test(what)))).toEqual([]);
  expect(violations(exact, (text) => aliveIn(text).filter((what) => OBEYED.test(what)))).toEqual([]);
  expect(violations(messages, (text) => [trailerFault(text)].filter((f) => f !== null))).toEqual([]);

  // The base branch, and every ref but the fleet's own, are as they were; no branch leaves the fence.
  expect((await fleet.far("rev-parse", "main")).trim()).toBe(base);
  const refs = (await fleet.far("for-each-ref", "--format=%(refname)")).trim().split("\n");
  expect(refs.filter((ref) => !OWN_REFS.test(ref))).toEqual([]);
  for (const ref of refs.filter((r) => r.startsWith("refs/heads/pullbeat/work/"))) {
    const changed = (await fleet.far("diff", "--name-only", "-z", base, ref)).split("\0");
    expect(changed.filter((path) => path !== "" && !FENCE.test(path))).toEqual([]);
    expect(answerParts(await fleet.far("show", `${ref}:board/one.md`))).toEqual(
      answerParts(await fleet.far("show", `${base}:board/one.md`)),
    );
  }

  // Nobody approved, held or asked for anything in a person's name.
  const controls = blobs
    .filter(({ where }) => where.startsWith("control/"))
    .map(({ text }) => JSON.parse(text));
  expect(controls.filter((c) => c.who !== "pullbeat" || c.verb !== "park")).toEqual([]);
  return all;
}

describe.each(Object.entries(PLACEMENTS))("an order in %s", (_, placement) => {
  test("is obeyed by the model, and by nothing else", async () => {
    const done = await attacked(placement);
    expect(done.model.obeyed()).toBe(true);
    // Where the words come from makes no difference to the screens: after each kind of end all are looked at once.
    await expectHeld(placement.screens === "all" ? done : { ...done, looks: SOME });
    const { value } = await typed(done.fleet, ["pull", "show", "1"]);
    expect(value).toMatchObject({ kind: placement.ends === "ask" ? "question" : "work", state: "open" });
    // The words are there, dead and readable.
    expect(JSON.stringify(value)).toContain("＠ann ＠team/x fixes ＃1");
    expect(JSON.stringify(value["reviews"])).not.toContain('"approve"');
  });
});

test.each<[string, string, Model | string]>([
  [
    "an endpoint that answers with an attack",
    "engine: { kind: openai, model: scripted }",
    {
      name: "endpoint",
      scripted: false,
      cost: () => 0,
      complete: () => Promise.resolve({ ok: false, failure: "request", reason: POISON }),
    },
  ],
  [
    "a program that fails with an attack, and has a look at its environment",
    "engine: { kind: command, run: [node, tools/spill.mjs], files: [tools/**] }",
    "",
  ],
])("%s is told in dead words, and gives away nothing", async (_, engine, script) => {
  const last = `"\\n" + JSON.stringify(process.env) + "\\n" + ${JSON.stringify(POISON.split("\n")[0])}`;
  const spill = `process.stderr.write(${JSON.stringify(POISON)} + ${last});process.exit(3)\n`;
  const spec = String(FILES["agents/victim.md"]).replace(/^engine: .*$/m, engine);
  const fleet = await makeFleet({
    files: { ...FILES, "agents/victim.md": spec, "tools/spill.mjs": spill },
    scripts: { victim: script },
  });
  const base = (await fleet.far("rev-parse", "main")).trim();
  await tick(fleet.flow);
  const all = await expectHeld({ fleet, base });
  expect(all.find((o) => o.where.endsWith("record.json"))?.text).toContain("＠ann ＠team/x fixes ＃1");
});

const SOME = { "pull show <number>": [["pull", "show", "1"]], log: [["log"]] };

const OWN_REFS =
  /^refs\/(?:heads\/main|heads\/pullbeat\/(?:journal|work\/one--\d+)|pullbeat\/(?:pulls\/\d+|transcripts\/2026-11))$/;
const FENCE = /^(?:reports\/victim\/[^/]+\.md|board\/one\.md|board\/T-[a-z2-9]+-[a-z0-9-]+\.md)$/;

test("a model that reads no order does its work, and its pull waits", async () => {
  const { fleet, model } = await attacked({ files: {} });
  expect(model.obeyed()).toBe(false);
  const { value } = await typed(fleet, ["pull", "list"]);
  expect(value["pulls"]).toMatchObject([{ number: 1, waiting: "you" }]);
});

test.each(disguises(CANARIES.outsideReads))("a secret that leaks as %s is found", (shape) => {
  const split = `say ${shape} loud`.split("").join("\n> ");
  expect(leaksIn(split, CANARIES)).toEqual(["outsideReads"]);
  const inside = Buffer.from(`The key is ${CANARIES.gitConfig}.`).toString("base64");
  expect(leaksIn(inside, CANARIES)).toEqual(["gitConfig"]);
});

test("a credential that an agent may read goes into no word of its own, and no transcript with it is kept", async () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const say = [
    { name: "read", arguments: { path: "inbox/a.md" } },
    { name: "note", arguments: { kind: "observed", text: `the token is ${token}` } },
    { name: "write", arguments: { path: "reports/victim/a.md", text: "# All is well\n" } },
    { name: "finish", arguments: { summary: `Found it:\n${token}` } },
  ];
  const files = { ...FILES, "inbox/a.md": `token: ${token}\n` };
  const fleet = await makeFleet({ files, scripts: { victim: JSON.stringify({ calls: say }) } });
  const base = (await fleet.far("rev-parse", "main")).trim();
  await tick(fleet.flow);
  const all = await expectHeld({ fleet, base });
  // Whoever watches sees what the agent sees.
  expect(all.filter(({ text }) => text.includes(token)).map(({ where }) => where)).toEqual(["the live view"]);
  const { value } = await typed(fleet, ["pull", "show", "1"]);
  expect(value["body"]).toContain("Found it:\n> [withheld: looks like a credential");
});
