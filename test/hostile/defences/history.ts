import type { Defence } from "./defence.ts";

/** That the next request is valid, whatever a model wrote. */
export const HISTORY: readonly Defence[] = [
  {
    claim: "nothing runs after work was handed in",
    file: "src/engine/loop.ts",
    code: "const done: Done = handedIn ? UNRUN : await",
    without: "const done: Done = await",
    test: "test/engine/loop.test.ts",
    named: "nothing runs after finish in the same reply",
  },
  {
    claim: "history stays valid: no call without a sound id and name",
    file: "src/engine/echo.ts",
    code: "if (!sound || calls.length",
    without: "if (calls.length",
    test: "test/engine/loop.test.ts",
    named: "calls without id or name, with an id twice, or too many, are dropped",
  },
  {
    claim: "history stays valid: no id twice",
    file: "src/engine/echo.ts",
    code: " || calls.some((c) => c.id === call.id)) continue;",
    without: ") continue;",
    test: "test/engine/loop.test.ts",
    named: "calls without id or name, with an id twice, or too many, are dropped",
  },
  {
    claim: "history stays valid: no more calls than are answered",
    file: "src/engine/echo.ts",
    code: " || calls.length === MOST_CALLS ||",
    without: " ||",
    test: "test/engine/loop.test.ts",
    named: "calls without id or name, with an id twice, or too many, are dropped",
  },
  {
    claim: "history stays valid: arguments are an object",
    file: "src/engine/echo.ts",
    code: '"fault" in read ? "{}" : raw.toWellFormed()',
    without: "raw.toWellFormed()",
    test: "test/engine/call.test.ts",
    named: "whatever a model sends, nothing runs that was not one object of the tool's own shape",
  },
  {
    claim: "history stays valid: no half characters in what was said",
    file: "src/engine/echo.ts",
    code: 'content === null || content === "" ? null : content.toWellFormed();',
    without: 'content === null || content === "" ? null : content;',
    test: "test/engine/loop.test.ts",
    named: "half characters in a reply do not poison the history",
  },
  {
    claim: "history stays valid: no half characters in arguments",
    file: "src/engine/echo.ts",
    code: '"fault" in read ? "{}" : raw.toWellFormed()',
    without: "raw",
    test: "test/engine/loop.test.ts",
    named: "half characters in a reply do not poison the history",
  },
  {
    claim: "history stays valid: no message without anything",
    file: "src/engine/echo.ts",
    code: 'content: text ?? "(nothing)" };',
    without: "content: text };",
    test: "test/engine/stall.test.ts",
    named: "replies without anything: stalled, never done",
  },
];
