/** A number exactly as it was written: `digits` divided by ten to the power of `places`. */
export interface Decimal {
  digits: bigint;
  places: number;
}

/** Longer numbers, and larger exponents, are nobody's metric; they would only take time. */
const LONGEST = 60;
const SHAPE = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** A number in JSON's notation, leading zeros allowed; null for anything else. */
export function decimalOf(text: string): Decimal | null {
  const found = text.length > LONGEST ? null : SHAPE.exec(text);
  if (found === null) return null;
  const [, sign, whole = "", part = "", exponent = "0"] = found;
  const size = Number(exponent);
  if (Math.abs(size) > LONGEST) return null;
  const digits = BigInt(`${sign}${whole}${part}`);
  return scaled({ digits, places: part.length }, size);
}

/** The number times ten to the power of `power`. */
export function scaled({ digits, places }: Decimal, power: number): Decimal {
  const left = places - power;
  return left >= 0 ? { digits, places: left } : { digits: digits * 10n ** BigInt(-left), places: 0 };
}

/** Rounded to so many places, halves away from zero; fewer places stay as they are. */
export function rounded(number: Decimal, places: number): Decimal {
  const drop = number.places - places;
  if (drop <= 0) return number;
  const unit = 10n ** BigInt(drop);
  const half = number.digits < 0n ? -unit / 2n : unit / 2n;
  return { digits: (number.digits + half) / unit, places };
}

export function same(a: Decimal, b: Decimal): boolean {
  const places = Math.max(a.places, b.places);
  const digits = (d: Decimal): bigint => d.digits * 10n ** BigInt(places - d.places);
  return digits(a) === digits(b);
}

export const negated = ({ digits, places }: Decimal): Decimal => ({ digits: -digits, places });

/** The decimal that a computed number stands for: fifteen digits, which leaves the noise of binary fractions out. */
export const computed = (value: number): Decimal | null =>
  Number.isFinite(value) ? decimalOf(String(Number(value.toPrecision(15)))) : null;
