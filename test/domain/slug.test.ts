import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TaskId } from "../../src/domain/id.ts";
import { slugOf, taskPath } from "../../src/domain/board/slug.ts";

test.each([
  ["Grade the roofing landing page", "grade-the-roofing-landing-page"],
  ["Été 2026: l'état!", "été-2026-l-état"],
  ["漢字カタカナ ㍿", "漢字カタカナ-株式会社"],
  ["हिन्दी पाठ", "हिन्दी-पाठ"],
  ["../../etc/passwd", "etc-passwd"],
  ["a\u202Eb\u200Bc\u3164d", "a-b-c-d"],
  ["\u0301x", "x"],
  ["CON", "con-task"],
  ["com¹", "com1-task"],
  ["--- ", "task"],
  ["👩‍💻", "task"],
  ["", "task"],
])("%j becomes %s", (title, slug) => expect(slugOf(title)).toBe(slug));

test("a task's file is its id and its title", () => {
  expect(taskPath(TaskId.parse("T-8k2f"), "Grade it")).toBe("board/T-8k2f-grade-it.md");
});

test("whatever the title, the slug is a short, safe, stable name", () => {
  const letters = fc.constantFrom("a", "ß", "İ", "Σ", "漢", "ก็", "é", "-", " ", "/", "ﬃ", "\ud800", "😀");
  const title = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({ unit: letters, maxLength: 200 }),
  );
  fc.assert(
    fc.property(title, (text) => {
      const slug = slugOf(text);
      expect(slug).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:-[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*$/u);
      expect(slug).not.toMatch(/\p{DI}|\p{Cc}/u);
      expect(Array.from(slug).length).toBeLessThanOrEqual(48);
      expect(Buffer.byteLength(slug)).toBeLessThanOrEqual(120);
      expect(slug.normalize("NFKC").toLowerCase()).toBe(slug);
      expect(slugOf(slug)).toBe(slug);
    }),
    { numRuns: 2000 },
  );
});
