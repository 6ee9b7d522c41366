/**
 * Amounts of resources as Kubernetes writes them: `500m`, `1Gi`, `1.5`, `12e6`. An amount is an exact count of billionths,
 * the smallest step there is; how it was written (powers of ten, of 1024, or an exponent) is remembered, so that it is
 * written so again. Mirrors apimachinery's `resource.Quantity`.
 */

/** Which suffixes an amount is written with: `k M G`, `Ki Mi Gi`, or `e3 e6 e9`. */
type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  /** The amount in billionths. */
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

/** A text that is no quantity; the message is what the API server says of it. */
export class QuantityError extends Error {
  constructor(
    readonly text: string,
    message: string,
  ) {
    super(message);
    this.name = 'QuantityError';
  }
}

const WRONG_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_SUFFIX = "unable to parse quantity's suffix";

/** Sign, whole digits, fraction digits, suffix. Upstream's parser takes a number without digits (`m`, `.`) for zero. */
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*(?:[-+]?\d*))$/;

const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_EXPONENTS: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const NANO_PER_UNIT = 1_000_000_000n;
const NANO_PER_MILLI = 1_000_000n;
/** 2⁶³-1: what is larger and needs more than 18 digits is cut to this. */
const MAX_NANO = (2n ** 63n - 1n) * NANO_PER_UNIT;
const EXACT_DIGITS = 18;
/** Beyond these nothing changes any more; they keep endless texts from becoming endless numbers. */
const MAX_DIGITS = 200;
const MAX_EXPONENT = 100;

/**
 * Reads a quantity. Finer steps than a billionth are rounded up (away from zero), amounts beyond 2⁶³-1 are cut to that.
 * @throws QuantityError if `value` is none
 */
export function parseQuantity(value: string | number): Quantity {
  const text = String(value);
  const parts = text === '' ? null : FORM.exec(text);
  if (!parts) throw new QuantityError(text, WRONG_FORMAT);
  const [, sign, whole = '', fraction = '', suffix = ''] = parts;
  const { base, exponent, format } = interpret(text, suffix);
  const nano = inNano(whole.replace(/^0+/, ''), fraction, base, exponent);
  // Less than one of anything cannot be written in powers of 1024.
  const written = base === 2 && nano > 0n && nano < NANO_PER_UNIT ? 'DecimalSI' : format;
  return { nano: sign === '-' ? -nano : nano, format: written };
}

function interpret(text: string, suffix: string): { base: 2 | 10; exponent: number; format: QuantityFormat } {
  if (Object.hasOwn(DECIMAL_EXPONENTS, suffix))
    return { base: 10, exponent: DECIMAL_EXPONENTS[suffix]!, format: 'DecimalSI' };
  if (Object.hasOwn(BINARY_EXPONENTS, suffix))
    return { base: 2, exponent: BINARY_EXPONENTS[suffix]!, format: 'BinarySI' };
  const exponent = /^[eE]([-+]?\d+)$/.exec(suffix);
  if (!exponent) throw new QuantityError(text, WRONG_SUFFIX);
  return {
    base: 10,
    exponent: Math.max(-MAX_EXPONENT, Math.min(Number(exponent[1]), MAX_EXPONENT)),
    format: 'DecimalExponent',
  };
}

/** `whole.fraction` × `base`^`exponent` in billionths, rounded up. */
function inNano(whole: string, fraction: string, base: 2 | 10, exponent: number): bigint {
  if (whole.length > MAX_DIGITS) return MAX_NANO;
  // A last digit stands for all that are not looked at, so that rounding up still sees them.
  const decimals =
    fraction.length > MAX_DIGITS
      ? `${fraction.slice(0, MAX_DIGITS)}${/[1-9]/.test(fraction.slice(MAX_DIGITS)) ? 1 : 0}`
      : fraction;
  const digits = BigInt(`0${whole}${decimals}`) << BigInt(base === 2 ? exponent : 0);
  const ten = 9 - decimals.length + (base === 10 ? exponent : 0);
  const nano = ten >= 0 ? digits * 10n ** BigInt(ten) : ceilDiv(digits, 10n ** BigInt(-ten));
  const isExact = base === 10 && whole.length + decimals.length <= EXACT_DIGITS;
  return nano > MAX_NANO && !isExact ? MAX_NANO : nano;
}

/** The canonical text: the largest suffix that needs no fraction (`1Gi` for `1024Mi`, `500m` for `0.5`). */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  if (format === 'BinarySI') {
    // Small or fractional amounts would lose digits in powers of 1024.
    const isWhole = nano % NANO_PER_UNIT === 0n;
    const units = nano / NANO_PER_UNIT;
    if (isWhole && (units <= -1024n || units >= 1024n)) {
      const { amount, steps } = reduced(units, 1024n, BINARY_SUFFIXES.length - 1);
      return `${amount}${BINARY_SUFFIXES[steps]}`;
    }
  }
  if (format === 'DecimalExponent') {
    const { amount, steps } = reduced(nano, 1000n, Number.POSITIVE_INFINITY);
    const exponent = steps * 3 - 9;
    return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
  }
  const { amount, steps } = reduced(nano, 1000n, DECIMAL_SUFFIXES.length - 1);
  return `${amount}${DECIMAL_SUFFIXES[steps]}`;
}

/** Divides by `base` while nothing is left over. */
function reduced(amount: bigint, base: bigint, limit: number): { amount: bigint; steps: number } {
  let steps = 0;
  let left = amount;
  while (steps < limit && left % base === 0n) {
    left /= base;
    steps++;
  }
  return { amount: left, steps };
}

// ---- for computing with many of them ----

/**
 * The text that the API server keeps: `500m` for `0.5`, `1Gi` for `1024Mi`.
 * @throws QuantityError
 */
export const canonicalQuantity = remembering(formatQuantity);

/**
 * The same of what a list of resources says: thousandths are the smallest step there, and finer ones are rounded up.
 * @throws QuantityError
 */
export const canonicalAmount = remembering(({ nano, format }) =>
  formatQuantity({ nano: ceilDiv(nano, NANO_PER_MILLI) * NANO_PER_MILLI, format }),
);

/**
 * Thousandths, rounded up: `1` → 1000, `250m` → 250, `1u` → 1. Exact up to 2⁵³.
 * @throws QuantityError
 */
export const toMilli = remembering(({ nano }) => Number(ceilDiv(nano, NANO_PER_MILLI)));

/**
 * Whole units, rounded up: `500m` → 1, `1Ki` → 1024. For bytes and counts. Exact up to 2⁵³.
 * @throws QuantityError
 */
export const toUnits = remembering(({ nano }) => Number(ceilDiv(nano, NANO_PER_UNIT)));

/**
 * The amount as a number, with its fraction: `500m` → 0.5, `1Ki` → 1024. The nearest there is beyond 2⁵³.
 * @throws QuantityError
 */
export const toNumber = remembering(({ nano }) => Number(nano / NANO_PER_UNIT) + Number(nano % NANO_PER_UNIT) / 1e9);

/**
 * {@link parseQuantity}, of texts that come again and again.
 * @throws QuantityError
 */
export const readQuantity = remembering(quantity => quantity);

/** The sum, written as the first is, unless that is nothing. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** Remembers what came out: clusters use few different amounts, again and again. */
function remembering<R>(compute: (quantity: Quantity) => R): (value: string | number) => R {
  const known = new Map<string | number, R>();
  return value => {
    let result = known.get(value);
    if (result === undefined) {
      result = compute(parseQuantity(value));
      if (known.size >= 4096) known.clear();
      if (typeof value === 'number' || value.length <= 32) known.set(value, result);
    }
    return result;
  };
}

/** Division rounded away from zero, as all rounding of quantities is. */
function ceilDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  if (a % b === 0n) return quotient;
  return a < 0n ? quotient - 1n : quotient + 1n;
}
