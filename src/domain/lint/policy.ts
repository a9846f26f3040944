import type { Config } from "../config.ts";
import type { Finding } from "../finding.ts";
import { matches } from "../glob.ts";
import { nearest } from "../text/near.ts";
import { all } from "../reason.ts";
import type { Fleet } from "../snapshot.ts";
import { inConfig, meant } from "./rule.ts";

type Where = readonly PropertyKey[];

/** A finding about the config that stands at a key or an item of it. */
const finder =
  (fleet: Fleet) =>
  (rule: string, level: Finding["level"], key: Where, message: string): Finding => ({
    rule: `policy/${rule}`,
    level,
    message,
    ...inConfig(fleet, key),
  });

/** The policy's rules, each with where it stands. */
const rulesOf = ({ config: { policy } }: Fleet): { rule: Ranked; key: Where }[] => [
  ...policy.grant.map((rule, i) => ({ rule, key: ["policy", "grant", i] })),
  ...policy.raise.map((rule, i) => ({ rule, key: ["policy", "raise", i] })),
];

type Ranked = Config["policy"]["grant"][number] | Config["policy"]["raise"][number];

/** Agents that a rule of the policy names and that do not exist: the rule would never speak. */
export function strangersInPolicy(fleet: Fleet): Finding[] {
  const { agents } = fleet;
  const found = finder(fleet);
  return rulesOf(fleet).flatMap(({ rule: { id, agent = [] }, key }) =>
    agent.flatMap((name, i) =>
      agents.has(name)
        ? []
        : [
            found(
              "unknown-agent",
              "error",
              [...key, "agent", i],
              `the rule ${id} names ${name}, and agents/${name}.md does not exist${meant(nearest(name, agents.keys()))}`,
            ),
          ],
    ),
  );
}

/** Paths that no narrow pattern covers at once. */
const ANYWHERE = ["a.md", "a/b.md", "pages/deep/down/here.txt"];

/** Grants that let everything in, or that speak for nothing. */
export function wideGrants(fleet: Fleet): Finding[] {
  const { policy } = fleet.config;
  const found = finder(fleet);
  return policy.grant.flatMap((grant, i) => {
    const at = (...key: Where): Where => ["policy", "grant", i, ...key];
    const { id, only_paths: globs, kind, tier } = grant;
    const wide = ANYWHERE.every((path) => globs.some((glob) => matches(glob, path)));
    const every = kind.findIndex((k) => /^\*+$/.test(k));
    const makesTasks = globs.some((glob) => matches(glob, "board/T-aaaa-x.md"));
    return [
      wide &&
        found(
          "grant-swallows",
          "error",
          at("only_paths"),
          `the grant ${id} covers every path (${all(globs)}); name the folders that are meant`,
        ),
      every >= 0 &&
        found(
          "grant-kinds",
          "error",
          at("kind", every),
          `the grant ${id} covers every kind of task (${kind[every]}); name the kinds that are meant`,
        ),
      makesTasks &&
        !wide &&
        found(
          "grant-tasks",
          "note",
          at("only_paths"),
          `under the grant ${id} an agent may make tasks without a person, and a task's kind decides which grant speaks for it`,
        ),
      tier === policy.default &&
        found("grant-idle", "note", at("tier"), `the grant ${id} makes it ${tier}, which it is without it`),
    ].filter((f) => f !== false);
  });
}

/** Gates that wait for CI where there is none. */
export function checksNowhere(fleet: Fleet): Finding[] {
  const { forge, gates } = fleet.config;
  if (forge.kind === "github") return [];
  return Object.entries(gates).flatMap(([name, { kind }]) =>
    kind !== "checks"
      ? []
      : [
          finder(fleet)(
            "no-ci",
            "note",
            ["gates", name],
            `the gate ${name} waits for checks of CI, and pulls in the remote itself have none: what asks for it never merges`,
          ),
        ],
  );
}

/** Tiers that nobody, or nothing, can meet. */
export const unmetTiers = (fleet: Fleet): Finding[] => [...shortOfPeople(fleet), ...unreviewed(fleet)];

function shortOfPeople(fleet: Fleet): Finding[] {
  const { policy, roster } = fleet.config;
  const found = finder(fleet);
  const able = peopleOf(fleet.config);
  const nobody = "everybody on the roster is an account of the fleet, so nobody can approve anything";
  if (roster.length > 0 && able.length === 0) return [found("nobody", "error", ["roster"], nobody)];
  const raise = policy.raise.findIndex((r) => r.tier === "dual");
  if (able.length !== 1 || (policy.default !== "dual" && raise < 0)) return [];
  const key: Where = policy.default === "dual" ? ["policy", "default"] : ["policy", "raise", raise, "tier"];
  const said = `where two people are needed, ${able[0]} approves twice, ten minutes apart: the roster holds nobody else`;
  return [found("dual-solo", "note", key, said)];
}

function unreviewed(fleet: Fleet): Finding[] {
  const needing = rulesOf(fleet).filter(({ rule }) => rule.tier === "reviewed");
  const [first] = needing;
  if (first === undefined || fleet.config.policy.tiers.reviewed.gates.length > 0) return [];
  const message = `tiers.reviewed names no gate that reviews, so what these rules speak for needs a person: ${all(needing.map((n) => n.rule.id))}`;
  return [finder(fleet)("unreviewed", "error", [...first.key, "tier"], message)];
}

function peopleOf({ roster, fleet }: Config): string[] {
  const accounts = new Set(fleet.accounts.map((a) => a.toLowerCase()));
  return roster.map((p) => p.login).filter((l) => !accounts.has(l.toLowerCase()));
}
