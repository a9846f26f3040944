import { expect, test } from "vitest";
import type { GateInput } from "../../src/gate/gate.ts";
import { size } from "../../src/gate/size.ts";
import { attempt, change, DONE, newTask, own, report } from "./bench.ts";

const lines = (n: number): string => "line\n".repeat(n);
const many = Array.from({ length: 4 }, (_, i) => change(`reports/${i}.md`, null, "x\n"));

const tasks = ["T-bbbb", "T-cccc"].map((id) => change(`board/${id}-x.md`, null, newTask({ id })));

const fine: Record<string, GateInput> = {
  "as many new tasks as the attempt may make, beside a product": attempt({
    spec: { budget: { attempt: { tasks: 2 } } },
    changes: [own(DONE), report, ...tasks],
  }),
  "as many files as the product may have, beside the task's own": attempt({
    spec: { produces: [{ path: "reports/*.md", max_files: 1 }] },
  }),
  "a small change": attempt(),
  "exactly as many lines as there may be": attempt({
    config: { size: { lines: 10 } },
    changes: [change("reports/a.md", null, lines(10))],
  }),
  "one line more in a long log": attempt({
    config: { size: { bytes: 100 } },
    changes: [change("log.csv", lines(1000), `${lines(1000)}new\n`)],
  }),
};

test.each(Object.entries(fine))("%s is within bounds", async (_, input) => {
  expect((await size.judge(input)).ruling).toBe("pass");
});

const limited = (limits: object): Record<string, unknown> => ({
  produces: [{ path: "reports/*.md", ...limits }],
});

const large: Record<string, GateInput> = {
  "too many files": attempt({ config: { size: { files: 3 } }, changes: many }),
  "a rename, which is two files": attempt({
    config: { size: { files: 1 } },
    changes: [change("reports/a.md", "x\n", null), change("reports/b.md", null, "x\n")],
  }),
  "too many lines": attempt({
    config: { size: { lines: 10 } },
    changes: [change("reports/a.md", null, lines(11))],
  }),
  "too many lines taken away": attempt({
    config: { size: { lines: 10 } },
    changes: [change("reports/a.md", lines(11), null)],
  }),
  "one line that is very long": attempt({
    config: { size: { bytes: 1000 } },
    changes: [change("reports/a.md", null, "x".repeat(1001))],
  }),
  "a file that is not text": attempt({
    config: { size: { bytes: 1000 } },
    changes: [change("reports/a.png", null, null, { binary: true, bytes: 1001, newMode: "100644" })],
  }),
  "more files than the product may have": attempt({ spec: limited({ max_files: 3 }), changes: many }),
  "more lines than the product may have": attempt({ spec: limited({ max_lines: 3 }), changes: many }),
  "more new tasks than the attempt may make": attempt({
    spec: { budget: { attempt: { tasks: 1 } } },
    changes: [own(DONE), report, ...tasks],
  }),
};

test.each(Object.entries(large))("%s is too large, and says how much there may be", async (_, input) => {
  const verdict = await size.judge(input);
  expect(verdict).toMatchObject({ ruling: "fail", mendable: true });
  expect(verdict.details[0]).toMatch(/^\d+ .*at most \d+ may be$/);
});
