import { permissionsOf, speaking, type Voices } from "./identity.ts";
import { clone, indented, stepsFor, type ActionSource } from "./pins.ts";
import { again } from "./tick-jobs.ts";

export const PEOPLE = ".github/workflows/pullbeat-people.yml";
export const REVIEW = ".github/workflows/pullbeat-review.yml";

/**
 * A review starts its workflow from the merge of the pull, which the pull can change: so this one may do nothing and
 * does nothing. That it ended is what the other workflow waits for.
 */
export const reviewWorkflow =
  (): string => `# Written by \`pullbeat workflows\`. It may do nothing: a pull can change what stands here.
name: pullbeat review
on:
  pull_request_review:
    types: [submitted, dismissed]

permissions: {}

jobs:
  seen:
    if: github.event.review.user.type == 'User'
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
    steps:
      - run: "true"
`;

/** What people say and do on pulls and issues is answered within minutes; always from the base branch's own workflow. */
export function peopleWorkflow(source: ActionSource, voices: Voices): string {
  const pullbeat = stepsFor(source);
  const { before, token, env } = speaking(voices, pullbeat, { reviews: true });
  const more = env.length === 0 ? [] : ["env:", ...env.map((line) => `  ${line}`)];
  return `# Written by \`pullbeat workflows\`. Runs from the base branch alone, and looks at no pull's files.
name: pullbeat people
on:
  issue_comment:
    types: [created]
  # An issue with the label \`task\` becomes a task.
  issues:
    types: [opened, labeled]
  # For the moment at which a person closes or merges; the pull's own tree is never checked out.
  pull_request_target:
    types: [closed]
  workflow_run:
    workflows: [pullbeat review]
    types: [completed]

permissions: {}

# One settle looks at every pull: of those that wait, the newest does for all.
concurrency:
  group: pullbeat-people
  cancel-in-progress: false

jobs:
  settle:
    # Bots' words, the fleet's own among them, wake nobody, nor do strangers'. Who may order what is for pullbeat to say.
    if: >-
${wakers(voices)}
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
${permissionsOf(voices, { reviews: true, more: ["actions: write"] })}
    steps:
${indented(6, [
  ...clone('"${{ github.event.repository.default_branch }}"'),
  ...pullbeat.get,
  ...before,
  ...pullbeat.run({ job: "settle", token }, ["id: settle", ...more]),
  ...again("${{ github.event.repository.default_branch }}"),
])}
`;
}

/** A machine user is a person to GitHub, and what it does itself wakes nobody. */
const byOthers = ({ machines }: Voices): string =>
  machines.length === 0
    ? ""
    : `!contains(fromJSON('${JSON.stringify(machines)}'), github.event.sender.login) && `;

/** Comments and issues of people who belong here, and what people do to pulls. */
const wakers = (voices: Voices): string => `      ${byOthers(voices)}((github.event_name == 'issue_comment'
      && (github.event.issue.pull_request || startsWith(github.event.comment.body, '/pullbeat'))
      && github.event.comment.user.type == 'User'
      && contains(fromJSON('["OWNER", "MEMBER", "COLLABORATOR"]'), github.event.comment.author_association))
      || (github.event_name == 'issues' && contains(github.event.issue.labels.*.name, 'task')
      && github.event.issue.user.type == 'User'
      && contains(fromJSON('["OWNER", "MEMBER", "COLLABORATOR"]'), github.event.issue.author_association))
      || (github.event_name == 'pull_request_target' && github.event.sender.type == 'User')
      || (github.event_name == 'workflow_run' && github.event.workflow_run.conclusion == 'success'))`;
