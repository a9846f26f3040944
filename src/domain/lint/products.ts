import { collide, isLiteral } from "../product/declared.ts";
import type { Finding } from "../finding.ts";
import { matches } from "../glob.ts";
import { overlaps } from "../product/overlap.ts";
import { protectedBy, protectedGlobs } from "../clearance/protect.ts";
import type { Fleet } from "../snapshot.ts";
import { productsOf, type AgentFile } from "../spec.ts";
import type { Product } from "../product/product.ts";
import { openTasks, placeOf, serving } from "./rule.ts";

interface Owned {
  owner: AgentFile;
  product: Product;
  index: number;
}

const owned = (fleet: Fleet): Owned[] =>
  serving(fleet).flatMap((owner) =>
    productsOf(owner.spec).map((product, index) => ({ owner, product, index })),
  );

/** What an agent may not write, though it says that it produces it. */
export function protectedProducts(fleet: Fleet): Finding[] {
  return owned(fleet).flatMap(({ owner, product, index }): Finding[] => {
    const clash = protection(product.path, fleet);
    if (clash === null) return [];
    const message = `produces ${product.path}, and ${clash.path} is protected by ${clash.rule}: agents do not write it`;
    return [
      { rule: "spec/produces-protected", level: "error", message, ...placeOf(owner, ["produces", index]) },
    ];
  });
}

function protection(product: string, { config }: Fleet): { path: string; rule: string } | null {
  if (isLiteral(product)) {
    const rule = protectedBy(product, config);
    return rule === null ? null : { path: product, rule };
  }
  for (const rule of protectedGlobs(config)) {
    const path = overlaps(product.toLowerCase(), rule.toLowerCase());
    if (path !== null && aimsAt(product, rule)) return { path, rule };
  }
  return null;
}

/** A pattern for names in every folder meets each folder that somebody produces; it counts where the name is spelt out. */
const aimsAt = (product: string, rule: string): boolean =>
  !rule.startsWith("**/") || isLiteral(product.split("/").at(-1) ?? "");

/** Two agents that write the same file overwrite each other, and `never` cannot keep them apart. Appending together is fine. */
export function sharedProducts(fleet: Fleet): Finding[] {
  const all = owned(fleet);
  return all.flatMap((mine, i) =>
    all.slice(0, i).flatMap((theirs): Finding[] => {
      if (mine.owner === theirs.owner) return [];
      const path = overlaps(mine.product.path, theirs.product.path);
      if (path === null) return [];
      const together = mine.product.mode === "append" && theirs.product.mode === "append";
      const message = `${theirs.owner.spec.name} (${theirs.product.path}) and ${mine.owner.spec.name} (${mine.product.path}) both produce ${path}`;
      return [
        {
          rule: "spec/produces-shared",
          level: together ? "note" : "error",
          message,
          ...placeOf(mine.owner, ["produces", mine.index]),
        },
      ];
    }),
  );
}

/** Tasks that ask for what their agent may not write: each attempt would fail. */
export const foreignProducts = (fleet: Fleet): Finding[] =>
  openTasks(fleet).flatMap((file) => {
    const agent = fleet.agents.get(file.task.agent);
    if (agent === undefined) return [];
    const own = [
      ...productsOf(agent.spec).map((p) => p.path),
      ...(agent.spec.effects.length === 0 ? [] : ["board/effects/*.md"]),
    ];
    return file.task.produces.flatMap((glob, i): Finding[] => {
      if (own.some((o) => collide(o, glob))) return [];
      const message = `asks for ${glob}, which ${file.task.agent} does not produce (${own.join(", ") || "nothing"})`;
      return [{ rule: "task/produces-outside", level: "error", message, ...placeOf(file, ["produces", i]) }];
    });
  });

/** Often a slip, sometimes something that is still to come: a note. */
export const emptyReads = (fleet: Fleet): Finding[] =>
  serving(fleet).flatMap((agent) =>
    agent.spec.reads.flatMap((read, i): Finding[] => {
      const glob = typeof read === "string" ? read : read.path;
      if (fleet.entries.some((e) => matches(glob, e.path))) return [];
      const maker = owned(fleet).find((o) => collide(o.product.path, glob))?.owner.spec.name;
      const message = `reads ${glob}, which matches no file${maker === undefined ? "" : ` yet; ${maker} produces it`}`;
      return [{ rule: "spec/reads-nothing", level: "note", message, ...placeOf(agent, ["reads", i]) }];
    }),
  );
