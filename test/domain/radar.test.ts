import { array, assert, constantFrom, property, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import type { Change } from "../../src/domain/change.ts";
import { PullNumber } from "../../src/domain/id.ts";
import { besideOf, groundOf, pairsOf, trafficOf, type Traffic } from "../../src/domain/pull/radar.ts";
import { attempt, pull, record, sha, snapshot } from "./fleet.ts";

const change = (path: string, after: string | null = `new ${path}`): Change => ({
  path,
  oldMode: "100644",
  oldBlob: sha(`old ${path}`),
  newMode: after === null ? "000000" : "100644",
  newBlob: after === null ? null : sha(after),
});

const traffic = (
  number: number,
  paths: readonly string[],
  read: Readonly<Record<string, string>> = {},
): Traffic => ({
  number: PullNumber.parse(number),
  head: sha(`head ${number}`),
  from: sha("base"),
  appends: [],
  targets: [],
  task: null,
  changes: paths.map((path) => change(path)),
  read: new Map(Object.entries(read)),
});

test("pairs are exactly those that share a path, or of which one has a file where the other has a folder", () => {
  const path = array(constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 3 }).map((p) => p.join("/"));
  const pulls = array(uniqueArray(path, { maxLength: 3 }), { maxLength: 6 });
  assert(
    property(pulls, (all) => {
      const many = all.map((paths, i) => traffic(i + 1, paths));
      const meets = (a: string, b: string): boolean =>
        a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
      const expected = many.flatMap((one, i) =>
        many
          .slice(i + 1)
          .filter((other) => one.changes.some((c) => other.changes.some((d) => meets(c.path, d.path))))
          .map((other) => [one.number, other.number]),
      );
      expect(pairsOf(many).map((pair) => pair.map((t) => t.number))).toEqual(expected);
    }),
  );
});

test("a path in which two conflict is not told again as one that was read", () => {
  const pair = [
    traffic(1, ["a.md", "b.md"], { "a.md": sha("old a.md"), "b.md": sha("old b.md") }),
    traffic(2, ["a.md", "b.md"]),
  ] as const;
  const beside = besideOf(pair, [{ pair, conflicts: ["a.md"] }], pair[0].number);
  expect(beside).toEqual({
    conflicts: [{ pull: 2, paths: ["a.md"] }],
    reads: [{ pull: 2, paths: ["b.md"] }],
    readBy: [],
    acts: [],
    unknown: [],
  });
});

test("a pair that nobody could compare is not told as one that merges", () => {
  const pair = [traffic(1, ["a.md"]), traffic(2, ["a.md"])] as const;
  expect(besideOf(pair, [{ pair, conflicts: null }], pair[1].number)).toMatchObject({ unknown: [1] });
});

test("of what an agent was shown in several rounds the last version counts, and a deleted file is another one", () => {
  const shown = (round: number, blob: string, path: string): ReturnType<typeof attempt> =>
    attempt("one", {
      proposal: {
        branch: "pullbeat/work/one--1",
        base: sha("b"),
        parent: sha("b"),
        head: sha("h"),
        title: "t",
        kind: "work",
        round,
      },
      saw: [{ path, blob }],
    });
  const [one, other] = trafficOf({
    ...snapshot({
      records: [
        record("ada", "20261121T0700Z", {
          attempts: [attempt("one"), shown(1, sha("old a.md"), "a.md"), shown(1, sha("x"), "gone.md")],
        }),
        record("ada", "20261121T0800Z", { attempts: [shown(2, sha("new a.md"), "a.md")] }),
      ],
      pulls: [pull(2, "two"), pull(1, "one")],
    }),
    changes: new Map([
      ["pullbeat/work/one--1", []],
      ["pullbeat/work/two--1", [change("a.md"), change("gone.md", null)]],
    ]),
  });
  if (one === undefined || other === undefined) throw new Error("there are two");
  expect([one.number, other.number]).toEqual([1, 2]);
  expect(besideOf([one, other], [], one.number).reads).toEqual([{ pull: 2, paths: ["gone.md"] }]);
  expect(besideOf([one, other], [], other.number).readBy).toEqual([{ pull: 1, paths: ["gone.md"] }]);
});

test("a pull that is closed, has no branch, or whose changes cannot be read is in nobody's way", () => {
  const changes = new Map(["one", "two", "four"].map((u) => [`pullbeat/work/${u}--1`, [change("a.md")]]));
  const pulls = [
    pull(1, "one", { state: "closed" }),
    pull(2, "two", { head: null }),
    pull(3, "three"),
    pull(4, "four"),
  ];
  expect(trafficOf({ ...snapshot({ pulls }), changes }).map((t) => t.number)).toEqual([4]);
});

test("work is known by its task's file and by what its agent only adds to; what only asks adds nothing", () => {
  const produces = ["report.md", { path: "log.csv", mode: "append" as const }];
  const given = snapshot({
    agents: { ada: { produces } },
    tasks: { one: {}, two: {} },
    pulls: [
      pull(1, "one"),
      pull(2, "two", { kind: "question" }),
      pull(3, "gone", { agent: null, task: null }),
    ],
    changes: Object.fromEntries(["one", "two", "gone"].map((u) => [`pullbeat/work/${u}--1`, ["a.md"]])),
  });
  expect(trafficOf(given).map((t) => [t.task, t.appends])).toEqual([
    ["board/one.md", ["log.csv"]],
    ["board/two.md", []],
    [null, []],
  ]);
});

test("what a pull has beside it is asked again when one of the two or what they meet on moves, and not otherwise", () => {
  const [one, two, far] = [traffic(1, ["a.md", "b.md"]), traffic(2, ["a.md"]), traffic(3, ["c.md"])];
  const reader = traffic(4, ["d.md"], { "b.md": sha("old b.md") });
  const ground = (all: readonly Traffic[], number = 1, tip: Readonly<Record<string, string>> = {}): string =>
    groundOf(all, pairsOf(all), { number: PullNumber.parse(number), tip: new Map(Object.entries(tip)) });
  const all = [one, two, far];
  const now = ground(all);
  expect(now).not.toBe("");
  expect(ground([one, two, { ...far, head: sha("new") }])).toBe(now);
  expect(ground(all, 1, { "c.md": sha("new") })).toBe(now);
  for (const other of [
    ground([{ ...one, head: sha("new") }, two, far]),
    ground([one, { ...two, head: sha("new") }, far]),
    ground([one, { ...two, appends: ["a.md"] }, far]),
    ground(all, 1, { "a.md": sha("new") }),
    ground(all, 1, { "b.md": sha("new") }),
    ground([...all, reader]),
  ])
    expect(other).not.toBe(now);
  expect([ground(all, 3), ground(all, 9), ground([one, far])]).toEqual(["", "", ""]);
  const met = ground([one, reader], 4);
  expect(met).not.toBe("");
  expect(ground([one, reader], 4, { "d.md": sha("new") })).toBe(met);
  expect(ground([one, reader])).not.toBe("");
});

test("two that act on one target are told, in whatever letters it is written, and noted anew only where that changes", () => {
  const acting = (n: number, ...targets: string[]): Traffic => ({ ...traffic(n, [`${n}.md`]), targets });
  const all = [acting(1, "roofing", "roofing", "solar"), acting(2, "Roofing"), acting(3, "wind")] as const;
  expect(all.map((t) => besideOf(all, [], t.number).acts)).toEqual([
    [{ pull: 2, targets: ["roofing"] }],
    [{ pull: 1, targets: ["Roofing"] }],
    [],
  ]);
  const grounds = all.map(({ number }) => groundOf(all, [], { number, tip: new Map() }));
  expect(grounds.map((g) => g === "")).toEqual([false, false, true]);
  const more = [all[0], acting(2, "Roofing", "solar"), all[2]] as const;
  expect(groundOf(more, [], { number: all[0].number, tip: new Map() })).not.toBe(grounds[0]);
});
