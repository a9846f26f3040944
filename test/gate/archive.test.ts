import { expect, test } from "vitest";
import type { Change } from "../../src/domain/change.ts";
import { Sha, TaskId } from "../../src/domain/id.ts";
import { Task, type TaskFile } from "../../src/domain/board/task.ts";
import { judgeArchive } from "../../src/gate/archive.ts";

const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));

const file = (id: string, status: "todo" | "done", digit: string): [TaskId, TaskFile] => [
  TaskId.parse(id),
  {
    task: Task.parse({ id, title: id, agent: "writer", status }),
    body: "",
    path: `board/${id}-x.md`,
    blob: sha(digit),
    at: () => ({ line: 1, column: 1 }),
  },
];
const fleet = {
  tasks: new Map([file("T-aaaa", "done", "a"), file("T-bbbb", "todo", "b"), file("T-dddd", "done", "d")]),
};

const leaves = (id: string, digit: string): Change => ({
  path: `board/${id}-x.md`,
  oldMode: "100644",
  oldBlob: sha(digit),
  newMode: "000000",
  newBlob: null,
});
const arrives = (id: string, digit: string, folder = "board/archive/2026-11"): Change => ({
  path: `${folder}/${id}-x.md`,
  oldMode: "000000",
  oldBlob: null,
  newMode: "100644",
  newBlob: sha(digit),
});

test("finished tasks that move unchanged pass, one and several", () => {
  const one = [leaves("T-aaaa", "a"), arrives("T-aaaa", "a")];
  expect(judgeArchive(one, fleet).ruling).toBe("pass");
  expect(judgeArchive([...one, leaves("T-dddd", "d"), arrives("T-dddd", "d")], fleet).ruling).toBe("pass");
});

const attacks: Record<string, Change[]> = {
  "a task that is still to be done": [leaves("T-bbbb", "b"), arrives("T-bbbb", "b")],
  "a task that somebody edited since": [leaves("T-aaaa", "c"), arrives("T-aaaa", "c")],
  "a task that arrives with other words": [leaves("T-aaaa", "a"), arrives("T-aaaa", "c")],
  "a task that arrives nowhere": [leaves("T-aaaa", "a")],
  "a task that arrives twice": [
    leaves("T-aaaa", "a"),
    arrives("T-aaaa", "a"),
    arrives("T-aaaa", "a", "board/archive/2026-10"),
  ],
  "a task that arrives outside the archive": [leaves("T-aaaa", "a"), arrives("T-aaaa", "a", "notes")],
  "two tasks that change their words": [
    leaves("T-aaaa", "a"),
    leaves("T-dddd", "d"),
    arrives("T-aaaa", "d"),
    arrives("T-dddd", "a"),
  ],
  "something that comes with it": [leaves("T-aaaa", "a"), arrives("T-aaaa", "a"), arrives("T-cccc", "c")],
  "an edit that comes with it": [
    leaves("T-aaaa", "a"),
    arrives("T-aaaa", "a"),
    { ...leaves("T-bbbb", "b"), newMode: "100644", newBlob: sha("d") },
  ],
  "a move that makes it executable": [
    leaves("T-aaaa", "a"),
    { ...arrives("T-aaaa", "a"), newMode: "100755" },
  ],
};

test.each(Object.entries(attacks))("%s is no pure move", (_, changes) => {
  expect(judgeArchive(changes, fleet)).toMatchObject({ ruling: "fail", mendable: false });
});
