import { expect, test } from "vitest";
import { matchesAny } from "../../src/domain/glob.ts";
import type { ToolName } from "../../src/domain/spec.ts";
import type { Reply } from "../../src/port/model.ts";
import { FILES } from "../job.ts";
import { calls, FINISH, invalidHistory, play } from "./player.ts";

const SECRET = "hunter2";

/** Everything that a path may be tried with. */
const PATHS = [
  "../secret/keys.txt",
  "pages/../secret/keys.txt",
  "pages/./../secret/keys.txt",
  "/etc/passwd",
  "/secret/keys.txt",
  "C:\\secret\\keys.txt",
  "..\\secret\\keys.txt",
  "secret/keys.txt",
  "SECRET/keys.txt",
  "./secret/keys.txt",
  "secret//keys.txt",
  "file:///secret/keys.txt",
  ".git/config",
  ".GIT/config",
  ".git./config",
  ".git /config",
  "git~1/config",
  "GIT~1/config",
  ".g\u200Cit/config",
  ".\u200Dgit/config",
  ".gi\u0074\u200B/config",
  ".git::$INDEX_ALLOCATION/config",
  "．ｇｉｔ/config",
  ".gitmodules",
  ".gitattributes",
  "pages/.gitattributes",
  "pages/link.md",
  "pages/out/keys.txt",
  "pages/sub/x.md",
  "reports/lp/link.md",
  "reports/out/keys.txt",
  "reports/lp/../../secret/keys.txt",
  "reports/lp/OLD.md",
  "REPORTS/lp/new.md",
  "reports/seo/other.md",
  "agents/lp-tester.md",
  "agents/ceo.md",
  "AGENTS.md",
  "CLAUDE.md",
  ".github/workflows/tick.yml",
  ".github/pullbeat.yml",
  "board/directives/mine.md",
  "board/effects/mine.md",
  "board/archive/2026-11/T-1.md",
  "board/T-7a2c-other.md",
  "digest/2026-11-22.md",
  "reports/lp/\u202Egnp.md",
  "reports/lp/con.md",
  "reports/lp/a:b.md",
  "reports/lp/-rf.md",
  "reports/lp/a\0.md",
  "",
  "\uD800",
  "__proto__",
  "constructor",
];

/** A tree with everything in it that an attacker could want, links included. */
const TREE = {
  ...FILES,
  "pages/link.md": ["120000", "../secret/keys.txt"],
  "pages/out": ["120000", "../secret"],
  "pages/sub": ["160000", ""],
  "reports/lp/link.md": ["120000", "../../secret/keys.txt"],
  "reports/out": ["120000", "../secret"],
  "reports/seo/other.md": "another agent's\n",
  "board/T-7a2c-other.md": "---\nid: T-7a2c\n---\n",
  ".gitattributes": `* text # ${SECRET}\n`,
} as const;

const attacks: Record<ToolName, (path: string) => unknown> = {
  read: (path) => ({ path }),
  list: (path) => ({ under: path }),
  search: (path) => ({ text: SECRET.slice(0, 4), under: path }),
  query: (path) => ({ path, formula: "$char(0, 4)" }),
  write: (path) => ({ path, text: "attack" }),
  edit: (path) => ({ path, find: "e", replace: "attack" }),
  create_task: (path) => ({ title: path || "x", agent: path, brief: path || "x", done_when: ["x"] }),
  note: (path) => ({ kind: path, text: path }),
  escalate: (path) => ({ condition: path, question: "q", evidence: "e", recommendation: "r", silence: "s" }),
  finish: (path) => ({ summary: "x", result: path }),
};

/** A call for every path, in replies of twenty. */
const atOnce = (call: (path: string) => readonly [string, unknown]): Reply[] =>
  [0, 20, 40].map((from) => calls(...PATHS.slice(from, from + 20).map(call)));

const BIG = { steps: 100, tokens: 10_000_000, tasks: 1 };

test.each(Object.entries(attacks))(
  "%s neither shows nor changes anything outside the fence",
  async (tool, args) => {
    const { work, requests } = await play([...atOnce((path) => [tool, args(path)]), FINISH], {
      files: TREE,
      spec: { budget: { attempt: BIG } },
    });
    expect(work.end.kind).toBe("finished");
    expect([...work.edits.keys()]).toEqual([]);
    // The board is everybody's to read.
    expect(work.saw.filter((s) => s.path !== "board/T-7a2c-other.md")).toEqual([]);
    expect(requests.flatMap(invalidHistory)).toEqual([]);
    const answers = requests.at(-1)?.messages.filter((m) => m.role === "tool") ?? [];
    expect(answers).toHaveLength(PATHS.length);
    expect(JSON.stringify(answers)).not.toContain(SECRET);
  },
);

test("an agent that produces everything still changes nothing that is protected or outside the repository", async () => {
  const spec = { produces: ["**"], reads: ["**"], budget: { attempt: BIG } };
  const { work } = await play([...atOnce((path) => ["write", { path, text: "attack" }]), FINISH], {
    files: TREE,
    spec,
  });
  const changed = [...work.edits.keys()];
  expect(changed).toEqual(["secret/keys.txt", "reports/seo/other.md", "__proto__", "constructor"]);
  expect(
    matchesAny(["agents/**", ".github/**", "board/**", "digest/**", "**/.git*"], changed.join("/")),
  ).toBe(false);
});

test("arguments with keys of the prototype do nothing", async () => {
  const attack = '{"path":"reports/lp/a.md","text":"x","__proto__":{"path":"secret/keys.txt"}}';
  const { work } = await play([
    calls(["write", attack], ["constructor", "{}"], ["__proto__", "{}"], ["toString", "{}"]),
    FINISH,
  ]);
  expect(work.edits.size).toBe(0);
  expect(work.end.kind).toBe("finished");
});
