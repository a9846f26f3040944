import { quote } from "../text/clean.ts";
import { first } from "../pull/review-text.ts";
import { Timezone } from "../time/schedule.ts";
import type { Decidable } from "./decide.ts";
import type { Grouped, Landed } from "./done.ts";
import type { DigestFacts } from "./facts.ts";
import {
  code,
  count,
  dayInWords,
  dollars,
  fileLink,
  grouped,
  inline,
  lasting,
  titled,
  whenInWords,
} from "./phrase.ts";
import type { SpentSince } from "./spent.ts";
import type { Stuck } from "./stuck.ts";

/** Lines of a section at most; on a phone nobody reads more. */
const MOST = 12;

/**
 * The digest as markdown: what one person must know, in two minutes, on a phone. Words of agents stand inside lines of
 * ours or quoted. The last line anchors the journal's head.
 */
export function digest(facts: DigestFacts): string {
  const sections: readonly Section[] = [
    { title: "Decide now", quiet: "decisions", lines: numbered(facts.decide, facts.at) },
    { title: "Stuck", quiet: "stuck", lines: first(facts.stuck, MOST, stuckLine) },
    { title: "Landed", quiet: "landed", lines: first(facts.landed, MOST, landedLine) },
    { title: "Failed", quiet: "failed", lines: first(facts.failed, MOST, failedLine) },
    { title: "Rested", quiet: "rested", lines: restedLines(facts.rested) },
    { title: "Spent", quiet: "spent", lines: spentLines(facts.spent) },
  ];
  const loud = sections.filter((s) => s.lines.length > 0);
  const quiet = sections.slice(1).filter((s) => s.lines.length === 0);
  return `${[
    `# ${dayInWords(facts.date)}`,
    headline(facts),
    ...loud.map(({ title, lines }) => [`## ${title}`, "", ...lines].join("\n")),
    ...(loud.length === 0 || quiet.length === 0 ? [] : [`Quiet: ${quiet.map((s) => s.quiet).join(", ")}.`]),
    nextLine(facts),
    anchorLine(facts),
  ].join("\n\n")}\n`;
}

interface Section {
  title: string;
  /** The one word that stands for it when there is nothing to say. */
  quiet: string;
  lines: string[];
}

/** How things stand, and what happened since. */
function headline({ decide, stuck, landed, failed, since, at }: DigestFacts): string {
  const stands = decide.length === 0 ? "Nothing waits for you" : `**${decide.length} for you to decide**`;
  const happened = [
    ...(landed.length === 0 ? [] : [`${landed.length} landed`]),
    ...(failed.length === 0 ? [] : [`${failed.reduce((n, f) => n + f.times, 0)} failed`]),
  ].join(", ");
  const span = lasting(since, at).replace(/^1 /, "");
  return `${stands}${stuck.length === 0 ? "" : `, ${stuck.length} stuck`}. In the last ${span} ${happened || "nothing landed or failed"}.`;
}

function numbered(decide: readonly Decidable[], at: string): string[] {
  const items = decide.slice(0, MOST).flatMap((d, i) => decideLines(d, i + 1, at));
  const more = decide.length - MOST;
  return more > 0 ? [...items, "", `… and ${more} more: ${code("pullbeat pull list")}`] : items;
}

function decideLines(item: Decidable, n: number, at: string): string[] {
  const { pull, title, agent, why, opened, behind, command } = item;
  const told = [
    ...(agent === null ? [] : [agent]),
    inline(why, 160),
    `${lasting(opened, at)} old`,
    costWords(item),
    ...(behind.length === 0 ? [] : [`**${count(behind.length, "task")} behind it**`]),
  ];
  const front = `${n}. `;
  const pad = " ".repeat(front.length);
  return [
    `${front}**Pull ${pull}** ${titled(title)}: ${told.join(", ")}. ${code(command)}`,
    ...questionLines(item).map((line) => (line === "" ? "" : pad + line)),
  ];
}

const costWords = ({ tokens, usd, scripted }: Pick<Decidable, "tokens" | "usd" | "scripted">): string =>
  scripted
    ? "scripted"
    : tokens === 0
      ? "no tokens"
      : usd === null
        ? `${grouped(tokens)} tokens of unknown price`
        : dollars(usd);

function questionLines({ kind, question }: Decidable): string[] {
  if (kind !== "question") return [];
  if (question === null) return ["", "Its question cannot be found in the journal; the pull shows it.", ""];
  return [
    "",
    ...quote(question.question, 500),
    "",
    ...part("It recommends", question.recommendation),
    ...part("If nobody answers", question.silence),
  ];
}

const part = (label: string, words: string): string[] =>
  words.trim() === "" ? [] : [`- ${label}: ${inline(words, 300)}`];

function stuckLine({ what, why, file, command }: Stuck): string {
  const name = file === null ? `**${inline(what, 120)}**` : fileLinkAs(what, file);
  return `- ${name} ${inline(why, 240)}.${command === null ? "" : ` ${code(command)}`}`;
}

/** A task or agent by its name, linked to its file. */
const fileLinkAs = (name: string, path: string): string =>
  name === path ? fileLink(path) : fileLink(path).replace(/^\[[^\]]*\]/, () => `[${inline(name, 120)}]`);

function landedLine({ pull, kind, agent, title, by, files, scripted }: Landed): string {
  const who =
    by.length === 0
      ? "merged with git by hand"
      : `${kind === "question" ? "answered" : "approved"} by ${by.join(", ")}`;
  const where = files.slice(0, 2).map(fileLink);
  const more = files.length - where.length;
  const what = [
    titled(title),
    ...(kind === "question" ? ["(its question)"] : []),
    ...where,
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  return `- **${agent ?? "pullbeat"}** ${what.join(" ")}: ${who}, pull ${pull}${scripted ? ", scripted" : ""}.`;
}

function failedLine(group: Grouped): string {
  const { agent, code: failure, reason, units } = group;
  const on =
    units.length === 0
      ? ""
      : ` on ${units.slice(0, 3).join(", ")}${units.length > 3 ? ` and ${units.length - 3} more` : ""}`;
  return `- **${agent}**${times(group)}${on}: ${failure === null ? "" : `${code(failure, 60)}, `}${inline(reason, 200)}`;
}

/** One line a reason: many agents rest for the same one. */
function restedLines(rested: readonly Grouped[]): string[] {
  const reasons = [...Map.groupBy(rested, (r) => r.reason)];
  return first(reasons, MOST, ([reason, of]) => {
    const more = of.length > 6 ? ` and ${of.length - 6} more` : "";
    const agents = of.slice(0, 6).map((r) => `**${r.agent}**${times(r)}`);
    return `- ${agents.join(", ")}${more}: ${inline(reason, 160)}`;
  });
}

const times = ({ times: n }: Grouped): string => (n === 1 ? "" : ` ${n} times`);

function spentLines({ tokens, usd, day, agents, unpriced }: SpentSince): string[] {
  if (tokens === 0) return [];
  const each = first(agents, MOST, (a) => {
    const limit = a.day === null ? "" : ` of ${dollars(a.day)} a day`;
    const isUnknown = a.unpriced > 0 && a.usd === 0;
    const known = isUnknown ? "at an unknown price" : `${dollars(a.usd)}${limit}`;
    const cost = a.scripted ? "scripted" : known;
    return `- **${a.agent}** ${cost}, ${grouped(a.tokens)} tokens in ${timesOf(a)}`;
  });
  const names = unpriced.map((m) => code(m, 60)).join(", ");
  return [
    `${dollars(usd)} and ${grouped(tokens)} tokens; the fleet has ${dollars(day)} a day.`,
    "",
    ...each,
    ...(names === "" ? [] : [`- No price is known for ${names}: those dollars are not in here.`]),
  ];
}

const timesOf = ({ attempts, judgements }: SpentSince["agents"][number]): string =>
  [
    ...(attempts > 0 || judgements === 0 ? [count(attempts, "attempt")] : []),
    ...(judgements > 0 ? [count(judgements, "judgement")] : []),
  ].join(" and ");

function nextLine({ next, at, timezone }: DigestFacts): string {
  const zone = Timezone.parse(timezone);
  const [soonest, ...later] = next;
  if (soonest === undefined) return "Next: nobody has a slot to come.";
  const when = (due: typeof soonest): string =>
    `${due.agents.slice(0, 5).join(", ")}${due.agents.length > 5 ? ` and ${due.agents.length - 5} more` : ""} ${whenInWords(zone, due.at, at)}`;
  return `Next: ${[soonest, ...later.slice(0, 2)].map(when).join("; ")} (${timezone}).`;
}

function anchorLine({ at, anchor: { journal, base, pullbeat } }: DigestFacts): string {
  return `*Made by pullbeat ${pullbeat} at ${at} from journal ${journal ?? "(none)"} and base ${base}.*`;
}
