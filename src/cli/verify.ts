import { openLibrary } from "../domain/evidence/library.ts";
import { verify as verifyText, type Rules } from "../domain/evidence/verify.ts";
import { Fault } from "../domain/fault.ts";
import type { Pages } from "../port/pages.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** A link, as `--json` shows it: what the text states, and what stands at the source. */
interface LinkLine {
  file: string;
  line: number;
  text: string;
  target: string;
  ok: boolean;
  expected: string;
  found: string | null;
  reason: string | null;
}

interface Report {
  ok: boolean;
  links: LinkLine[];
  unproved: { file: string; line: number; number: string; text: string }[];
  /** Files that could not be read for sure. */
  unread: { file: string; reason: string }[];
}

/** `pullbeat verify`: exit code 1 when a statement is not proved. Needs no fleet and no remote. */
export async function verify(shell: Shell, files: readonly string[], options: Options): Promise<ExitCode> {
  const rules = rulesOf(options);
  const { openPages } = await import("../wire.ts");
  const pages = await openPages(shell.dir, options.base);
  const paths = await Promise.all(files.map((file) => pages.locate(file)));
  const report: Report = { ok: true, links: [], unproved: [], unread: [] };
  for (const path of new Set(paths)) await readPage(path, { pages, rules, own: new Set(paths) }, report);
  report.ok = report.links.every((l) => l.ok) && report.unproved.length === 0 && report.unread.length === 0;
  show(shell, report, () => lines(shell, report));
  return report.ok ? 0 : 1;
}

function rulesOf({ strict = false, identity = "on" }: Options): Rules {
  if (identity !== "on" && identity !== "off")
    throw new Fault("usage", `--identity ${identity} is unknown`, { expected: "on or off" });
  return { strict, identity: identity === "on", percent: [], closed: () => null };
}

/** The pages themselves are read from the work tree, also where they prove each other. */
async function readPage(
  file: string,
  { pages, rules, own }: { pages: Pages; rules: Rules; own: ReadonlySet<string> },
  report: Report,
): Promise<void> {
  const text = await pages.text(file);
  if (text === null)
    throw new Fault("not-found", `there is no text file ${file} in the work tree`, {
      expected: "a markdown file",
      next: "git ls-files '*.md'",
    });
  const library = openLibrary({
    read: (path) => (own.has(path) ? pages.text(path) : pages.source(path)),
    front: (page) => pages.front(page),
  });
  const read = await verifyText({ path: file, text }, library, rules);
  if ("fault" in read) {
    report.unread.push({ file, reason: read.fault });
    return;
  }
  for (const { line, text: said, target, ok, found, reason } of read.links)
    report.links.push({ file, line, text: said, target, ok, expected: said, found, reason });
  report.unproved.push(...read.unproved.map((u) => ({ file, ...u })));
}

function lines({ terminal }: Shell, { links, unproved, unread, ok }: Report): string[] {
  const wrong = links.filter((l) => !l.ok);
  const told = [
    ...unread.map((u) => `${u.file}  ${terminal.red("unread")}  ${u.reason}`),
    ...wrong.map(
      (l) => `${l.file}:${l.line}  ${terminal.red("wrong")}  [${l.text}](${l.target}): ${l.reason ?? ""}`,
    ),
    ...unproved.map((u) => `${u.file}:${u.line}  ${terminal.red("no link")}  ${u.number}: "${u.text}"`),
  ].flatMap((line) => wrap(line, terminal.columns, "    "));
  const counts = `${links.length - wrong.length} of ${links.length} links hold`;
  const summary =
    unproved.length === 0
      ? counts
      : `${counts}, ${unproved.length === 1 ? "1 number has" : `${unproved.length} numbers have`} none`;
  return [...told, ok ? terminal.green(`ok: ${summary}`) : terminal.red(summary)];
}
