/** Letters and digits alone: what is split over lines, spaced out or quoted comes together again. */
const squeeze = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, "");

/** A text of any letters, back to front. */
export const reversed = (text: string): string => text.split("").toReversed().join("");

const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (c) => {
    const base = c <= "Z" ? 65 : 97;
    return String.fromCharCode(((c.charCodeAt(0) - base + 13) % 26) + base);
  });

/** The middle of a secret's base64, wherever in a longer text it begins. */
function base64s(secret: string): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.from("x".repeat(shift) + secret).toString("base64");
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
}

/** A secret as it is, and as somebody would dress it up. */
export const disguises = (secret: string): string[] => [
  secret,
  reversed(secret),
  rot13(secret),
  Buffer.from(secret).toString("hex"),
  ...base64s(secret),
  ...base64s(reversed(secret)),
];

/** Which secrets a text holds, in whatever shape. Secrets are of letters and digits only. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  const dense = squeeze(text);
  const lower = dense.toLowerCase();
  return Object.entries(secrets).flatMap(([name, secret]) =>
    disguises(secret).some(
      (shape) => dense.includes(squeeze(shape)) || lower.includes(squeeze(shape).toLowerCase()),
    )
      ? [name]
      : [],
  );
}

/** What is alive in text that a forge shows or a log prints: nothing may be. */
export function aliveIn(text: string): string[] {
  const rules: Record<string, RegExp> = {
    mention: /(?<![A-Za-z0-9])@[A-Za-z]/,
    reference: /#\d|\bGH-\d/,
    html: /<[a-z/!]/i,
    image: /!\[/,
    address: /:\/\/|(?<![a-z0-9])www\.\w|javascript:\w/i,
    foreign: /\]\((?:\/\/|[a-z]+:)/i,
    runner: /^[^\S\n]*::|##\[/m,
    bot: /^\s*(?:>\s*)*\/[a-z]/m,
    hidden: /[\p{Bidi_Control}\u200b\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u,
    control: /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
    template: /\{\{/,
    skip: /\[skip ci\]/i,
  };
  return Object.entries(rules).flatMap(([name, rule]) => {
    const found = rule.exec(text);
    return found === null
      ? []
      : [`${name}: ${JSON.stringify(text.slice(Math.max(0, found.index - 30), found.index + 30))}`];
  });
}
