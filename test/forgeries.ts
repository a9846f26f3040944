import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LIMITS } from "../src/domain/airlock.ts";
import type { HandedWork, Handover } from "../src/domain/plan/handover.ts";
import { Sha } from "../src/domain/id.ts";
import { writeBundle } from "../src/store/bundle.ts";
import { specText, taskText, writes, type FleetWorld } from "./fleet.ts";
import type { Relay } from "./relay.ts";

const PRODUCES = 'produces: ["reports/*.md"]\n';
/** A fleet of two, of whom the writer is the one to be attacked. */
export const FILES = {
  "agents/honest.md": specText("honest", PRODUCES),
  "agents/writer.md": specText("writer", PRODUCES),
  "board/fair-it.md": taskText("fair", "honest", "produces: [reports/fair.md]\n"),
  "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "board/two-it.md": taskText("two", "stranger", "produces: [reports/two.md]\n"),
  "reports/old.md": "# Old\n",
};
export const SCRIPTS = {
  honest: writes({ "reports/fair.md": "# Fair\n" }),
  writer: writes({ "reports/one.md": "# One\n", "reports/old.md": "# New\n" }),
};

interface Attack {
  name: string;
  /** The failure that the journal is to hold, and words of its reason. */
  failure: string;
  says: RegExp;
  forge: (r: Relay, fleet: FleetWorld) => Promise<void> | void;
}

export const bundleAt = ({ box }: Relay): string => join(box, "writer/0.bundle");
const recordAt = ({ box }: Relay): string => join(box, "writer/record.json");
export const git = ({ bench }: Relay, args: string[], input?: string): string =>
  execFileSync("git", args, {
    cwd: bench,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "x",
      GIT_AUTHOR_EMAIL: "x@y",
      GIT_COMMITTER_NAME: "x",
      GIT_COMMITTER_EMAIL: "x@y",
    },
  }).trim();

/** The commit of the honest bundle. */
export function proposal(r: Relay): string {
  git(r, ["bundle", "unbundle", bundleAt(r)]);
  return git(r, ["bundle", "list-heads", bundleAt(r)]).split(" ")[0] ?? "";
}

/** Puts a commit in place of the honest one, under the right name and with whole objects, as `wrap` would. */
export function deliver(
  r: Relay,
  head: string,
  more: { ref?: string; parent?: string; not?: string } = {},
): void {
  const order = r.plan.orders.find((o) => o.planned.agent === "writer");
  const parent = more.parent ?? order?.planned.tries[0]?.parent ?? "";
  const ref = more.ref ?? `refs/pullbeat/proposals/${r.plan.id}/one--1`;
  const pack = execFileSync(
    "git",
    ["pack-objects", "--revs", "--stdout", "--quiet", "--window=0", "--no-reuse-delta"],
    {
      cwd: r.bench,
      input: `${head}\n^${more.not ?? order?.planned.tries[0]?.parent}\n`,
    },
  );
  writeFileSync(bundleAt(r), writeBundle({ ref, parent: Sha.parse(parent) }, Sha.parse(head), pack));
}

/** The honest commit's text over another tree. */
export function withTree(r: Relay, tree: string): string {
  const text = execFileSync("git", ["cat-file", "commit", proposal(r)], {
    cwd: r.bench,
    encoding: "utf8",
  });
  return git(r, ["hash-object", "-t", "commit", "-w", "--stdin"], text.replace(/^tree .*/, `tree ${tree}`));
}

/** The honest tree and one entry more, made past every check of git's. */
export function planted(r: Relay, mode: string, path: string, id: string): string {
  const [first = "", ...rest] = path.split("/");
  const tree = (within: string[], at: string): string =>
    within.length === 0
      ? at
      : git(
          r,
          ["mktree", "--missing"],
          `${within.length === 1 ? mode : "040000"} ${within.length === 1 ? kind : "tree"} ${tree(within.slice(1), at)}\t${within[0]}\n`,
        );
  const kind = mode === "160000" ? "commit" : "blob";
  const root = git(r, ["ls-tree", `${proposal(r)}^{tree}`]);
  const entry =
    rest.length === 0 ? `${mode} ${kind} ${id}\t${first}` : `040000 tree ${tree(rest, id)}\t${first}`;
  return git(r, ["mktree", "--missing"], `${root}\n${entry}\n`);
}

export const blob = (r: Relay, text: string): string => git(r, ["hash-object", "-w", "--stdin"], text);

/** Changes the record as a stranger would: in the file. */
export function rewrite(r: Relay, change: (record: Handover, work: HandedWork) => unknown): void {
  const record: Handover = JSON.parse(readFileSync(recordAt(r), "utf8"));
  const [work] = record.works;
  if (work === undefined) throw new Error("nothing was handed over");
  writeFileSync(recordAt(r), JSON.stringify(change(record, work)));
}

/** What a stranger may try, and what the journal says of it. */
export const ATTACKS: Attack[] = [
  {
    name: "another ref",
    failure: "airlock/ref",
    says: /carries "[0-9a-f]{40} refs\/heads\/main"; expected exactly the ref refs\/pullbeat\/proposals\//,
    forge: (r) => deliver(r, proposal(r), { ref: "refs/heads/main" }),
  },
  {
    name: "a path outside what its spec produces",
    failure: "gate/paths",
    says: /./,
    forge: (r) => deliver(r, withTree(r, planted(r, "100644", "agents2.md", blob(r, "hello")))),
  },
  {
    name: "a second parent",
    failure: "airlock/parents",
    says: /has 2 parents/,
    forge(r) {
      const head = proposal(r);
      const stray = git(r, ["commit-tree", `${head}^{tree}`, "-m", "elsewhere"]);
      const text = execFileSync("git", ["cat-file", "commit", head], { cwd: r.bench, encoding: "utf8" });
      const two = text.replace(/^(parent .*\n)/m, `$1parent ${stray}\n`);
      deliver(r, git(r, ["hash-object", "-t", "commit", "-w", "--stdin"], two));
    },
  },
  {
    name: "a forged trailer",
    failure: "airlock/commit",
    says: /says more than a proposal's may/,
    forge(r) {
      const text = execFileSync("git", ["cat-file", "commit", proposal(r)], {
        cwd: r.bench,
        encoding: "utf8",
      });
      const forged = `${text}\nPullbeat-Approved-By: ann\n`;
      deliver(r, git(r, ["hash-object", "-t", "commit", "-w", "--stdin"], forged));
    },
  },
  {
    name: "two tasks in one record",
    failure: "airlock/unit",
    says: /tells of two--1, which this beat has not claimed/,
    forge: (r) => rewrite(r, (record, work) => ({ ...record, works: [work, { ...work, unit: "two" }] })),
  },
  {
    name: "another task's file in its tree",
    failure: "gate/paths",
    says: /./,
    forge(r) {
      const root = git(r, ["ls-tree", "-r", proposal(r)]);
      const done = blob(r, FILES["board/two-it.md"].replace("title", "status: done\ntitle"));
      const index = join(r.bench, "index.forged");
      const env = { ...process.env, GIT_INDEX_FILE: index };
      const lines = root.replace(
        /^100644 blob [0-9a-f]+\tboard\/two-it\.md$/m,
        `100644 blob ${done}\tboard/two-it.md`,
      );
      execFileSync("git", ["update-index", "--index-info"], { cwd: r.bench, env, input: `${lines}\n` });
      deliver(
        r,
        withTree(r, execFileSync("git", ["write-tree"], { cwd: r.bench, env, encoding: "utf8" }).trim()),
      );
    },
  },
  {
    name: "a symbolic link",
    failure: "airlock/mode",
    says: /"reports2" would be a symbolic link/,
    forge: (r) => deliver(r, withTree(r, planted(r, "120000", "reports2", blob(r, "/etc/passwd")))),
  },
  {
    name: "a submodule",
    failure: "airlock/mode",
    says: /"sub" would be a submodule/,
    forge: (r) => deliver(r, withTree(r, planted(r, "160000", "sub", r.plan.base))),
  },
  {
    name: "an entry .GIT/config",
    failure: "airlock/path",
    says: /"\.GIT": the path leads into git's own folder/,
    forge: (r) => deliver(r, withTree(r, planted(r, "100644", ".GIT/config", blob(r, "[core]\n")))),
  },
  {
    name: "a file larger than any bundle may be",
    failure: "airlock/huge",
    says: /at most 33554432 are taken/,
    forge: (r) => truncateSync(bundleAt(r), LIMITS.bundle + 1),
  },
  {
    name: "a small pack that unpacks to something huge",
    failure: "airlock/huge",
    says: /larger than 67108864 bytes/,
    forge: (r) =>
      deliver(r, withTree(r, planted(r, "100644", "bomb", blob(r, "0".repeat(LIMITS.unpacked + 1))))),
  },
  {
    name: "a bundle that is cut off",
    failure: "airlock/pack",
    says: /cut off or changed/,
    forge: (r) => truncateSync(bundleAt(r), readFileSync(bundleAt(r)).length - 7),
  },
  {
    name: "another base",
    failure: "airlock/base",
    says: /expected exactly [0-9a-f]{40}$/,
    forge(r) {
      const head = proposal(r);
      const old = git(r, ["commit-tree", `${r.plan.base}^{tree}`, "-m", "old"]);
      deliver(r, git(r, ["commit-tree", `${head}^{tree}`, "-p", old, "-m", "x"]), { parent: old, not: old });
    },
  },
  {
    name: "no bundle at all",
    failure: "airlock/bundle",
    says: /does not begin like a git bundle/,
    forge: (r) => writeFileSync(bundleAt(r), "PK\u0003\u0004"),
  },
  {
    name: "a link in the bundle's place",
    failure: "airlock/file",
    says: /leads somewhere else/,
    forge(r) {
      rmSync(bundleAt(r));
      symlinkSync(join(r.box, "honest/0.bundle"), bundleAt(r));
    },
  },
  {
    name: "a record with a key of its own",
    failure: "airlock/record",
    says: /unrecognized_keys/,
    forge: (r) => rewrite(r, (record) => ({ ...record, verdict: "pass" })),
  },
  {
    name: "a question under a condition that its spec does not list",
    failure: "airlock/question",
    says: /does not list/,
    forge(r) {
      const question = { condition: "raise", question: "?", evidence: "", recommendation: "", silence: "" };
      rewrite(r, (record, work) => ({
        ...record,
        works: [{ ...work, bundle: false, end: { kind: "asked", question } }],
      }));
    },
  },
  {
    name: "a tree that only git's own look finds wrong",
    failure: "airlock/objects",
    says: /git refuses its objects: .*treeNotSorted/,
    forge(r) {
      const entries = git(r, ["ls-tree", `${proposal(r)}^{tree}`])
        .split("\n")
        .toReversed();
      const raw = entries.map((line) => {
        const [, mode = "", id = "", name = ""] = /^(\d+) \w+ (\w+)\t(.*)$/.exec(line) ?? [];
        return Buffer.concat([Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`), Buffer.from(id, "hex")]);
      });
      const args = ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"];
      const tree = execFileSync("git", args, { cwd: r.bench, input: Buffer.concat(raw), encoding: "utf8" });
      deliver(r, withTree(r, tree.trim()));
    },
  },
  {
    name: "content that only the publishing clone has",
    failure: "airlock/tree",
    says: /did not come along/,
    forge(r, fleet) {
      const from = { cwd: fleet.clone, encoding: "utf8" as const, input: "of another agent\n" };
      const hidden = execFileSync("git", ["hash-object", "-w", "--stdin"], from).trim();
      const head = withTree(r, planted(r, "100644", "copied.md", hidden));
      const flags = ["--objects", "--missing=allow-any", "--no-object-names"];
      const sent = git(r, ["rev-list", ...flags, head, `^${r.plan.base}`])
        .replace(hidden, "")
        .trim();
      const pack = execFileSync("git", ["pack-objects", "--stdout", "--quiet", "--window=0"], {
        cwd: r.bench,
        input: `${sent.replaceAll(/\n+/g, "\n")}\n`,
      });
      const ref = `refs/pullbeat/proposals/${r.plan.id}/one--1`;
      writeFileSync(bundleAt(r), writeBundle({ ref, parent: r.plan.base }, Sha.parse(head), pack));
    },
  },
];
