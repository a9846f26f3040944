import { nearest } from "../domain/text/near.ts";
import { added, deleted, type GateInput } from "./gate.ts";

/** Where what the agent says it did is not what the change shows. */
export function claimProblems(input: GateInput): string[] {
  const { said } = input;
  if (said === null) return [];
  const { changed = [], created = [] } = said.claims;
  const paths = new Set(input.changes.map((c) => c.path));
  const tasks = new Set(newTasks(input));
  return [
    ...unmet(changed, paths, (path) => `you claim to have changed ${path}, and the change does not touch it`),
    ...unmet(
      created,
      tasks,
      (id) => `you claim to have made the task ${id}, and the change holds no such task`,
    ),
    ...saidOf(said.summary, { paths, tasks, ran: input.agent.spec.engine.kind === "command" }),
  ];
}

const newTasks = ({ changes }: GateInput): string[] =>
  changes.flatMap((c) =>
    added(c) && !deleted(c) ? (/^board\/(T-[a-z0-9]{4,12})(?:-[^/]*)?\.md$/.exec(c.path)?.[1] ?? []) : [],
  );

function unmet(
  claims: Iterable<string>,
  facts: ReadonlySet<string>,
  says: (claim: string) => string,
): string[] {
  return [...new Set(claims)]
    .filter((claim) => !facts.has(claim))
    .map((claim) => {
      const meant = nearest(claim, facts);
      return `${says(claim)}${meant === null ? "" : `; did you mean ${meant}?`}`;
    });
}

/** Verbs of a change, with the files that directly follow: `Updated docs/a.md and docs/b.md`. */
const PATH = "`?(?:[\\w.-]{1,60}/){1,8}[\\w.-]{0,60}\\.[a-z]\\w{0,9}`?";
const JOINED = `${PATH}(?:(?:,| and|, and) ${PATH}){0,10}`;
const CHANGED = new RegExp(
  `(?<!not |never |nothing |n't )\\b(?:added|changed|corrected|created|edited|extended|fixed|improved|made|mended|rewrote|updated|wrote) (?:the |a |an )?(?:new )?(?:file |page |report )?(${JOINED})`,
  "giu",
);
const CREATED =
  /(?<!not |never |n't )\b(?:added|created|filed|made|opened|proposed) (?:the |a |an )?(?:new )?(?:follow-up )?(?:task )?`?(T-[a-z0-9]{4,12})\b/giu;
const TESTED =
  /(?<!not |never |n't |no )\b(?:ran|run|executed|re-?ran) (?:the |all |all the |every |its |our )?(?:unit |whole )?(?:tests?|test suite|suite)\b|\b(?:all |the )?tests? (?:pass|passed|are green|succeeded)\b/iu;

/** The same, of a summary's plain sentences. What is not clearly a claim is left to the reader. */
function saidOf(
  summary: string,
  { paths, tasks, ran }: { paths: ReadonlySet<string>; tasks: ReadonlySet<string>; ran: boolean },
): string[] {
  const files = [...summary.matchAll(CHANGED)].flatMap(
    ([, list = ""]) => list.match(new RegExp(PATH, "giu")) ?? [],
  );
  const ids = [...summary.matchAll(CREATED)].flatMap(([, id]) => id ?? []);
  const bare = files.map((f) => f.replaceAll("`", "").replace(/\.$/, ""));
  return [
    ...unmet(
      bare,
      paths,
      (path) => `the summary says that you changed ${path}, and the change does not touch it`,
    ),
    ...unmet(ids, tasks, (id) => `the summary says that you made ${id}, and the change holds no such task`),
    ...(!ran && TESTED.test(summary)
      ? ["the summary says that tests ran, and none of your tools runs any: say only what you did"]
      : []),
  ];
}
