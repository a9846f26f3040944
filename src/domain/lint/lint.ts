import { Config } from "../config.ts";
import type { Finding } from "../finding.ts";
import type { Fleet } from "../snapshot.ts";
import { strangeEffects, unlistedEffects } from "./effects.ts";
import { graderRoles, unfitGraders } from "./graders.ts";
import { hopelessBudgets, unheldRules } from "./limits.ts";
import { misnamedTasks, missingSchemas, unknownAgents, unknownGates } from "./names.ts";
import { cyclicNeeds, cyclicReports, danglingNeeds } from "./needs.ts";
import { checksNowhere, strangersInPolicy, unmetTiers, wideGrants } from "./policy.ts";
import { emptyReads, foreignProducts, protectedProducts, sharedProducts } from "./products.ts";
import { inConfig, type Rule } from "./rule.ts";
import { deadSchedules, deafAgents, idleWork } from "./times.ts";

const RULES: readonly Rule[] = [
  misnamedTasks,
  unknownAgents,
  unknownGates,
  danglingNeeds,
  cyclicNeeds,
  cyclicReports,
  protectedProducts,
  sharedProducts,
  foreignProducts,
  emptyReads,
  deadSchedules,
  deafAgents,
  idleWork,
  hopelessBudgets,
  unheldRules,
  strangersInPolicy,
  wideGrants,
  checksNowhere,
  unmetTiers,
  missingSchemas,
  unfitGraders,
  graderRoles,
  unlistedEffects,
  strangeEffects,
];

/** A fleet whose config may be missing or broken; that has been said then, and defaults stand in for it. */
export type Lintable = Omit<Fleet, "config"> & { config: Config | null };

/** Everything that is wrong between files. What is wrong inside one file its parser says. */
export function lint(fleet: Lintable): Finding[] {
  const config = fleet.config ?? Config.parse({ version: 1 });
  return [
    ...RULES.flatMap((rule) => rule({ ...fleet, config })),
    ...(fleet.config ? emptyRoster({ ...fleet, config }) : []),
  ];
}

const emptyRoster = (fleet: Fleet): Finding[] =>
  fleet.config.roster.length > 0
    ? []
    : [
        {
          rule: "config/no-roster",
          level: "error",
          message:
            "the roster is empty, so nobody can approve anything; expected e.g. roster: [{ login: ann, emails: [ann@example.com] }]",
          ...inConfig(fleet, ["roster"]),
        },
      ];
