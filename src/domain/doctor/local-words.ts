import type { Finding } from "../finding.ts";
import { all, counted } from "../reason.ts";
import { note, untold, wrong, type Diagnosis, type Trouble } from "./facts.ts";

const CONFIG = ".github/pullbeat.yml";

/** Every sentence of the doctor's about machine, clone and fleet. */
export const LOCAL = {
  trouble: ({ what, next }: Trouble): Diagnosis => wrong("repository", what, next),
  git: (version: string): Diagnosis =>
    wrong("git", `git ${version} is too old for pullbeat`, "install git 2.39 or newer, then `git --version`"),
  node: (version: string): Diagnosis =>
    wrong(
      "node",
      `node ${version} is too old for pullbeat`,
      "install node 22.18 or newer (https://nodejs.org)",
    ),
  remote: (): Diagnosis =>
    wrong(
      "remote",
      "there is no remote origin, and the fleet lives in it",
      "git remote add origin <url> && git push -u origin HEAD; or pullbeat init --remote local",
    ),
  doubt: (doubt: string): Diagnosis => untold("remote-silent", doubt, "git ls-remote origin"),
  base: (): Diagnosis =>
    wrong("base", "the remote has no base branch that its HEAD names", "git push -u origin HEAD"),
  sealed: (folders: readonly string[]): Diagnosis =>
    wrong(
      "sealed",
      `you may not write to ${counted(folders.length, "folder")} of this clone, so no tick can work in it: ${some(folders)}`,
      `ls -ld ${folders[0]} shows who may; whoever ticks must be able to, or tick in a clone of their own`,
    ),
  clash: (branch: string): Diagnosis =>
    wrong(
      "clash",
      `a branch is called ${branch}, so the fleet's own branches, pullbeat/…, cannot be made`,
      branch.startsWith("origin/")
        ? `git fetch origin && git push origin ${branch}:refs/heads/other :refs/heads/${branch.slice(7)}`
        : `git branch --move ${branch} other`,
    ),
  tip: ({ what, next }: Trouble): Diagnosis => wrong("tip", what, next),
  policy: ({ rule, file, message }: Finding): Diagnosis =>
    wrong(rule, message, `edit ${file}, then pullbeat policy lint`),
  accounts: (logins: readonly string[]): Diagnosis =>
    wrong(
      "account-on-roster",
      `${all(logins)} is on the roster and an account of the fleet, so nothing that is said in that name counts`,
      `take it from \`roster\`, or give the fleet another account (\`forge.account\`, \`fleet.accounts\`) in ${CONFIG}`,
    ),
  unable: (why: string, agents: readonly string[]): Diagnosis =>
    wrong(
      "key",
      `${all(agents)} cannot work here: ${why}`,
      /set ([A-Z_][A-Z0-9_]*)$/.test(why)
        ? `export ${why.slice(why.lastIndexOf(" ") + 1)}=… where ticks run`
        : null,
    ),
  unreadable: (files: readonly string[]): Diagnosis =>
    wrong(
      "unreadable",
      `${counted(files.length, "file")} of the fleet cannot be read: ${some(files)}`,
      "pullbeat check",
    ),
  journal: (files: readonly string[]): Diagnosis =>
    wrong(
      "journal",
      `${counted(files.length, "file")} of the journal cannot be read, and what rests on them is stopped: ${some(files)}`,
      "git log origin/pullbeat/journal -- <file> shows who wrote it; put the readable version back by a commit on that branch",
    ),
  broken: (findings: readonly Finding[]): Diagnosis =>
    wrong(
      "check",
      `${counted(findings.length, "mistake")} between files, such as ${findings[0]?.file}: ${findings[0]?.message}`,
      "pullbeat check",
    ),
  asleep: ({ late, digest, last }: Sleep): Diagnosis =>
    wrong(
      "asleep",
      `no tick has come: ${all(open(late, digest))}; ${last === null ? "there is no record yet" : `the last record is of ${last}`}`,
      "pullbeat tick does it once; then see what should start it (crontab -l, or the Actions page: GitHub stops schedules after 60 quiet days)",
    ),
  missed: (slots: number): Diagnosis =>
    note(
      "missed",
      `${counted(slots, "slot")} of the last 7 days ended as missed: ticks come less often than schedules ask`,
      "let ticks come more often, or agents less",
    ),
  schemas: (files: readonly string[]): Diagnosis =>
    wrong(
      "schemas",
      `editors check against another pullbeat's schemas: ${all(files)}`,
      `git rm ${files.join(" ")} && pullbeat init, then commit and push`,
    ),
} as const;

/** Slots that nobody came for, oldest first, the day whose digest is due, and when the newest record began. */
interface Sleep {
  late: readonly { agent: string; at: string }[];
  digest: string | null;
  last: string | null;
}

function open(late: Sleep["late"], digest: string | null): string[] {
  const agents = [...new Set(late.map((l) => l.agent))];
  const slots = `${counted(late.length, "slot")} of ${all(agents)} open since ${late[0]?.at}`;
  return [...(late.length === 0 ? [] : [slots]), ...(digest === null ? [] : [`no digest of ${digest}`])];
}

/** A few of many, by name. */
const some = (files: readonly string[]): string =>
  files.length <= 3 ? all(files) : `${files.slice(0, 3).join(", ")} and ${files.length - 3} more`;
