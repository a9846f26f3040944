import { Fault } from "../domain/fault.ts";
import { Login } from "../domain/id.ts";
import { stepLine } from "../domain/starter-words.ts";
import { Template, type Starter, type Wish } from "../domain/starter.ts";
import { init as begin } from "../flow/init.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** What `init` takes besides the options that every command takes. */
interface InitOptions extends Options {
  dryRun?: boolean;
  login?: string;
  remote?: string;
  template?: string;
}

/** `pullbeat init`: begins a fleet where one stands. Never overwrites; a second run changes nothing. */
export async function init(shell: Shell, _args: readonly string[], options: InitOptions): Promise<ExitCode> {
  const wish = wishOf(options);
  const dry = options.dryRun === true;
  const { openKit } = await import("../wire.ts");
  const starter = await begin(await openKit(shell.dir), wish, { dry });
  show(shell, reportOf(starter, { dry, wish }), () => lines(shell, starter, dry ? wish : null));
  return 0;
}

function wishOf({ template = "blank", login, remote }: InitOptions): Wish {
  const named = Template.safeParse(template);
  if (!named.success)
    throw new Fault("usage", `there is no template ${template}`, {
      expected: `one of ${Template.options.join(", ")}`,
    });
  if (remote !== undefined && remote !== "local")
    throw new Fault("usage", `--remote ${remote} is unknown`, {
      expected: "local: a bare repository beside the folder",
      next: `for a remote that there is: git remote add origin ${remote}`,
    });
  const called = login === undefined ? undefined : loginOf(login);
  return {
    template: named.data,
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
const commandOf = ({ template, local, login }: Wish): string =>
  [
    "pullbeat init",
    ...(template === "blank" ? [] : [`--template ${template}`]),
    ...(local ? ["--remote local"] : []),
    ...(login === undefined ? [] : [`--login ${login}`]),
  ].join(" ");

/** `agents/: ceo.md, faq.md`, a folder a line; a file that is alone in its folder as it is. */
const byFolder = (paths: readonly string[]): string[] =>
  [...Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf("/") + 1))].map(([folder, own]) =>
    folder === "" || own.length === 1
      ? own.join(", ")
      : `${folder}: ${own.map((path) => path.slice(folder.length)).join(", ")}`,
  );
