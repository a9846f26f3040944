import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TaskId } from "../src/domain/id.ts";
import { tierOf } from "../src/domain/clearance/tier.ts";
import { NOBODY, Template, type Wish } from "../src/domain/starter/starter.ts";
import { check, type Report } from "../src/flow/check.ts";
import { init } from "../src/flow/init.ts";
import { settle } from "../src/flow/settle/settle.ts";
import { tick } from "../src/flow/tick.ts";
import { kitIn } from "../src/store/starter.ts";
import { unseen, worktreeFleet } from "../src/store/worktree.ts";
import { read } from "../src/flow/read.ts";
import type { Gathered } from "../src/store/fleet.ts";
import { json, pullbeat, type Place } from "./cli/cli.ts";
import { change, human } from "./domain/ruling.ts";
import { makeFleet } from "./fleet.ts";
import { makeWorld, type World } from "./world.ts";

/** A fleet that `init` began in a folder of its own, with a remote beside it. */
async function begun(template: Wish["template"]): Promise<World & Place> {
  const world = await makeWorld({ at: "2026-11-17T09:00:00Z" });
  const dir = join(world.dir, template);
  await mkdir(dir);
  const kit = kitIn({ dir, env: world.env, templates: "templates", schemas: "docs/schema" });
  await init(kit, { template, local: true }, { dry: false });
  return { ...world, clone: dir };
}

async function checked({ clone: dir, env }: Place): Promise<{ fleet: Gathered; report: Report }> {
  const fleet = await worktreeFleet({ dir, env });
  return { fleet, report: check(fleet, await unseen({ dir, env }, "origin/main")) };
}

test.each(Template.options)(
  "a fleet begun from %s has no error, and everything of it is on the remote",
  async (name) => {
    const place = await begun(name);
    const { report } = await checked(place);
    expect(report.findings.filter((f) => f.level === "error" || f.rule !== "spec/never-unheld")).toEqual([]);
    expect((await json(place, ["check"])).code).toBe(0);
  },
);

test("the blank fleet's check has nothing at all to say, and its one agent is due", async () => {
  const place = await begun("blank");
  expect((await checked(place)).report).toEqual({ ok: true, counts: { errors: 0, notes: 0 }, findings: [] });
  expect(await json(place, ["plan"])).toMatchObject({
    value: { beats: [{ agent: "newcomer", outcome: "rested", reason: "no key: set OPENAI_API_KEY" }] },
  });
  expect(await json(place, ["plan"], { env: { OPENAI_API_KEY: "sk-test" } })).toMatchObject({
    value: { beats: [{ agent: "newcomer", outcome: "due" }] },
  });
});

const files = async (template: string): Promise<Record<string, string>> => {
  const root = join("templates", template);
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = found.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(root.length + 1));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), "utf8")] as const)),
  );
};

test.each(Template.options)("the config of %s names nobody yet, and where its schema lies", async (name) => {
  const text = (await files(name))[".github/pullbeat.yml"] ?? "";
  expect(text.split(NOBODY)).toHaveLength(2);
  expect(text).toMatch(/^# yaml-language-server: \$schema=pullbeat\.schema\.json\n/);
});

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length;

test("each role of the studio is a role: cases decided, three ways to ask, rules that a machine holds and rules that people hold", async () => {
  const { fleet } = await checked(await begun("studio"));
  expect([...fleet.agents.keys()].toSorted()).toEqual([
    "analyst",
    "campaign-manager",
    "ceo",
    "funnel-diagnostics",
    "page-builder",
    "page-tester",
  ]);
  for (const { spec, body } of fleet.agents.values()) {
    expect([spec.name, words(body) >= 1200 && words(body) <= 2000]).toEqual([spec.name, true]);
    expect(spec.escalates).toHaveLength(3);
    for (const { id } of spec.escalates) expect(body).toContain(`\`${id}\``);
    const held = spec.never.map((n) => (typeof n === "string" ? undefined : n.enforce));
    expect(held).toEqual(expect.arrayContaining(["paths", "size", "secrets", "record", "review"]));
    expect(body).toMatch(/## What good looks like\n\n[^#]*```markdown/);
    expect(body.match(/^- \*\*/gm)?.length).toBeGreaterThan(15);
  }
});

const isNumber = (value: unknown): value is number => typeof value === "number";

test("the studio's numbers are consistent: parts make totals, rates follow, leads are forms", async () => {
  const all = await files("studio");
  const ads = JSON.parse(all["data/ads.json"] ?? "");
  const funnel = JSON.parse(all["data/funnel.json"] ?? "");
  const facts = JSON.parse(all["data/facts.json"] ?? "");
  const rows = (all["data/leads.csv"] ?? "")
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(","));
  for (const [of, parts] of [
    [ads.total, ads.campaigns],
    [funnel.total, funnel.pages],
  ])
    for (const [key, total] of Object.entries(of))
      expect([
        key,
        parts.reduce((sum: number, part: Record<string, number>) => sum + (part[key] ?? NaN), 0),
      ]).toEqual([key, total]);
  for (const campaign of ads.campaigns) {
    expect(campaign.ctr).toBe(campaign.clicks / campaign.impressions);
    expect(campaign.cpc_usd).toBeCloseTo(campaign.spend_usd / campaign.clicks, 10);
    expect(campaign.cost_per_lead_usd).toBe(campaign.spend_usd / campaign.leads);
    const page = funnel.pages.find((p: { page: string }) => p.page === campaign.page);
    expect(page.form_sent).toBe(campaign.leads);
    const steps = funnel.steps.map((step: string) => page[step]).filter(isNumber);
    expect(steps).toEqual(steps.toSorted((a: number, b: number) => b - a));
    const own = rows.filter((row) => row[2] === campaign.id);
    expect(own).toHaveLength(campaign.leads);
    const reached = ["sent", "reached", "booked", "quoted", "won"];
    for (const [i, stage] of ["form_sent", "reached", "booked", "quoted", "won"].entries())
      expect(own.filter((row) => reached.indexOf(row[4] ?? "") >= i)).toHaveLength(page[stage]);
  }
  expect(rows.every(([, day = ""]) => day >= ads.from && day <= ads.to)).toBe(true);
  expect(ads.total.spend_usd).toBeLessThan(facts.weekly_cap_usd);
});

/** The commands that the studio's README tells a person to type, in its order. */
function dayOf(readme: string): string[][] {
  const [, block = ""] = /## Play the day\n[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
  return block
    .split("\n")
    .map((line) => line.replace(/\s+#.*/, ""))
    .filter((line) => line.startsWith("pullbeat "))
    .map((line) => [...line.matchAll(/"([^"]*)"|\S+/g)].slice(1).map(([word, quoted]) => quoted ?? word));
}

test(
  "the day that the studio's README tells ends with five stages done, after six decisions of a person",
  { timeout: 180_000 },
  async () => {
    const place = await begun("studio");
    const day = dayOf((await files("studio"))["README.md"] ?? "");
    const scripts = { env: { PULLBEAT_SCRIPTS: "scripts" } };
    for (const args of day) {
      const { code, out, err } = await pullbeat(place, args, scripts);
      expect({ args, code, out, err }).toMatchObject({ args, code: 0 });
      // An agent begins one beat a minute at most.
      place.clock.pass(1);
    }
    const stages = ["storm-page", "storm-test", "storm-fix", "storm-campaign", "storm-funnel"];
    const { value } = await json(place, ["board", "--all"]);
    const done = stages.map((id) => ({ id, state: "done" }));
    expect(value).toMatchObject({
      tasks: expect.arrayContaining(done.map((t) => expect.objectContaining(t))),
    });
    const decided = day.filter(([group, verb]) => group === "pull" && verb !== "show");
    expect(decided).toHaveLength(6);
    expect(decided.filter(([, verb]) => verb === "answer")).toHaveLength(1);
    expect(await json(place, ["pull", "list"])).toMatchObject({ value: { pulls: [] } });
  },
);

test("once people know the studio's agents, its day leaves at most six decisions, and a check that fails is one", async () => {
  const { fleet } = await checked(await begun("studio"));
  const policy = fleet.config?.policy;
  if (policy === undefined) throw new Error("the studio has no policy");
  const tierFor = (id: string, result: "pass" | "fail"): string => {
    const file = fleet.tasks.get(TaskId.parse(id));
    if (file === undefined) throw new Error(`there is no task ${id}`);
    const { agent, kind, produces } = file.task;
    const paths = [file.path, ...produces.map((glob) => glob.replace("*", "x"))];
    const facts = { ...human().facts, agent, taskKind: kind ?? null, taskPath: file.path, result };
    return tierOf(policy, { ...facts, changes: paths.map((path) => change(path)) }).tier;
  };
  const day = [
    "storm-page",
    "storm-test",
    "storm-fix",
    "storm-campaign",
    "storm-funnel",
    "read-the-week",
    "weigh-the-week",
  ];
  const tiers = day.map((id) => `${id} ${tierFor(id, "pass")}`);
  expect(tiers).toEqual([
    "storm-page human",
    "storm-test routine",
    "storm-fix human",
    "storm-campaign human",
    "storm-funnel routine",
    "read-the-week routine",
    "weigh-the-week human",
  ]);
  expect(tierFor("storm-test", "fail")).toBe("human");
});

test("on the studio's Monday the analyst reads the week, the ceo makes one task of it, and the builder does it", async () => {
  const all = await files("studio");
  const person = (all[".github/pullbeat.yml"] ?? "").replace(
    NOBODY,
    "{ login: ann, emails: [ann@example.com] }",
  );
  const kept = Object.entries(all).filter(([path]) => !path.startsWith("board/storm-"));
  const scripts = Object.fromEntries(
    kept.flatMap(([path, text]) => {
      const [, agent] = /^scripts\/(.*)\.jsonl$/.exec(path) ?? [];
      return agent === undefined ? [] : [[agent, text] as const];
    }),
  );
  const { flow, clock, file } = await makeFleet({
    at: "2026-11-22T20:00:00Z",
    files: { ...Object.fromEntries(kept), ".github/pullbeat.yml": person },
    scripts,
  });
  /** Ticks, approves every pull that waits, settles; who worked. */
  const live = async (time: string): Promise<string[]> => {
    clock.set(time);
    const { beats } = await tick(flow);
    const snapshot = await read(flow);
    for (const { number } of snapshot.pulls)
      await flow.forge.review(number, snapshot.fleet.config.roster[0]?.login ?? flow.forge.account, {
        verdict: "approve",
        body: "",
        at: snapshot.now,
      });
    await settle(flow);
    return beats.filter((b) => b.slot !== null).map((b) => `${b.agent} ${b.outcome}`);
  };
  expect(await live("2026-11-23T06:00:00Z")).toEqual(["analyst worked"]);
  expect(await live("2026-11-23T07:00:00Z")).toEqual([]);
  expect(await live("2026-11-23T08:00:00Z")).toEqual(["ceo worked"]);
  expect(await live("2026-11-23T08:10:00Z")).toEqual(["page-builder worked"]);
  expect(await file("reports/weekly/2026-W47.md")).toContain("# The week 2026-W47");
  expect(await file("sheets/weeks.csv")).toMatch(/2026-W46,.*\n2026-W47,1050,1043,45,30,8\n$/);
  expect(await file("pages/free-inspection.md")).toContain("Name, phone, postcode, kind of roof.");
  const { journal } = await read(flow);
  expect(journal.records.flatMap((r) => r.attempts.flatMap((a) => a.feedback))).toEqual([]);
});
