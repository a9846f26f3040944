import { Fault, sentence } from "../domain/fault.ts";
import type { Login } from "../domain/id.ts";
import type { Fleet } from "../domain/snapshot.ts";
import { save as saveFile, type Ground, type Page, type Saved } from "../flow/save.ts";
import type { Home } from "../port/home.ts";
import { edit, type Edited } from "./editor.ts";
import { wrap } from "./layout.ts";
import { whoami, type Options, type Shell } from "./shell.ts";

/** What each command that writes a file takes. */
export interface WriteOptions extends Options {
  edit?: boolean;
  /** False: `--no-push`. */
  push?: boolean;
}

/** What a command decides with. */
export interface Bench {
  home: Home;
  ground: Ground;
  /** Who sits here. */
  login: Login;
  /** Opens a text in an editor, the first time; later tries get what was written then. */
  edit: (name: string, text: string) => Promise<string>;
}

/** What a command writes. */
interface Writing {
  compose: (bench: Bench) => Promise<Page | null>;
  /** What to do with the text that somebody wrote in an editor, when it was not taken: the file in which it lies. */
  rescue: (file: string) => string;
}

/** Writes what a command composes; null when there was nothing to change. A text that was typed is never lost. */
export async function write(
  shell: Shell,
  options: WriteOptions,
  { compose, rescue }: Writing,
): Promise<Saved | null> {
  const { openHome } = await import("../wire.ts");
  const home = await openHome(shell.dir);
  const isPushed = options.push !== false && (await home.hasRemote());
  const world = isPushed ? await shell.open() : null;
  const login = (fleet: Fleet): Promise<Login> => whoami(shell, fleet, options.as);
  let edited: Edited | undefined;
  const once = async (name: string, text: string): Promise<string> =>
    (edited ??= await edit(home, name, text)).text;
  try {
    const saved = await saveFile({
      home,
      world,
      now: shell.now ?? new Date(),
      dry: options.dryRun === true,
      who: async (fleet) => signature(home, fleet, await login(fleet)),
      compose: async (ground) => compose({ home, ground, login: await login(ground.fleet), edit: once }),
    });
    await edited?.forget();
    return saved;
  } catch (thrown) {
    throw edited === undefined ? thrown : withText(thrown, rescue(edited.file));
  }
}

/** As git knows the person; where it does not, as the roster does. */
async function signature(
  home: Home,
  { config }: Fleet,
  login: Login,
): Promise<{ name: string; email: string }> {
  const { name, email } = await home.identity();
  const known = email ?? config.roster.find((p) => p.login === login)?.emails[0];
  if (known !== undefined) return { name: name ?? login, email: known };
  throw new Fault("refused", "git does not know your e-mail address", {
    next: "git config --global user.email you@example.com",
  });
}

/** Whatever stopped it, what somebody wrote in their editor is still there. */
function withText(thrown: unknown, kept: string): Fault {
  const fault = thrown instanceof Fault ? thrown : new Fault("broken", sentence(thrown));
  const { code, message, expected, where, next } = fault;
  return new Fault(code, message, {
    ...(expected === undefined ? {} : { expected }),
    ...(where === undefined ? {} : { where }),
    next: next === undefined ? kept : `${next}; ${kept}`,
    cause: thrown,
  });
}

/** A new file can be put where it was to go by hand. */
export const rescued =
  (path: () => string) =>
  (file: string): string =>
    `your text lies in ${file}: mend it, move it to ${path()}, commit and push`;

/** The same facts under `--json`, whatever was written. */
export const savedRow = ({ page, branch, commit, pushed, apart, notes }: Saved, dryRun: boolean) => ({
  file: page.path,
  branch,
  commit,
  pushed,
  dryRun,
  onDisk: page.onDisk ?? null,
  apart,
  notes,
  text: page.text,
});

/** What became of a file, in lines. */
export function savedLines({ terminal }: Shell, saved: Saved, dryRun: boolean): string[] {
  const { dim, yellow, columns } = terminal;
  const { page, apart, notes } = saved;
  return [
    `${page.path}: ${endOf(saved, dryRun)}`,
    ...(apart === null ? [] : [yellow(apart)]),
    ...notes.flatMap((n) =>
      wrap(`${n.file}:${n.line}:${n.column}  ${dim("note")}  ${n.message}`, columns, "    "),
    ),
    ...(page.before === undefined ? wholeText(page, dryRun) : changedLines(page.before, page.text)),
  ];
}

/** A new file is shown where nobody can look at it yet. */
const wholeText = ({ text }: Page, dryRun: boolean): string[] =>
  dryRun ? ["", ...text.trimEnd().split(/\r?\n/)] : [];

/** More than that is for `git show`. */
const MOST = 20;

/** Lines that went and lines that came, each as often as it did. */
function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const lines = [
    ...without(old, now).map((line) => `- ${line}`),
    ...without(now, old).map((line) => `+ ${line}`),
  ];
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const stock = new Map<string, number>();
  for (const line of others) stock.set(line, (stock.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const left = stock.get(line) ?? 0;
    stock.set(line, left - 1);
    return left <= 0;
  });
}

/** As a shell takes it for one word. */
const quoted = (path: string): string =>
  /^[\p{L}\p{M}\p{N}_./@-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;

function endOf({ page, branch, commit, pushed }: Saved, dryRun: boolean): string {
  const { onDisk, path } = page;
  if (onDisk !== undefined) {
    const did = dryRun ? "would be changed on the disk" : "changed on the disk";
    return onDisk === "uncommitted"
      ? `${did}, where it is not committed yet; git add ${quoted(path)} && git commit && git push`
      : `${did}; your last commit of it is not pushed yet: git commit ${quoted(path)} && git push`;
  }
  if (commit === null) return `would be committed to ${branch}`;
  const at = commit.slice(0, 7);
  return pushed ? `pushed to ${branch} as ${at}` : `committed to ${branch} as ${at}, and not pushed`;
}
