import { TICK } from "../actions/tick-workflow.ts";
import { LATER } from "./starter-hub.ts";
import type { Found, Step, Wish } from "./starter.ts";

/** A command to type next, and what for. */
export interface NextCommand {
  command: string;
  about: string;
}

/** What a step did, or would do. */
export function stepLine(step: Step): string {
  switch (step.kind) {
    case "init":
      return `git init, on branch ${step.branch}`;
    case "write":
      return `${step.files.size} files`;
    case "commit":
      return `the first commit, "${step.message}": ${step.paths.length} files, by ${step.who.email}`;
    case "remote":
      return `${step.path}, a bare repository, as the remote origin`;
    case "push":
      return `${step.branch} pushed to origin`;
    default:
      return step satisfies never;
  }
}

interface Stage {
  found: Found;
  wish: Wish;
  branch: string;
  steps: readonly Step[];
}

/** The next three commands, in the order in which one types them. */
export function nextOf(stage: Stage): NextCommand[] {
  if (stage.wish.github !== undefined) return [...saving(stage), ...remoteOrPush(stage), ...onHub(stage)];
  const all = [...saving(stage), ...remoteOrPush(stage), CHECK, planOf(stage.wish), tickOf(stage.wish)];
  // What is to be saved or pushed first comes before a look at it.
  const kept = all.length > 3 ? all.filter((c) => c !== CHECK) : all;
  return kept.slice(0, 3);
}

/** GitHub itself must be told some things, too. The doctor knows which, and in which order. */
function onHub({ found, wish: { github } }: Stage): NextCommand[] {
  const knows = github?.source !== null || found.there.has(TICK);
  return [
    ...(knows ? [] : [{ command: LATER, about: "once there is a release to name; then commit and push" }]),
    {
      command: "GITHUB_TOKEN=$(gh auth token) pullbeat doctor",
      about: "what GitHub must still be told, in order: settings, secrets, rules",
    },
  ];
}

const CHECK = { command: "pullbeat check", about: "names every mistake with line and column" };

/** Without a key, agents whose models are not played rest. */
const planOf = ({ template }: Wish): NextCommand => ({
  command: template === "studio" ? "PULLBEAT_SCRIPTS=scripts pullbeat plan" : "pullbeat plan",
  about: "what a tick would do, and why; writes nothing",
});

function tickOf({ template }: Wish): NextCommand {
  return template === "studio"
    ? {
        command: "PULLBEAT_SCRIPTS=scripts pullbeat tick",
        about: "lets who is due work; models are played from scripts/, so no key is needed",
      }
    : {
        command: "pullbeat tick",
        about: "lets who is due work; set OPENAI_API_KEY to the model's key first",
      };
}

const has = ({ steps }: Stage, kind: Step["kind"]): boolean => steps.some((s) => s.kind === kind);

/** Where there were commits before, adding one is the person's. */
function saving(stage: Stage): NextCommand[] {
  const { found } = stage;
  const open = found.unseen.uncommitted || has(stage, "write");
  if (!open || has(stage, "commit")) return [];
  const tops = [...new Set([...found.template.keys()].map((path) => path.split("/", 1)[0]))];
  const command = `git add ${tops.join(" ")} && git commit -m "Begin a fleet"`;
  return [{ command, about: "look at what was written, then keep it" }];
}

function remoteOrPush(stage: Stage): NextCommand[] {
  const { found, wish, branch } = stage;
  const here = found.branch ?? branch;
  if (found.origin === null && wish.github !== undefined)
    return [
      {
        command: "gh repo create --private --source . --remote origin --push",
        about: `a repository on GitHub; or one that you have: git remote add origin <url> && git push -u origin ${here}`,
      },
    ];
  if (found.origin === null && !has(stage, "remote"))
    return [
      {
        command: `pullbeat init${wish.template === "blank" ? "" : ` --template ${wish.template}`} --remote local`,
        about: `a bare repository ${found.beside.path} as the remote; or one that you have: git remote add origin <url> && git push -u origin ${here}`,
      },
    ];
  const isSaved = saving(stage).length === 0;
  const isBehind = has(stage, "commit") || found.unseen.unpushed;
  if (isSaved && (has(stage, "push") || !isBehind)) return [];
  const merge = here === branch ? "" : `; then merge ${here} into ${branch}`;
  return [{ command: `git push -u origin ${here}`, about: `the fleet reads the remote${merge}` }];
}
