import { expect, test } from "vitest";
import { cronsFor } from "../../src/domain/actions/cron.ts";
import { slotsBetween } from "../../src/domain/time/schedule.ts";
import { dateOf } from "../../src/domain/id.ts";
import { makeFleet, specText, taskText } from "../fleet.ts";

const NOW = new Date("2026-11-23T00:00:00Z");

async function fleetOf(files: Readonly<Record<string, string>>, config = "digest: { at: off }\n") {
  const head = "version: 1\nroster:\n  - login: ann\n    emails: [ann@example.com]\n";
  const { flow, repo } = await makeFleet({ files: { ...files, ".github/pullbeat.yml": head + config } });
  const refs = await repo.fetch();
  const tip = refs.get("refs/heads/main");
  if (tip === undefined) throw new Error("no main");
  return flow.records.fleet(tip);
}

const scheduled = (schedules: readonly string[], more = ""): Record<string, string> =>
  Object.fromEntries(
    schedules.map((s, i) => [`agents/a${i}.md`, specText(`a${i}`, `schedule: ${s}\n${more}`)]),
  );

/** How long each slot of a week waits for the tick that works it, in minutes. */
function waits(crons: readonly string[], schedule: string): number[] {
  const end = new Date(NOW.getTime() + 8 * 86_400_000);
  const ticks = crons
    .flatMap((c) => slotsBetween(`cron "${c}"`, "UTC", NOW, end))
    .map((m) => dateOf(m).getTime());
  return slotsBetween(schedule, "UTC", NOW, new Date(NOW.getTime() + 7 * 86_400_000)).map((slot) => {
    const at = dateOf(slot).getTime();
    return (Math.min(...ticks.filter((t) => t >= at)) - at) / 60_000;
  });
}

test("a tick follows each slot within half an hour, never on the hour", async () => {
  const crons = cronsFor(await fleetOf(scheduled(["daily 07:00", "daily 19:00", "weekly mon 12:00"])), NOW);
  expect(crons).toHaveLength(3);
  for (const cron of crons) expect(Number(cron.split(" ")[0]) % 30).not.toBe(0);
  for (const s of ["daily 07:00", "daily 19:00", "weekly mon 12:00"])
    expect(Math.max(...waits(crons, s))).toBeLessThan(30);
  expect(crons.filter((c) => c.endsWith("* * 1"))).toHaveLength(1);
});

test("a slot late in the evening is worked after midnight, on the day that follows", async () => {
  const crons = cronsFor(await fleetOf(scheduled(["weekly sun 23:55"])), NOW);
  expect(crons[0]).toMatch(/^\d+ 0 \* \* 1$/);
  expect(Math.max(...waits(crons, "weekly sun 23:55"))).toBeLessThan(30);
});

test("of many slots there are at most as many ticks as the config allows, and none is left out", async () => {
  const hourly = await fleetOf(scheduled(["hourly"]));
  const crons = cronsFor(hourly, NOW);
  expect(crons.length).toBeLessThanOrEqual(8);
  for (const wait of waits(crons, "hourly")) expect(wait).toBeLessThan(24 * 60);
  const few = cronsFor(
    await fleetOf(scheduled(["every 2h"]), "digest: { at: off }\nactions: { ticks: 3 }\n"),
    NOW,
  );
  expect(few).toHaveLength(3);
});

test("slots of summer and of winter are both served", async () => {
  const crons = cronsFor(await fleetOf(scheduled(["daily 07:00"], "timezone: Europe/Berlin\n")), NOW);
  expect(crons).toEqual([expect.stringMatching(/^\d+ 6 \* \* \*$/)]);
});

test("duties, the digest and nothing at all have ticks too; who is paused has none", async () => {
  const duty = { "agents/w.md": specText("w"), "board/d.md": taskText("d", "w", "every: daily 15:00\n") };
  expect(cronsFor(await fleetOf(duty), NOW)).toEqual([expect.stringMatching(/^\d+ 15 /)]);
  expect(cronsFor(await fleetOf({}, "digest: { at: daily 05:00 }\n"), NOW)).toEqual([
    expect.stringMatching(/^\d+ 5 /),
  ]);
  const paused = scheduled(["daily 20:00"], "status: paused\n");
  expect(cronsFor(await fleetOf(paused), NOW)).toEqual([expect.stringMatching(/^\d+ 6 \* \* \*$/)]);
});
