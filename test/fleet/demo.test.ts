import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { makeWorld } from "../world.ts";
import { json } from "../cli/cli.ts";

/** This repository as it lies here, without what no agent of its fleet looks at. */
const FILES = Object.fromEntries(
  execFileSync("git", ["ls-files", "-z", "--", ":!test", ":!bench", ":!templates", ":!docs/man"], {
    encoding: "utf8",
  })
    .split("\0")
    .flatMap((path) => (path === "" ? [] : [[path, readFileSync(path, "utf8")] as const])),
);

const Told = z.looseObject({
  beats: z.array(
    z.looseObject({
      agent: z.string(),
      outcome: z.string(),
      attempts: z.array(z.looseObject({ pull: z.number().nullable(), mended: z.array(z.string()) })),
    }),
  ),
});

/** Who is wrong in the demo, and how its gate says so. */
const WRONG: Readonly<Record<string, string>> = {
  // It misreads a JSON file.
  editor:
    "docs/guide/first-agent.md:41: [3](../schema/spec.json#/properties/budget/properties/day/properties/beats/default): it differs: the text says 3, the source 8",
  // It invents a number.
  ceo: "reports/ceo/2026-11-23.md:8: 80% has no link to its source",
  // It confuses a task.
  proofreader: "reports/proof/2026-11-23.md:5: there is no task T-7qm4; did you mean T-7mq4?",
};

test(
  "in the demo three agents are wrong; each is told precisely, mends it, and its pull shows what happened",
  {
    // A whole day of the whole fleet.
    timeout: 180_000,
  },
  async () => {
    const world = await makeWorld({ files: FILES, at: "2026-11-23T05:00:00Z" });
    const { code, value } = await json(world, ["demo"]);
    expect(code).toBe(0);
    const { beats } = Told.parse(value);
    const told = beats.flatMap(({ agent, attempts }) =>
      attempts.flatMap((a) => (a.mended.length === 0 ? [] : [{ agent, ...a }])),
    );
    expect(told.map((t) => t.agent).sort()).toEqual(Object.keys(WRONG).sort());
    const sandbox = { ...world, clone: `${world.clone}/.demo/clone` };
    const Shown = z.looseObject({ body: z.string(), reviews: z.array(z.looseObject({ body: z.string() })) });
    // The guide's first reader is a grader: its verdict waits in the pull for the person.
    const guide = Shown.parse((await json(sandbox, ["pull", "show", "1"])).value);
    expect(guide.reviews.map((r) => r.body).join("\n")).toMatch(
      /\*\*pass\*\* first-reader: reader \(scripted\) gives it 4\.16 of 5, and 3\.5 passes; 1 criticism[^]*docs\/guide\/first-agent\.md:69: /,
    );
    for (const { agent, mended, pull } of told) {
      expect(mended.join("\n")).toContain(WRONG[agent]);
      const { body } = Shown.parse((await json(sandbox, ["pull", "show", String(pull)])).value);
      expect(body).toContain("## What was caught\n\nGates sent this back before anybody saw it.");
      expect(body).toContain(WRONG[agent]?.split(": ")[0]);
    }
  },
);
