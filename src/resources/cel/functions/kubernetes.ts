import { hasFormat } from '../../custom/formats.js';
import { parseQuantity, type Quantity, QuantityError } from '../../quantity.js';
import {
  checkLabel,
  checkLabel1035,
  checkLabelValue,
  checkQualifiedName,
  checkSubdomain,
} from '../../validation/names.js';
import { CelFailure, Opaque, Optional, type Value } from '../values.js';
import { type Row, scanFirst } from './overload.js';

const BILLION = 1_000_000_000n;

class QuantityValue extends Opaque {
  readonly type = 'kubernetes.Quantity';

  constructor(readonly nano: bigint) {
    super();
  }

  static parse(text: string): QuantityValue {
    let quantity: Quantity;
    try {
      quantity = parseQuantity(text);
    } catch (error) {
      throw error instanceof QuantityError ? new CelFailure(error.message) : error;
    }
    return new QuantityValue(quantity.nano);
  }

  override equals(other: Opaque): boolean {
    return other instanceof QuantityValue && other.nano === this.nano;
  }

  get isInteger(): boolean {
    return this.nano % BILLION === 0n && this.nano / BILLION < 2n ** 63n && this.nano / BILLION >= -(2n ** 63n);
  }

  asInteger(): bigint {
    if (!this.isInteger) throw new CelFailure('cannot convert value to integer');
    return this.nano / BILLION;
  }
}

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

class Semver extends Opaque {
  readonly type = 'kubernetes.Semver';

  constructor(
    readonly numbers: readonly bigint[],
    readonly prerelease: readonly string[],
  ) {
    super();
  }

  static parse(text: string, normalize = false): Semver | undefined {
    const [, major, minor, patch, prerelease] = SEMVER.exec(normalize ? normalized(text) : text) ?? [];
    if (major === undefined) return undefined;
    return new Semver([major, minor!, patch!].map(BigInt), prerelease?.split('.') ?? []);
  }

  static needed(text: string, normalize = false): Semver {
    const found = Semver.parse(text, normalize);
    if (!found) throw new CelFailure(`error parsing semver: "${text}"`);
    return found;
  }

  override equals(other: Opaque): boolean {
    return other instanceof Semver && this.compare(other) === 0n;
  }

  compare(other: Semver): bigint {
    for (const [i, number] of this.numbers.entries())
      if (number !== other.numbers[i]) return number < other.numbers[i]! ? -1n : 1n;
    // A version comes after all that were released before it.
    if (this.prerelease.length === 0 || other.prerelease.length === 0)
      return BigInt(Math.sign(other.prerelease.length - this.prerelease.length));
    for (const [i, part] of this.prerelease.entries()) {
      const difference = comparePart(part, other.prerelease[i]);
      if (difference !== 0n) return difference;
    }
    return BigInt(Math.sign(this.prerelease.length - other.prerelease.length));
  }
}

function comparePart(a: string, b: string | undefined): bigint {
  if (b === undefined) return 1n;
  const [x, y] = [a, b].map(part => (/^\d+$/.test(part) ? BigInt(part) : undefined));
  if (x !== undefined && y !== undefined) return x < y ? -1n : x > y ? 1n : 0n;
  if (x !== undefined || y !== undefined) return x !== undefined ? -1n : 1n;
  return a < b ? -1n : a > b ? 1n : 0n;
}

/** `v1.02` as `1.2.0`. */
function normalized(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([\d.]*)(.*)$/s.exec(text)!;
  const parts = numbers.split('.').map(part => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

/** A named format: what is wrong with a text, if anything. */
class Format extends Opaque {
  readonly type = 'kubernetes.NamedFormat';

  constructor(
    readonly name: string,
    readonly problems: (text: string) => readonly string[],
  ) {
    super();
  }

  override equals(other: Opaque): boolean {
    return other instanceof Format && other.name === this.name;
  }
}

const formatted = (format: string) => (text: string) =>
  hasFormat(format, text) ? [] : [`invalid ${format === 'byte' ? 'base64' : format}`];

const FORMATS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: text => checkLabel(text),
  dns1123Subdomain: text => checkSubdomain(text),
  dns1035Label: text => checkLabel1035(text),
  qualifiedName: checkQualifiedName,
  dns1123LabelPrefix: text => checkLabel(text, true),
  dns1123SubdomainPrefix: text => checkSubdomain(text, true),
  dns1035LabelPrefix: text => checkLabel1035(text, true),
  labelValue: checkLabelValue,
  uri: formatted('uri'),
  uuid: formatted('uuid'),
  byte: formatted('byte'),
  date: formatted('date'),
  datetime: formatted('datetime'),
};

const formats = new Map(Object.entries(FORMATS).map(([name, problems]) => [name, new Format(name, problems)]));

const order = (a: bigint, b: bigint) => (a < b ? -1n : a > b ? 1n : 0n);
const amount = (of: QuantityValue | bigint) => (typeof of === 'bigint' ? of * BILLION : of.nano);

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

type Q = QuantityValue;

export const KUBERNETES: readonly Row[] = [
  ['quantity(string) Quantity', QuantityValue.parse, scanFirst],
  ['isQuantity(string) bool', isQuantity, scanFirst],
  ['Quantity.sign() int', (of: Q) => order(of.nano, 0n)],
  ['Quantity.isInteger() bool', (of: Q) => of.isInteger],
  ['Quantity.asInteger() int', (of: Q) => of.asInteger()],
  ['Quantity.asApproximateFloat() double', (of: Q) => Number(of.nano) / 1e9],
  ['Quantity.isGreaterThan(Quantity) bool', (a: Q, b: Q) => a.nano > b.nano],
  ['Quantity.isLessThan(Quantity) bool', (a: Q, b: Q) => a.nano < b.nano],
  ['Quantity.compareTo(Quantity) int', (a: Q, b: Q) => order(a.nano, b.nano)],
  ['Quantity.add(Quantity) Quantity', (a: Q, b: Q) => new QuantityValue(a.nano + b.nano)],
  ['Quantity.add(int) Quantity', (a: Q, b: bigint) => new QuantityValue(a.nano + amount(b))],
  ['Quantity.sub(Quantity) Quantity', (a: Q, b: Q) => new QuantityValue(a.nano - b.nano)],
  ['Quantity.sub(int) Quantity', (a: Q, b: bigint) => new QuantityValue(a.nano - amount(b))],
  ['semver(string) Semver', (text: string) => Semver.needed(text), scanFirst],
  ['semver(string, bool) Semver', Semver.needed, scanFirst],
  ['isSemver(string) bool', (text: string) => Semver.parse(text) !== undefined, scanFirst],
  ['isSemver(string, bool) bool', (text: string, normalize: boolean) => !!Semver.parse(text, normalize), scanFirst],
  ['Semver.major() int', (of: Semver) => of.numbers[0]!],
  ['Semver.minor() int', (of: Semver) => of.numbers[1]!],
  ['Semver.patch() int', (of: Semver) => of.numbers[2]!],
  ['Semver.isGreaterThan(Semver) bool', (a: Semver, b: Semver) => a.compare(b) > 0n],
  ['Semver.isLessThan(Semver) bool', (a: Semver, b: Semver) => a.compare(b) < 0n],
  ['Semver.compareTo(Semver) int', (a: Semver, b: Semver) => a.compare(b)],
  ['format.named(string) optional<Format>', (name: string) => new Optional(formats.get(name))],
  ...[...formats].map(([name, format]): Row => [`format.${name}() Format`, () => format]),
  [
    'Format.validate(string) optional<list<string>>',
    (format: Format, text: string) => {
      const problems = format.problems(text);
      return new Optional(problems.length === 0 ? undefined : (problems as Value));
    },
    scanFirst,
  ],
];
