/** The number of a quantity, in units of 10⁻⁹: the smallest that Kubernetes knows. */
const NANO = 10n ** 9n;

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** By power of a thousand, from 10⁻⁹ up. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

const FORM = /^([+-]?)(\d*)\.?(\d*)([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+|)$/;

const cache = new Map<string, string>();
const CACHE_SIZE = 4096;

/**
 * A quantity in the form in which kube-apiserver stores it: the largest suffix that leaves a whole number (`0.5` → `500m`,
 * `1024Mi` → `1Gi`, `1000` → `1k`), in the family it was written in (decimal, binary, exponent). What is smaller than a
 * billionth is rounded up. Text that is no quantity comes back unchanged.
 */
export function canonicalQuantity(text: string): string {
  let canonical = cache.get(text);
  if (canonical === undefined) {
    canonical = compute(text);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(text, canonical);
  }
  return canonical;
}

function compute(text: string): string {
  const parts = FORM.exec(text);
  if (!parts || (parts[2] === '' && parts[3] === '')) return text;
  const [, sign, whole = '', fraction = '', suffix = ''] = parts;
  const binary = BINARY.indexOf(suffix, 1);
  const exponent = /^[eE](.+)$/.exec(suffix);
  const decimal = exponent ? Number(exponent[1]) : binary > 0 ? 0 : (DECIMAL.indexOf(suffix) - 3) * 3;
  if (Math.abs(decimal) > 30) return text;
  let value = BigInt(whole + fraction) * (binary > 0 ? 1024n ** BigInt(binary) : 1n);
  value = scaled(value, 9 + decimal - fraction.length);
  const minus = sign === '-' && value !== 0n ? '-' : '';
  if (binary > 0 && value >= 1024n * NANO) return minus + inBinary(value);
  return minus + (exponent ? inExponents(value) : inDecimal(value));
}

/** `value` × 10^`power`, rounded up. */
function scaled(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}

function inBinary(nanos: bigint): string {
  let value = (nanos + NANO - 1n) / NANO;
  let power = 0;
  for (; power < BINARY.length - 1 && value % 1024n === 0n; power++) value /= 1024n;
  return `${value}${BINARY[power]}`;
}

/** The largest power of a thousand that divides `nanos`, counted from 10⁻⁹, and what is left. */
function thousands(nanos: bigint): [value: bigint, power: number] {
  if (nanos === 0n) return [0n, 3];
  let value = nanos;
  let power = 0;
  for (; power < DECIMAL.length - 1 && value % 1000n === 0n; power++) value /= 1000n;
  return [value, power];
}

function inDecimal(nanos: bigint): string {
  const [value, power] = thousands(nanos);
  return `${value}${DECIMAL[power]}`;
}

function inExponents(nanos: bigint): string {
  const [value, power] = thousands(nanos);
  return power === 3 ? `${value}` : `${value}e${(power - 3) * 3}`;
}
