import { expect, test } from "vitest";
import {
  about,
  byTarget,
  byWhom,
  concerns,
  held,
  isStopped,
  lastClose,
  parked,
  paused,
  pausedDuring,
  reassigned,
  unreadableControl,
  wantedAgain,
} from "../../src/domain/control/control.ts";
import { TaskId } from "../../src/domain/id.ts";
import type { Control } from "../../src/domain/record.ts";
import { control, name, sha, unit } from "./fleet.ts";

const now = new Date("2026-11-22T07:00:00Z");
const early = { at: "2026-11-22T05:00:00Z" };
const late = { at: "2026-11-22T06:30:00Z" };
const ada = name("ada");
const work = { agent: ada, unit: unit("t-one") };

test("an agent is paused by its own pause or by the fleet's", () => {
  expect(paused([control("pause", "@ada")], ada, now)).not.toBeNull();
  expect(paused([control("pause", "fleet")], ada, now)).not.toBeNull();
  expect(paused([control("pause", "@bob")], ada, now)).toBeNull();
});

test("the latest verb on a target wins", () => {
  expect(paused([control("pause", "@ada", early), control("resume", "@ada", late)], ada, now)).toBeNull();
  expect(paused([control("resume", "@ada", early), control("pause", "@ada", late)], ada, now)).not.toBeNull();
});

test("resuming the fleet does not resume an agent that was paused by itself", () => {
  expect(
    paused([control("pause", "@ada", early), control("resume", "fleet", late)], ada, now),
  ).not.toBeNull();
});

test("a pause whose end has come is over, and brings no older one back", () => {
  const ended = control("pause", "@ada", { ...late, until: "2026-11-22T07:00:00Z" });
  expect(paused([control("pause", "@ada", early), ended], ada, now)).toBeNull();
  const lasting = control("pause", "@ada", { until: "2026-11-22T07:00:01Z" });
  expect(paused([lasting], ada, now)).not.toBeNull();
});

test("a pause counts for moments between its start and its end only", () => {
  const controls = [control("pause", "@ada", early), control("resume", "@ada", late)];
  const during = (at: string): boolean => pausedDuring(controls, ada, new Date(at));
  expect(during("2026-11-22T04:59:00Z")).toBe(false);
  expect(during("2026-11-22T05:00:00Z")).toBe(true);
  expect(during("2026-11-22T06:29:00Z")).toBe(true);
  expect(during("2026-11-22T06:30:00Z")).toBe(false);
});

test("a hold of the fleet, an agent, a task or an occurrence holds a unit", () => {
  const occurrence = { agent: ada, unit: unit("t-one@20261122T0700Z") };
  for (const target of ["fleet", "@ada", "t-one", "t-one@20261122T0700Z"])
    expect(held([control("hold", target)], occurrence, now)).not.toBeNull();
  expect(held([control("hold", "t-one@20261121T0700Z")], occurrence, now)).toBeNull();
  expect(held([control("hold", "t-two")], occurrence, now)).toBeNull();
});

test("a hold of a unit is named before one of the fleet", () => {
  const controls = [control("hold", "t-one", early), control("hold", "fleet", late)];
  expect(held(controls, work, now)?.target.kind).toBe("unit");
});

test("a pause is no hold, and a hold is no pause", () => {
  expect(held([control("pause", "@ada")], work, now)).toBeNull();
  expect(paused([control("hold", "@ada")], ada, now)).toBeNull();
});

test("something is stopped while a pause or a hold of anything is in force, whatever else was resumed", () => {
  const over = [control("pause", "@bob", early), control("resume", "@bob", late)];
  for (const verb of ["pause", "hold"] as const)
    for (const target of ["fleet", "@ada", "t-one"])
      expect(isStopped([...over, control(verb, target, early)], now)).toBe(true);
  expect(isStopped([...over, control("park", "t-one")], now)).toBe(false);
  expect(isStopped([], now)).toBe(false);
});

test("a task is somebody else's while its file names whom it was taken from", () => {
  const { task, agent } = { task: TaskId.parse("t-one"), agent: ada };
  const to = (to_: string, more = {}): Control =>
    control("reassign", "t-one", { reassign: { from: "ada", to: to_ }, ...more });
  const whose = (controls: readonly Control[], of = agent): string | null =>
    reassigned(controls, { task, agent: of }, now);
  expect(whose([])).toBeNull();
  expect(whose([to("bob", late)])).toBe("bob");
  expect(whose([to("bob", early), to("eve", late)])).toBe("eve");
  expect(whose([to("ada")])).toBeNull();
  expect(whose([to("bob")], name("eve"))).toBeNull();
});

test("the last word on a close is a close or an unpark of that unit", () => {
  const last = (...controls: Control[]): string | undefined => lastClose(controls, unit("t-one"))?.at;
  const closed = control("close", "t-one", early);
  expect(last()).toBeUndefined();
  expect(last(closed, control("park", "t-one", late), control("close", "t-two", late))).toBe(early.at);
  expect(last(closed, control("close", "t-one", late))).toBe(late.at);
  expect(last(closed, control("unpark", "t-one", late))).toBeUndefined();
  expect(last(control("unpark", "t-one", early), control("close", "t-one", late))).toBe(late.at);
});

test("a park and a close both park until unpark", () => {
  const of = { unit: unit("t-one"), blob: sha("t-one") };
  expect(parked([control("park", "t-one")], of, now)).not.toBeNull();
  expect(parked([control("close", "t-one")], of, now)).not.toBeNull();
  expect(parked([control("park", "t-one", early), control("unpark", "t-one", late)], of, now)).toBeNull();
  expect(parked([control("unpark", "t-one", early), control("park", "t-one", late)], of, now)).not.toBeNull();
});

test("an edit of the task's file ends a park that names its version, and no other", () => {
  const park = control("park", "t-one", { taskBlob: sha("before") });
  expect(parked([park], { unit: unit("t-one"), blob: sha("before") }, now)).not.toBeNull();
  expect(parked([park], { unit: unit("t-one"), blob: sha("after") }, now)).toBeNull();
  expect(parked([control("park", "t-one")], { unit: unit("t-one"), blob: sha("after") }, now)).not.toBeNull();
});

test("unparking a duty unparks an occurrence of it that was parked before", () => {
  const at = "t-one@20261122T0700Z";
  const controls = [control("park", at, early), control("unpark", "t-one", late)];
  const of = { unit: unit(at), blob: sha("t-one") };
  expect(parked(controls, of, now)).toBeNull();
  expect(parked(about(byTarget(controls), { agent: ada, unit: of.unit }), of, now)).toBeNull();
});

test("about finds the verbs on a unit, its task, its agent and the fleet, and no others", () => {
  const targets = ["fleet", "@ada", "t-one", "t-one@20261122T0700Z", "@bob", "t-two", "t-one@20261121T0700Z"];
  const index = byTarget(targets.map((target) => control("hold", target)));
  const found = about(index, { agent: ada, unit: unit("t-one@20261122T0700Z") });
  expect(found).toHaveLength(4);
});

test("a verb is told with who, until when and why", () => {
  const until = "2026-11-23T07:00:00Z";
  expect(byWhom(control("pause", "fleet"))).toBe(" by ann");
  expect(byWhom(control("pause", "fleet", { until, why: "on holiday" }))).toBe(
    ` by ann until ${until}: on holiday`,
  );
});

test("a control that cannot be read stops everything until a person resumes the fleet", () => {
  const broken = (time: string) => ({
    rule: "journal/file",
    level: "error" as const,
    message: "",
    file: `control/${time}-x.json`,
    line: 1,
    column: 1,
  });
  const findings = [broken("20261122T070000Z")];
  expect(unreadableControl({ findings, controls: [] })).toBe("control/20261122T070000Z-x.json");
  const at = { at: "2026-11-22T08:00:00Z" };
  const resume = control("resume", "fleet", at);
  expect(unreadableControl({ findings, controls: [resume] })).toBeNull();
  const others = [control("resume", "@ada", at), control("pause", "fleet", at)];
  expect(unreadableControl({ findings, controls: others })).not.toBeNull();
  const twice = [control("resume", "fleet", early), resume];
  expect(unreadableControl({ findings, controls: twice })).toBeNull();
  const later = { findings: [...findings, broken("20261122T090000Z")], controls: [resume] };
  expect(unreadableControl(later)).toBe("control/20261122T090000Z-x.json");
  expect(
    unreadableControl({ findings: [{ ...broken("20261122T070000Z"), file: "beats/x" }], controls: [] }),
  ).toBeNull();
});

test("only an unpark of that very unit, and after its merge, wants it again", () => {
  const merge = "2026-11-22T06:00:00Z";
  const wanted = (...controls: Parameters<typeof wantedAgain>[0]): boolean =>
    wantedAgain(controls, unit("t-one"), merge);
  expect(wanted(control("unpark", "t-one", late))).toBe(true);
  expect(wanted(control("park", "t-two", late), control("unpark", "t-one", late))).toBe(true);
  expect(wanted()).toBe(false);
  expect(wanted(control("unpark", "t-one", early))).toBe(false);
  expect(wanted(control("unpark", "t-one", { at: merge }))).toBe(false);
  expect(wanted(control("park", "t-one", late))).toBe(false);
  expect(wanted(control("unpark", "t-two", late))).toBe(false);
  expect(wanted(control("unpark", "@ada", late))).toBe(false);
});

test("a verb about a duty's task concerns each of its occurrences, and one about an occurrence that one only", () => {
  const occurrence = { agent: ada, unit: unit("t-one@20261122T0700Z") };
  for (const target of ["fleet", "@ada", "t-one", "t-one@20261122T0700Z"])
    expect(concerns(control("release", target), occurrence)).toBe(true);
  for (const target of ["@bob", "t-two", "t-one@20261121T0700Z"])
    expect(concerns(control("release", target), occurrence)).toBe(false);
  expect(concerns(control("release", "t-one@20261122T0700Z"), { agent: ada, unit: unit("t-one") })).toBe(
    false,
  );
});
