/** Mutants that change nothing that anybody could see, by the line as it is broken; each with its reason. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'if (dead.length === 0 && old === "") return dead;':
    "an empty text held nothing dead; this spares the work",
  'if (false && (dead.length === 0 || old === "")) return dead;':
    "an empty text held nothing dead; this spares the work",
  "if (false && (now.length === 0)) return [];": "of nothing nothing is told; this spares the work",
  "options: { noPhysicFilePath: false, config: { rules: kept.map((rule) => ({ id: rule.meta.id, rule })) } },":
    "the text is given, so no file is looked for",
  "if (false && (news.length === 0)) return [];": "nothing new collides with nothing; this spares the work",
  "if (false && (moved.size === 0)) return [];":
    "of nothing that moved nothing is told; this spares the work",
  'if (false && ("fault" in now)) return [`${file.path}: ${now.fault}`];':
    "the same text could be read a moment ago",
  "const pair: Pair = one.number <= other.number ? [one, other] : [other, one];":
    "no two pulls have one number",
  "const recent = journal.records.filter((r) => now.getTime() - Date.parse(r.started) < LONGEST_DAY);":
    "what is a day of 25 hours old is of no day that still goes on",
  "const recent = journal.records.filter((r) => true || now.getTime() - Date.parse(r.started) <= LONGEST_DAY);":
    "what is older than a day is of no day that still goes on; this spares the work",
  "const isRecent = ({ at }: { at: string }): boolean => now.getTime() - Date.parse(at) < LONGEST_DAY;":
    "what is a day of 25 hours old is of no day that still goes on",
  ".filter(() => isRecent !== null)": "what is older than a day is of no day that still goes on",
  "...calibrations.filter(() => isRecent !== null).map((c) => judgement(c.grader, c, 0)),":
    "what is older than a day is of no day that still goes on",
  "return text.slice(0, at) + String(pick(digits, roll) ?? (old !== 1 ? 2 : 1)) + text.slice(at + 1);":
    "eight digits are left at least, so one is picked",
  "`(?<![\\\\w'-])(?:${[...TURN.keys()].toSorted((a, b) => b.length - a.length || (a <= b ? -1 : 1)).join(\"|\")})(?![\\\\w'-])`,":
    "no two keys of a map are equal",
  "if (false && (now === old)) return null;": "what stands in for a digit or a word is another one",
  "...(caught <= bar.caught * seeded - 1e-9 ? [`${percent(bar.caught)} must be caught`] : []),":
    "no count is a billionth away from a share",
  "...(stopped >= bar.false_stops * accepted + 1e-9 ? [`${percent(bar.false_stops)} may be stopped`] : []),":
    "no count is a billionth away from a share",
  'const unsure = [...bad.filter((g) => true || g.ruling === "inconclusive").map((g) => g.gate), ...silent];':
    "a gate that failed blocks, before anybody asks who is unsure",
  "const sentence = `The rule ${raise.id} lifts it to ${raise.tier}: ${all(because.filter((b) => true || b !== null))}.`;":
    "where one is null, the line above has returned",
  "const found: (Oddity | true)[] = [": "a type says nothing at run time",
  "const when = <T>(condition: T | undefined, holds: (value: T) => string | true | null): (string | null)[] =>":
    "a type says nothing at run time",
  "const lost = findings.find(({ file }) => file.startsWith(folder) && file.slice(folder.length) >= since);":
    "a file's name is longer than its time, so the two are never equal",
  '(f) => f.file.startsWith("control/") && f.file.slice("control/".length) >= seen,':
    "a file's name is longer than its time, so the two are never equal",
  "if (dead.length <= MOST) add(link.line, deadLink(path, link, { there, spec }));":
    "what is over is cut off at the end",
  "for (const code of dead.length <= MOST ? inCode(block) : []) add(block.line, absent(code, there, spec));":
    "what is over is cut off at the end",
};
