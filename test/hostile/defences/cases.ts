import type { Defence } from "./defence.ts";

const hostile = (named: string): Pick<Defence, "test" | "named"> => ({
  test: "test/case/hostile.test.ts",
  named,
});
const edited: Pick<Defence, "test" | "named"> = {
  test: "test/case/case.test.ts",
  named: "whatever is gone or was edited is told, and is never a pass",
};
const knocks: Pick<Defence, "file" | "test" | "named"> = {
  file: "src/domain/app/door.ts",
  test: "test/cli/app.test.ts",
  named: "whatever else knocks is refused, and the honest way works behind it",
};

const answered: Pick<Defence, "test" | "named"> = {
  test: "test/cli/app.test.ts",
  named: "an answer that is no app is told without a word of it",
};

/** What a case and an app's making may show and do. */
export const CASES: readonly Defence[] = [
  {
    claim: "a case's words are dead",
    file: "src/domain/case/words.ts",
    code: ": quote(words, 4000)",
    without: ": [words]",
    ...hostile("hostile words in a case are dead and can be seen"),
  },
  {
    claim: "whoever says what was wrong is named in dead words",
    file: "src/domain/case/words.ts",
    code: "cleanLine(by, 80)",
    without: "by",
    ...hostile("below a case's facts, who said it are dead"),
  },
  {
    claim: "words that mark a mistake are dead in a case",
    file: "src/domain/case/words.ts",
    code: "again: ${cleanLine(text, 200)}`",
    without: "again: ${text}`",
    ...hostile("below a case's facts, words that mark the mistake are dead"),
  },
  {
    claim: "names of files are dead in a case",
    file: "src/domain/case/words.ts",
    code: "cleanLine(path, 200)",
    without: "path",
    ...hostile("below a case's facts, files that it makes are dead"),
  },
  {
    claim: "words that a case must say are dead in it",
    file: "src/domain/case/words.ts",
    code: "it says: ${cleanLine(text, 200)}`",
    without: "it says: ${text}`",
    ...hostile("below a case's facts, words that it says are dead"),
  },
  {
    claim: "all that a case's replies hold can be seen",
    file: "src/domain/case/replies.ts",
    code: ".replaceAll(UNSEEN, numbered)",
    without: "",
    ...hostile("replies come back as they were, and all that is written of them can be seen"),
  },
  {
    claim: "a case shows no credential",
    file: "src/flow/case/add.ts",
    code: "words: await discreet(moment.words),",
    without: "words: moment.words,",
    ...hostile("hostile words in a case are dead and can be seen"),
  },
  {
    claim: "a case that was edited is no pass",
    file: "src/flow/case/run.ts",
    code: "if (printOf(changes) !== file.makes_sha256)",
    without: "if (false)",
    ...edited,
  },
  {
    claim: "a case speaks for its own agent",
    file: "src/store/case.ts",
    code: "if (value.agent !== named.agent)",
    without: "if (false)",
    ...edited,
  },
  {
    claim: "a case speaks under its own name",
    file: "src/store/case.ts",
    code: "if (value.case !== named.id)",
    without: "if (false)",
    ...edited,
  },
  {
    claim: "a gate that could not judge is no pass of a case",
    file: "src/domain/case/outcome.ts",
    code: 'if (verdict.ruling === "inconclusive") return untold(verdict);',
    without: "",
    test: "test/case/outcome.test.ts",
    named: "a gate that could not judge is no pass and no catch",
  },
  {
    claim: "a proposal does not choose where the model's key goes",
    file: "src/flow/case/live.ts",
    code: "engineOf(world, { against, config, agent })",
    without: "engineOf(world, { against, config: against.config, agent })",
    test: "test/case/live.test.ts",
    named: "a proposal does not choose the endpoint that is asked",
  },
  {
    claim: "the page that makes an app answers to its own name",
    code: "if (host !== door.host) return",
    without: "if (false) return",
    ...knocks,
  },
  {
    claim: "the page that makes an app is only looked at",
    code: 'if (method !== "GET") return',
    without: "if (false) return",
    ...knocks,
  },
  {
    claim: "the page that makes an app is where nobody can guess",
    code: "if (path === door.path) return",
    without: "if (path !== BACK) return",
    ...knocks,
  },
  {
    claim: "the page that makes an app answers to its own state",
    code: 'if (!isState(query.get("state") ?? "")) return',
    without: "if (false) return",
    ...knocks,
  },
  {
    claim: "a code of GitHub's leads nowhere else in its API",
    code: "return CODE.test(code) ?",
    without: 'return code !== "" ?',
    ...knocks,
  },
  {
    claim: "the page that makes an app serves one, once",
    file: "src/cli/app-door.ts",
    code: "if (taken) return",
    without: "if (false) return",
    test: "test/cli/app.test.ts",
    named: "of two who come with the same code at once, one is served",
  },
  {
    claim: "the page that makes an app listens to this machine only",
    file: "src/cli/app-door.ts",
    code: 'server.listen(parts.port, "127.0.0.1")',
    without: "server.listen(parts.port)",
    test: "test/cli/app.test.ts",
    named: "nobody is waited for for ever, and only this machine is listened to",
  },
  {
    claim: "an app's key goes into a file of one's own",
    file: "src/wire/app.ts",
    code: "{ secret: true }",
    without: "{}",
    test: "test/cli/app.test.ts",
    named: "the key ends in a file of one's own, and nowhere else",
  },
  {
    claim: "what GitHub answers instead of an app is told to nobody",
    file: "src/forge/github/conversion.ts",
    code: '"GitHub answered something else than an app with its key"',
    without: "`GitHub answered something else: ${JSON.stringify(body)}`",
    ...answered,
  },
  {
    claim: "what GitHub answers, and is no JSON, is told to nobody",
    file: "src/forge/github/conversion.ts",
    code: "await response.json().catch(() => null)",
    without: "await response.json()",
    ...answered,
  },
  {
    claim: "an app's name leads its key nowhere else",
    file: "src/forge/github/conversion.ts",
    code: "slug: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),",
    without: "slug: z.string(),",
    ...answered,
  },
];
