import { writeFile } from "node:fs/promises";
import { codeIn } from "../domain/app/door.ts";
import {
  appNameFor,
  isAppName,
  manifestOf,
  ROLES,
  type MadeApp,
  type Manifest,
  type Role,
} from "../domain/app/manifest.ts";
import { askingPage, madePage } from "../domain/app/page.ts";
import { APP_FAULTS, appSteps, installOf } from "../domain/app/words.ts";
import { Fault } from "../domain/fault.ts";
import type { AppOffice } from "../wire/app.ts";
import { secretWord, waitAtDoor } from "./app-door.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { jsonOf } from "./terminal.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** How long somebody may take on GitHub's page. */
const MINUTES = 15;

interface Task {
  role: Role;
  office: AppOffice;
  name: string;
  /** `owner/name`. */
  repository: string;
  state: ReturnType<typeof secretWord>;
}

/** `pullbeat app`: a GitHub App out of a manifest. The private key is written to a file, and printed nowhere. */
export async function app(shell: Shell, _: readonly string[], options: Options): Promise<ExitCode> {
  const { appOffice } = await import("../wire/app.ts");
  const office = await appOffice(shell.dir);
  const { owner, name: short } = office.repository;
  const role = options.reviewer === true ? ROLES.reviewer : ROLES.fleet;
  const task = {
    role,
    office,
    name: nameOf(role, office, options),
    repository: `${owner}/${short}`,
    state: secretWord(),
  };
  if (options.dryRun === true) return tell(shell, manifestFor(task));
  const made =
    options.page === undefined
      ? await byDoor(shell, task, options)
      : await byPaste(shell, task, options.page);
  const steps = appSteps(made.app, { role, host: office.host, repository: task.repository, key: made.key });
  const { id, slug, owner: of, page } = made.app;
  show(
    shell,
    { app: { id, slug, owner: of, account: `${slug}[bot]`, page }, key: made.key, next: steps },
    () => [
      `${shell.terminal.green("made")} ${slug}, number ${id}, of ${of}: ${page}`,
      `Its private key lies in ${made.key}, for you alone to read.`,
      "",
      shell.terminal.bold("Next:"),
      ...table(
        steps.map(({ command, about }) => [`  ${command}`, about]),
        shell.terminal.columns,
      ),
    ],
  );
  return 0;
}

function nameOf(
  role: Role,
  { repository }: AppOffice,
  { name = appNameFor(role, repository) }: Options,
): string {
  if (isAppName(name)) return name;
  throw new Fault("usage", `--name ${name} is no name for an app`, {
    expected: "at most 34 letters, digits, blanks, dots and hyphens",
  });
}

const manifestFor = ({ role, office, name, repository }: Task, redirect?: string): Manifest =>
  manifestOf({
    role,
    name,
    web: `${office.host}/${repository}`,
    ...(redirect === undefined ? {} : { redirect }),
  });

const pageFor = (task: Task, redirect: string): string =>
  askingPage({
    role: task.role,
    manifest: manifestFor(task, redirect),
    host: task.office.host,
    owner: task.office.repository.owner,
    repository: task.repository,
    state: task.state.word,
  });

/** The manifest as it is, for those who go another way. */
function tell(shell: Shell, manifest: Manifest): ExitCode {
  show(shell, { manifest }, () => jsonOf(manifest).split("\n"));
  return 0;
}

interface Made {
  app: MadeApp;
  key: string;
}

/** The key is on the disk before anybody hears that there is an app. */
async function take({ office }: Task, code: string): Promise<Made> {
  const made = await office.convert(code);
  return { app: made, key: await office.keepKey(made) };
}

async function byDoor({ terminal }: Shell, task: Task, { port = "0" }: Options): Promise<Made> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Fault("usage", `--port ${port} is no port`, { expected: "a number up to 65535" });
  return waitAtDoor({
    port: Number(port),
    minutes: MINUTES,
    state: task.state,
    page: (redirect) => pageFor(task, redirect),
    open(url) {
      // Whoever reads the answer by program still has to open the page.
      terminal.err(`Open this page in a browser on this machine, within ${MINUTES} minutes:\n  ${url}`);
    },
    async take(code) {
      const made = await take(task, code);
      return { value: made, page: madePage(made.app, installOf(task.office.host, made.app)) };
    },
  });
}

/** Nothing listens at the page's address, so the browser stops there, with the code in its address bar. */
async function byPaste({ ask }: Shell, task: Task, file: string): Promise<Made> {
  await writeFile(file, pageFor(task, "http://127.0.0.1:65535/made"), { mode: 0o600 });
  const said = await ask?.(
    `Open ${file} in a browser, on whatever machine. When GitHub is done, the browser ends at a page that does not load.\nPaste its address here:`,
  );
  if (typeof said !== "string") throw APP_FAULTS.unasked();
  const answer = codeIn(said, { isState: task.state.is });
  if (answer.kind !== "code") throw APP_FAULTS.refused(answer.kind === "refused" ? answer.why : "no code");
  return take(task, answer.code);
}
