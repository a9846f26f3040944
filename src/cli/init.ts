import { Fault } from "../domain/fault.ts";
import { Login } from "../domain/id.ts";
import { isOnGithub } from "../domain/starter/starter-hub.ts";
import { stepLine } from "../domain/starter/starter-words.ts";
import { Template, type Starter, type Wish } from "../domain/starter/starter.ts";
import { init as begin } from "../flow/init.ts";
import type { Kit } from "../port/starter.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { monthLine } from "./month.ts";
import { show, type Options, type Shell } from "./shell.ts";
import { pinned } from "./workflows.ts";

/** What `init` takes besides the options that every command takes. */
interface InitOptions extends Options {
  action?: string;
  github?: boolean;
  dryRun?: boolean;
  login?: string;
  remote?: string;
  template?: string;
}

/** `pullbeat init`: begins a fleet where one stands. Never overwrites; a second run changes nothing. */
export async function init(shell: Shell, _args: readonly string[], options: InitOptions): Promise<ExitCode> {
  const dry = options.dryRun === true;
  const { openKit } = await import("../wire.ts");
  const kit = await openKit(shell.dir);
  const plain = wishOf(options);
  const wish = (await wantsGithub(shell, kit, options)) ? onGithub(plain, shell, options) : plain;
  const starter = await begin(kit, wish, { dry });
  show(shell, reportOf(starter, { dry, wish }), () => lines(shell, starter, dry ? wish : null));
  return 0;
}

/** Said, or asked where the remote is on GitHub and somebody sits here to be asked. */
async function wantsGithub({ ask }: Shell, kit: Kit, options: InitOptions): Promise<boolean> {
  if (options.action !== undefined || options.github !== undefined) return options.github !== false;
  if (ask === undefined || options.remote !== undefined) return false;
  const { origin, there } = await kit.look(templateOf(options));
  if (!isOnGithub(origin) || there.has(CONFIG)) return false;
  return /^y(?:es)?$/i.test((await ask(`origin is ${origin}. ${QUESTION}`)) ?? "");
}

const CONFIG = ".github/pullbeat.yml";
const QUESTION = "Shall pulls be pull requests there, and Actions let the fleet work by its schedules? [y/N]";

const onGithub = (wish: Wish, { now }: Shell, { action }: InitOptions): Wish => ({
  ...wish,
  github: { source: action === undefined ? null : pinned(action), now: now ?? new Date() },
});

function templateOf({ template = "blank" }: InitOptions): Template {
  const named = Template.safeParse(template);
  if (named.success) return named.data;
  throw new Fault("usage", `there is no template ${template}`, {
    expected: `one of ${Template.options.join(", ")}`,
  });
}

function wishOf(options: InitOptions): Wish {
  const { login, remote } = options;
  if (remote !== undefined && remote !== "local")
    throw new Fault("usage", `--remote ${remote} is unknown`, {
      expected: "local: a bare repository beside the folder",
      next: `for a remote that there is: git remote add origin ${remote}`,
    });
  const called = login === undefined ? undefined : loginOf(login);
  return {
    template: templateOf(options),
    local: remote === "local",
    ...(called === undefined ? {} : { login: called }),
  };
}

function loginOf(text: string): Login {
  const login = Login.safeParse(text);
  if (login.success) return login.data;
  throw new Fault("usage", `--login ${text} is no account name`, {
    expected: "letters, digits and hyphens between them, at most 39",
  });
}

const written = ({ steps }: Starter): string[] =>
  steps.flatMap((s) => (s.kind === "write" ? [...s.files.keys()] : []));

/** `did` holds what was done, or what would be done in a dry run. */
const reportOf = (starter: Starter, { dry, wish }: { dry: boolean; wish: Wish }) => ({
  template: wish.template,
  dryRun: dry,
  branch: starter.branch,
  written: written(starter),
  same: starter.same,
  kept: starter.kept,
  did: starter.steps.map((step) => ({ kind: step.kind, what: stepLine(step) })),
  notes: starter.notes,
  month: starter.month,
  next: starter.next,
});

/** `dry`: what was wished for in a dry run; null in a real one. */
function lines({ terminal }: Shell, starter: Starter, dry: Wish | null): string[] {
  const { green, dim, yellow, bold, columns } = terminal;
  const rows = [
    ...byFolder(written(starter)).map((files) => [green(dry !== null ? "would write" : "wrote"), files]),
    ...byFolder(starter.same).map((files) => [dim("there already"), files]),
    ...starter.kept.map((path) => [yellow("kept"), `${path}: yours differs from the template's`]),
    ...starter.steps
      .filter((s) => s.kind !== "write")
      .map((s) => [green(dry !== null ? "would do" : "did"), stepLine(s)]),
    [dim("base branch"), starter.branch],
    ...(starter.month === null ? [] : [[dim("a month"), monthLine(starter.month)]]),
    ...starter.notes.map((note) => [yellow("note"), note]),
  ];
  const idle = starter.steps.length === 0 ? ["nothing to do: everything is there"] : [];
  return [
    ...table(rows, columns),
    ...idle,
    "",
    bold("Next:"),
    ...(dry === null
      ? table(
          starter.next.map((n) => [`  ${n.command}`, n.about]),
          columns,
        )
      : [`  ${commandOf(dry)}`]),
  ];
}

/** The command line that does what a dry run told. */
const commandOf = ({ template, local, login, github }: Wish): string =>
  [
    "pullbeat init",
    ...(template === "blank" ? [] : [`--template ${template}`]),
    ...(local ? ["--remote local"] : []),
    ...(github === undefined ? [] : ["--github"]),
    ...(github?.source?.kind === "pinned" ? [`--action "${github.source.uses}"`] : []),
    ...(github?.source?.kind === "own" ? [`--action .@${github.source.tag}`] : []),
    ...(login === undefined ? [] : [`--login ${login}`]),
  ].join(" ");

/** `agents/: ceo.md, faq.md`, a folder a line; a file that is alone in its folder as it is. */
const byFolder = (paths: readonly string[]): string[] =>
  [...Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf("/") + 1))].map(([folder, own]) =>
    folder === "" || own.length === 1
      ? own.join(", ")
      : `${folder}: ${own.map((path) => path.slice(folder.length)).join(", ")}`,
  );
