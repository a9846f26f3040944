import type { Config } from "../config.ts";
import type { Finding } from "../finding.ts";
import { matches } from "../glob.ts";
import { nearest } from "../text/near.ts";
import { all } from "../reason.ts";
import type { Fleet } from "../snapshot.ts";
import { meant } from "./rule.ts";

const FILE = ".github/pullbeat.yml";

const found = (rule: string, level: Finding["level"], message: string): Finding => ({
  rule: `policy/${rule}`,
  level,
  message,
  file: FILE,
  line: 1,
  column: 1,
});

/** Agents that a rule of the policy names and that do not exist: the rule would never speak. */
export const strangersInPolicy = ({ agents, config }: Fleet): Finding[] =>
  [...config.policy.grant, ...config.policy.raise].flatMap(({ id, agent = [] }) =>
    agent
      .filter((name) => !agents.has(name))
      .map((name) =>
        found(
          "unknown-agent",
          "error",
          `the rule ${id} names ${name}, and agents/${name}.md does not exist${meant(nearest(name, agents.keys()))}`,
        ),
      ),
  );

/** Paths that no narrow pattern covers at once. */
const ANYWHERE = ["a.md", "a/b.md", "pages/deep/down/here.txt"];

/** Grants that let everything in, or that speak for nothing. */
export const wideGrants = ({ config: { policy } }: Fleet): Finding[] =>
  policy.grant.flatMap((grant) => {
    const { id, only_paths: globs, kind, tier } = grant;
    const wide = ANYWHERE.every((path) => globs.some((glob) => matches(glob, path)));
    const everyKind = kind.find((k) => /^\*+$/.test(k));
    const makesTasks = globs.some((glob) => matches(glob, "board/T-aaaa-x.md"));
    return [
      wide &&
        found(
          "grant-swallows",
          "error",
          `the grant ${id} covers every path (${all(globs)}); name the folders that are meant`,
        ),
      everyKind !== undefined &&
        found(
          "grant-kinds",
          "error",
          `the grant ${id} covers every kind of task (${everyKind}); name the kinds that are meant`,
        ),
      makesTasks &&
        !wide &&
        found(
          "grant-tasks",
          "note",
          `under the grant ${id} an agent may make tasks without a person, and a task's kind decides which grant speaks for it`,
        ),
      tier === policy.default &&
        found("grant-idle", "note", `the grant ${id} makes it ${tier}, which it is without it`),
    ].filter((f) => f !== false);
  });

/** Gates that wait for CI where there is none. */
export const checksNowhere = ({ config: { forge, gates } }: Fleet): Finding[] =>
  forge.kind === "github"
    ? []
    : Object.entries(gates).flatMap(([name, { kind }]) =>
        kind !== "checks"
          ? []
          : [
              found(
                "no-ci",
                "note",
                `the gate ${name} waits for checks of CI, and pulls in the remote itself have none: what asks for it never merges`,
              ),
            ],
      );

/** Tiers that nobody, or nothing, can meet. */
export function unmetTiers({ config }: Fleet): Finding[] {
  const { policy } = config;
  const able = peopleOf(config);
  const needing = [...policy.grant, ...policy.raise].filter((r) => r.tier === "reviewed").map((r) => r.id);
  return [
    ...(config.roster.length > 0 && able.length === 0
      ? [
          found(
            "nobody",
            "error",
            "everybody on the roster is an account of the fleet, so nobody can approve anything",
          ),
        ]
      : []),
    ...(able.length === 1 && [policy.default, ...policy.raise.map((r) => r.tier)].includes("dual")
      ? [
          found(
            "dual-solo",
            "note",
            `where two people are needed, ${able[0]} approves twice, ten minutes apart: the roster holds nobody else`,
          ),
        ]
      : []),
    ...(needing.length > 0 && policy.tiers.reviewed.gates.length === 0
      ? [
          found(
            "unreviewed",
            "error",
            `tiers.reviewed names no gate that reviews, so what these rules speak for needs a person: ${all(needing)}`,
          ),
        ]
      : []),
  ];
}

function peopleOf({ roster, fleet }: Config): string[] {
  const accounts = new Set(fleet.accounts.map((a) => a.toLowerCase()));
  return roster.map((p) => p.login).filter((l) => !accounts.has(l.toLowerCase()));
}
