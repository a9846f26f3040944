import { expect, test } from "vitest";
import type { GateInput } from "../../src/gate/gate.ts";
import { references } from "../../src/gate/references.ts";
import { attempt, change, DONE, newTask, own, report } from "./bench.ts";

type Setup = NonNullable<Parameters<typeof attempt>[0]>;

const there = [
  "board/T-8kzf-next.md",
  "board/archive/2026-10/T-old2-done.md",
  "board/weigh-the-survey.md",
  "board/effects/pause-roofing.md",
  "agents/lp-tester.md",
  "docs/a.md",
  "other/b.md",
];
const spec = { reads: ["docs/**"] };

const says = (text: string, setup: Setup = {}, before: string | null = null): GateInput =>
  attempt({ spec, there, changes: [own(DONE), change("reports/a.md", before, text)], ...setup });

const wrong = async (input: GateInput): Promise<string[]> => (await references.judge(input)).details;

const hands = (summary: string, claims = {}, setup: Setup = {}): GateInput =>
  attempt({ spec, there, said: { summary, claims }, ...setup });

test.each([
  "T-8kzf comes after T-aaaa and T-old2.",
  "A T-shirt, a T-test, T-1.",
  "See [the page](../docs/a.md), [here](/docs/), [up](..), [root](/), [set up](/docs/a.md#x), [there](https://a.b/c.md).",
  "`docs/a.md` and `reports/a.md`; `docs/gone.md` does not exist.",
  "An id looks like this, for example: T-9999.",
  "There is no task T-9999 any more.",
  "```\nT-9999 in agents/nobody.md\n```",
  "Ask agent `lp-tester` (agents/lp-tester.md).",
  "Pull 4 waits; pulls 1, 3 and 4 were merged, pull #2 was not.",
  "Then pull 12 pages from the site, or pull 250 rows. #99 of 100; issue #99.",
  "It does what board/effects/pause-roofing.md says; the effect `campaign.pause`, the effect `pause-roofing`.",
  "As the duty `weigh` and the task `weigh-the-survey`; the task `grade-page` of another fleet.",
  "Copy `docs/path/to/page.md`, or `docs/your-page.md`, to `docs/yyyy-mm-dd.md`.",
  "The agent `Opus 4` is a model; the agent `--verbose` is none.",
  "Elsewhere, `other/gone.md` and [x](/other/gone.md) are none of its business.",
])("%j speaks of what is there", async (text) => {
  expect(await wrong(says(text, { pulls: 4 }))).toEqual([]);
});

test.each([
  ["Line.\nIt waits for T-8k2f.", "reports/a.md:2: there is no task T-8k2f; did you mean T-8kzf?"],
  ["It waits for T-9999.", "reports/a.md:1: there is no task T-9999"],
  ["It waits for T-8kzff.", "did you mean T-8kzf?"],
  ["It waits for T-8KZF.", "there is no task T-8KZF; did you mean T-8kzf?"],
  ["As the duty `wiegh` says.", "there is no task wiegh; did you mean weigh?"],
  ["Line.\n\nPull 5 waits.", "reports/a.md:3: there is no pull 5; the newest is 4"],
  ["See pulls 3 and 44.", "there is no pull 44; the newest is 4"],
  ["It is in PR #17, which was merged.", "there is no pull 17"],
  ["As board/effects/pause-rofing.md says.", "there is no effect pause-rofing; did you mean pause-roofing?"],
  ["The effect `pause-rofing` waits.", "there is no effect pause-rofing; did you mean pause-roofing?"],
  ["Ask agent `lp-testr`.", "there is no agent lp-testr; did you mean lp-tester?"],
  ["Agent `lp-testr` waits.", "there is no agent lp-testr; did you mean lp-tester?"],
  ["See agents/nobody.md.", "there is no agent nobody"],
  ["See [the page](../docs/b.md).", "reports/a.md:1: there is no file docs/b.md; did you mean docs/a.md?"],
  ["See [the page](../../docs/a.md).", "leaves the repository"],
  ["As `docs/aa.md` says.", "there is no file docs/aa.md; did you mean docs/a.md?"],
])("%j speaks of what is not there, and says so", async (text, says_) => {
  expect(await wrong(says(text, { pulls: 4 }))).toEqual([expect.stringContaining(says_)]);
});

test("where nobody can tell which pulls there were, none is called wrong", async () => {
  expect(await wrong(says("Pull 5 waits."))).toEqual([]);
  expect(await wrong(says("Pull 5 waits.", { pulls: 0 }))).toEqual([
    "reports/a.md:1: there is no pull 5; there has been none yet",
  ]);
});

test("a guide's code shows a reader's files and names; its links, its plain words and other pages are held", async () => {
  const guide = { ...spec, produces: [{ path: "docs/guide/*.md", examples: true }, "reports/*.md"] };
  const at = (path: string, text: string): GateInput =>
    attempt({ spec: guide, there, changes: [own(DONE), change(path, null, text)] });
  const shown = "Save it as `agents/faq.md` for agent `faq`; it writes `docs/faq.md` for `T-9999`.";
  expect(await wrong(at("docs/guide/first.md", shown))).toEqual([]);
  expect(await wrong(at("reports/first.md", shown))).toEqual([
    "reports/first.md:1: there is no task T-9999",
    "reports/first.md:1: there is no agent faq",
    "reports/first.md:1: there is no file docs/faq.md; did you mean docs/a.md?",
  ]);
  expect(await wrong(at("docs/guide/first.md", "See [it](../faq.md), T-8k2f and agents/faq.md."))).toEqual([
    "docs/guide/first.md:1: there is no task T-8k2f; did you mean T-8kzf?",
    "docs/guide/first.md:1: there is no agent faq",
    "docs/guide/first.md:1: there is no file docs/faq.md; did you mean docs/a.md?",
  ]);
});

test("links to elsewhere are no files; those that prove a number are the gate for evidence's", async () => {
  const at = (text: string, more = {}): GateInput =>
    attempt({ spec: { ...spec, ...more }, there, changes: [own(DONE), change("docs/n.md", null, text)] });
  const elsewhere =
    "[a](https://a.b/c.md) [b](//a.b/c.md) [c](#part) [d](mailto:ann@example.com) [e](https://a.b/../../../../../c)";
  expect(await wrong(at(elsewhere))).toEqual([]);
  const proof = "It was [5](/docs/gone.csv#cell=1,2).";
  expect(await wrong(at(proof))).toEqual(["docs/n.md:1: there is no file docs/gone.csv"]);
  expect(await wrong(at(proof, { evidence: { mode: "linked" } }))).toEqual([]);
  expect(await wrong(at("See [it](gone.md).", { evidence: { mode: "linked" } }))).toHaveLength(1);
});

test("nobody learns from a suggestion what lies where it may not look", async () => {
  const hidden = { there: [...there, "doc/pricing.md", "docs/long-page.md"] };
  expect(await wrong(says("See [it](/docs/pricing.md).", hidden))).toEqual([
    "reports/a.md:1: there is no file docs/pricing.md",
  ]);
  expect(await wrong(says("See [it](/docs/long-pages.md).", hidden))).toEqual([
    "reports/a.md:1: there is no file docs/long-pages.md; did you mean docs/long-page.md?",
  ]);
});

test("only pages are read, and a denial elsewhere on a page is none here", async () => {
  const odd = change("reports/a.md", null, null, { newMode: "100644", binary: true });
  const plain = change("reports/a.txt", null, "It waits for T-9999.\n");
  expect(await wrong(attempt({ spec, there, changes: [own(DONE), odd, plain] }))).toEqual([]);
  expect(await wrong(says("There is no T-9999.\n\nIt waits for T-9999.\n"))).toHaveLength(1);
});

test("of what is not there, one file is told twenty at most", async () => {
  const ids = (count: number): string => Array.from({ length: count }, (_, i) => `T-${1000 + i}`).join(", ");
  expect(await wrong(says(`It waits for ${ids(20)}.`))).toHaveLength(20);
  expect(await wrong(says(`It waits for ${ids(22)}.`))).toHaveLength(20);
});

test("what a text said before is not this change's", async () => {
  const old = "It waits for T-8k2f; see [x](/docs/b.md) and [y](/docs/cc.md).\n";
  expect(await wrong(says(`${old}More.\n`, {}, old))).toEqual([]);
  expect(await wrong(says(`${old}And T-9999.\n`, {}, old))).toHaveLength(1);
  expect(await wrong(says(`${old}And [z](/docs/dd.md).\n`, {}, old))).toHaveLength(1);
});

test("a question may speak of what is not there, where it says so; what it confuses, it is told", async () => {
  const asks = (words: string): GateInput =>
    attempt({
      spec,
      there,
      kind: "question",
      changes: [own(`${DONE.replace("status: done", "status: todo")}\n## Question\n\n${words}\n`)],
    });
  expect(
    await wrong(asks("> I looked for `docs/gone.md`.\n\n> Is T-9999 meant?\n\n> There is no T-9999.")),
  ).toEqual([]);
  expect(await wrong(asks("> Shall I go on with T-8k2f, as agents/ceo.md says?"))).toEqual([
    expect.stringContaining("there is no task T-8k2f; did you mean T-8kzf?"),
    expect.stringContaining("there is no agent ceo"),
  ]);
});

test("a new task's brief may speak of files that are not there", async () => {
  const made = change("board/T-bbbb-next.md", null, `${newTask()}Write \`docs/new.md\`.\n`);
  expect(await wrong(attempt({ spec, there, changes: [own(DONE), report, made] }))).toEqual([]);
  const confused = change("board/T-bbbb-next.md", null, `${newTask()}Go on with T-8k2f.\n`);
  expect(await wrong(attempt({ spec, there, changes: [own(DONE), report, confused] }))).toHaveLength(1);
});

test("a task that the change makes is there", async () => {
  const made = change("board/T-bbbb-next.md", null, newTask());
  expect(
    await wrong(attempt({ changes: [own(DONE), change("reports/a.md", null, "See T-bbbb."), made] })),
  ).toEqual([]);
});

test("typed claims are what the change shows, or the agent is told what is not", async () => {
  const made = change("board/T-bbbb-next.md", null, newTask());
  const old = newTask({ id: "T-8kzf" });
  const known = change("board/T-8kzf-next.md", old, `${old}More.\n`);
  const setup = { changes: [own(DONE), report, made, known] };
  expect(await wrong(hands("Done.", { changed: ["reports/a.md"], created: ["T-bbbb"] }, setup))).toEqual([]);
  expect(await wrong(hands("Done.", { changed: ["reports/b.md"], created: ["T-8kzf"] }, setup))).toEqual([
    "you claim to have changed reports/b.md, and the change does not touch it; did you mean reports/a.md?",
    "you claim to have made the task T-8kzf, and the change holds no such task",
  ]);
});

test.each([
  "Updated reports/a.md after reading docs/a.md.",
  "I rewrote `reports/a.md`. Nothing else had to change; docs/a.md was fine.",
  "I did not change docs/a.md.",
  "No tests were run. I have not run the tests.",
  "I looked for docs/gone.md. It is missing.",
  "The tests of docs/a.md would have to be run.",
  "Pages are called docs/path/to/page.md.",
])("the summary %j claims nothing that is not so", async (summary) => {
  expect(await wrong(hands(summary))).toEqual([]);
});

test.each([
  ["Updated docs/a.md.", "the summary says that you changed docs/a.md, and the change does not touch it"],
  ["I wrote the report reports/a.md and docs/a.md.", "changed docs/a.md"],
  ["I made T-8kzf.", "the summary says that you made T-8kzf"],
  ["I ran the tests.", "tests ran, and none of your tools runs any"],
  ["All tests pass.", "tests ran"],
  ["It goes on with T-8k2f.", "the summary: there is no task T-8k2f; did you mean T-8kzf?"],
  ["See docs/aa.md.", "the summary: there is no file docs/aa.md"],
  ["It goes on from pull 9.", "the summary: there is no pull 9; the newest is 4"],
])("the summary %j claims what the change does not show", async (summary, says_) => {
  expect(await wrong(hands(summary, {}, { pulls: 4 }))).toEqual([expect.stringContaining(says_)]);
});

test("a program may have run tests: its summary is not contradicted", async () => {
  const engine = { kind: "command", run: ["node", "x.mjs"] };
  expect(await wrong(hands("All tests pass.", {}, { spec: { ...spec, engine } }))).toEqual([]);
});

test("without a summary there is nothing to compare: a head is judged by its files alone", async () => {
  expect(await wrong(attempt({ spec, there }))).toEqual([]);
});

test.each(["mdown", "mkd", "mkdn", "MDX", "markdown"])(
  "whatever forges show as markdown is held: .%s",
  async (ending) => {
    const at = (text: string): GateInput =>
      attempt({ spec, there, changes: [own(DONE), change(`reports/b.${ending}`, null, text)] });
    expect(await wrong(at("It waits for T-8kzf."))).toEqual([]);
    expect(await wrong(at("It waits for T-8k2f."))).toEqual([
      expect.stringContaining("there is no task T-8k2f"),
    ]);
  },
);
