import { expect, test } from "vitest";
import { read } from "../../src/flow/read.ts";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText } from "../fleet.ts";

/** The engines by which work is done. */
const ENGINES = {
  model: "engine: { kind: openai, model: scripted }",
  script: "engine: { kind: scripted, script: fleet/x.jsonl }",
  program: "engine: { kind: command, run: [node, tools/say.mjs], files: [tools/**] }",
};

/** What a task ends with: the file that it writes, if any, and its last words. */
const ENDS = {
  // It says that it is done, and its artifact is not there.
  empty: { file: null, says: "All done: the report is written." },
  // It wrote something else in the artifact's place.
  beside: { file: "reports/other.md", says: "All done." },
  // The artifact is there, and so is a claim that the change does not show.
  boast: { file: "reports/boast.md", says: "Wrote reports/boast.md and updated reports/index.md." },
};
type End = keyof typeof ENDS;

const FAILURES: Readonly<Record<End, string>> = {
  empty: "gate/record",
  beside: "gate/record",
  boast: "gate/references",
};

const reply = ({ file, says }: (typeof ENDS)[End]): string =>
  JSON.stringify({
    calls: [
      ...(file === null ? [] : [{ name: "write", arguments: { path: file, text: "# Report\n" } }]),
      { name: "finish", arguments: { summary: says } },
    ],
  });

const PROGRAM = `import { mkdirSync, writeFileSync } from "node:fs";
const { file, says } = ${JSON.stringify(ENDS)}[process.env.PULLBEAT_TASK];
if (file !== null) { mkdirSync("reports", { recursive: true }); writeFileSync(file, "# Report\\n"); }
console.log(says);
`;

const ends = Object.keys(ENDS);
const isEnd = (name: string): name is End => Object.hasOwn(ENDS, name);
const LOOP = ends
  .filter(isEnd)
  .map((end) => [JSON.stringify({ attempt: end }), ...Array(4).fill(reply(ENDS[end]))].join("\n"))
  .join("\n");

test.each(Object.entries(ENGINES))(
  "work of a %s without its artifact, or with a claim that nothing shows, opens no pull",
  async (_, line) => {
    const spec = specText("worker", `produces: ["reports/*.md"]\nbudget: { beat: { tasks: 3 } }\n`);
    const fleet = await makeFleet({
      files: {
        "agents/worker.md": spec.replace(/^engine: .*$/m, line),
        "tools/say.mjs": PROGRAM,
        "fleet/x.jsonl": LOOP,
        ...Object.fromEntries(
          ends.map((id) => [`board/${id}.md`, taskText(id, "worker", `produces: [reports/${id}.md]\n`)]),
        ),
      },
      scripts: { worker: LOOP },
    });
    await tick(fleet.flow);
    const attempts = (await read(fleet.flow)).journal.records.flatMap((r) => r.attempts);
    expect(Object.fromEntries(attempts.map((a) => [a.unit, a.failure]))).toEqual(FAILURES);
    expect(attempts.map((a) => [a.outcome, a.proposal])).toEqual(ends.map(() => ["failed", null]));
    // It was told what is missing before it came to that.
    const told = attempts.flatMap((a) => a.feedback).join("\n");
    expect(told).toContain(
      "reports/empty.md: the task promises it, and no such file exists after the change",
    );
    expect(told).toContain("the summary says that you changed reports/index.md");
    expect(await fleet.flow.forge.pulls()).toEqual([]);
    expect(await fleet.show()).not.toContain("pullbeat/work/");
  },
);
