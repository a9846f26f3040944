import { Word, WORDS, wordPath } from "../../domain/phone/word.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { textOf } from "../../domain/text/text.ts";
import type { Overheard, Talk } from "../../port/talk.ts";
import type { World } from "../world.ts";

/** Words of the journal that these calls may be, and earlier ones of the same issues; null: taken, and not to be read. */
export async function wordsIn(
  { repo }: World,
  { journal }: Snapshot,
  calls: readonly Pick<Word, "id" | "on">[],
): Promise<Map<string, Word | null>> {
  const entries = journal.head === null ? [] : await repo.entries(journal.head, [WORDS]);
  const wanted = entries.filter(({ path }) =>
    calls.some((c) => path === wordPath(c.id) || path.startsWith(`${WORDS}/issue-${c.on}-`)),
  );
  const blobs = await repo.blobs(wanted.map((e) => e.blob));
  return new Map(
    wanted.map(({ path, blob }) => {
      const text = textOf(blobs.get(blob) ?? new Uint8Array());
      return [path.slice(WORDS.length + 1, -".json".length), parsed(text)];
    }),
  );
}

function parsed(text: string | null): Word | null {
  try {
    return Word.safeParse(JSON.parse(text ?? "")).data ?? null;
  } catch {
    return null;
  }
}

/** Whoever obeyed it answers within minutes; a day later the person has looked themselves. */
const MINUTE = 60_000;
const SOON = 2 * MINUTE;
const LATE = 1440 * MINUTE;

/** True when whoever obeyed a word may have died before answering it. */
export function isUnanswered({ heard }: Word, now: Date): boolean {
  const since = now.getTime() - Date.parse(heard);
  return since > SOON && since < LATE;
}

/** A nod, or one short answer; an issue whose task is made is closed. What is answered already is left alone. */
export async function answer(talk: Talk, word: Word, overheard: Overheard): Promise<void> {
  const remark = overheard.remarks.find((r) => `comment-${r.id}` === word.id);
  if (word.answer === null) {
    if (remark !== undefined && !remark.nodded) await talk.nod(remark);
    return;
  }
  if (!overheard.answered.has(word.id)) await talk.answer(word.on, word.id, word.answer);
  const wish = overheard.wishes.find((w) => w.on === word.on && word.id.startsWith("issue-"));
  if (wish !== undefined && word.done && !wish.reopened) await talk.finish(word.on);
}
