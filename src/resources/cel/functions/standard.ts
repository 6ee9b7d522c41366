import { type Pattern, PatternError, patternOf } from '../../custom/pattern.js';
import {
  CelFailure,
  type CelMap,
  compare,
  concatenate,
  Duration,
  equals,
  isList,
  noSuchKey,
  Optional,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from '../values.js';
import { compareBoth, matchPattern, type Row, scanAll, scanFirst, search } from './overload.js';
import { durationOf, durationText, timestampOf, timestampText } from './time.js';

const MAX_INT = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 63n);
const MAX_UINT = 2n ** 64n - 1n;

/** @throws CelFailure if it is more than 64 bits hold */
export function int(value: bigint): bigint {
  if (value > MAX_INT || value < MIN_INT) throw new CelFailure('integer overflow');
  return value;
}

function uint(value: bigint): Uint {
  if (value > MAX_UINT || value < 0n) throw new CelFailure('unsigned integer overflow');
  return new Uint(value);
}

function divisor(value: bigint, what: string): bigint {
  if (value === 0n) throw new CelFailure(`${what} by zero`);
  return value;
}

function whole(value: number): bigint {
  if (!Number.isFinite(value)) throw new CelFailure('integer overflow');
  return BigInt(Math.trunc(value));
}

function parsed(text: string, pattern: RegExp, type: string): string {
  if (!pattern.test(text)) throw new CelFailure(`type conversion error from 'string' to '${type}'`);
  return text;
}

/** The item of a list. @throws CelFailure if there is none */
function itemAt(list: readonly Value[], index: Value): Value {
  const at = typeof index === 'bigint' ? Number(index) : index instanceof Uint ? Number(index.value) : index;
  if (typeof at !== 'number' || !Number.isInteger(at))
    throw new CelFailure(`unsupported index type '${typeName(index)}' in list`);
  const item = list[at];
  if (at < 0 || item === undefined) throw new CelFailure(`index out of bounds: ${at}`);
  return item;
}

/** What stands at a key. @throws CelFailure if nothing does */
export function entryAt(map: CelMap, key: Value): Value {
  const value = map.get(key);
  if (value === undefined) throw noSuchKey(key);
  return value;
}

function optionally(find: () => Value): Optional {
  try {
    return new Optional(find());
  } catch (error) {
    if (error instanceof CelFailure) return new Optional(undefined);
    throw error;
  }
}

/** Something at a place of a list or map that may be in an optional, which then is one too. */
function found(container: Value, key: Value): Value {
  return isList(container) ? itemAt(container, key) : entryAt(container as CelMap, key);
}

const arithmetic: Row[] = [
  ['_+_(int, int) int', (a: bigint, b: bigint) => int(a + b)],
  ['_-_(int, int) int', (a: bigint, b: bigint) => int(a - b)],
  ['_*_(int, int) int', (a: bigint, b: bigint) => int(a * b)],
  ['_/_(int, int) int', (a: bigint, b: bigint) => int(a / divisor(b, 'division'))],
  ['_%_(int, int) int', (a: bigint, b: bigint) => a % divisor(b, 'modulus')],
  ['_+_(uint, uint) uint', (a: Uint, b: Uint) => uint(a.value + b.value)],
  ['_-_(uint, uint) uint', (a: Uint, b: Uint) => uint(a.value - b.value)],
  ['_*_(uint, uint) uint', (a: Uint, b: Uint) => uint(a.value * b.value)],
  ['_/_(uint, uint) uint', (a: Uint, b: Uint) => uint(a.value / divisor(b.value, 'division'))],
  ['_%_(uint, uint) uint', (a: Uint, b: Uint) => uint(a.value % divisor(b.value, 'modulus'))],
  ['_+_(double, double) double', (a: number, b: number) => a + b],
  ['_-_(double, double) double', (a: number, b: number) => a - b],
  ['_*_(double, double) double', (a: number, b: number) => a * b],
  ['_/_(double, double) double', (a: number, b: number) => a / b],
  ['-_(int) int', (a: bigint) => int(-a)],
  ['-_(double) double', (a: number) => -a],
  ['!_(bool) bool', (a: boolean) => !a],
  ['_+_(string, string) string', (a: string, b: string) => a + b, scanAll],
  ['_+_(bytes, bytes) bytes', (a: Uint8Array, b: Uint8Array) => Buffer.concat([a, b]), scanAll],
  ['_+_(list<T>, list<T>) list<T>', concatenate, scanAll],
  ['_+_(duration, duration) duration', (a: Duration, b: Duration) => new Duration(a.nanos + b.nanos)],
  ['_-_(duration, duration) duration', (a: Duration, b: Duration) => new Duration(a.nanos - b.nanos)],
  ['_+_(timestamp, duration) timestamp', (a: Timestamp, b: Duration) => new Timestamp(a.nanos + b.nanos)],
  ['_+_(duration, timestamp) timestamp', (a: Duration, b: Timestamp) => new Timestamp(a.nanos + b.nanos)],
  ['_-_(timestamp, duration) timestamp', (a: Timestamp, b: Duration) => new Timestamp(a.nanos - b.nanos)],
  ['_-_(timestamp, timestamp) duration', (a: Timestamp, b: Timestamp) => new Duration(a.nanos - b.nanos)],
];

const ORDERED = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'];
const NUMBERS = ['int', 'uint', 'double'];
const comparisons: Row[] = Object.entries({
  '_<_': (a: Value, b: Value) => compare(a, b) < 0,
  '_<=_': (a: Value, b: Value) => compare(a, b) <= 0,
  '_>_': (a: Value, b: Value) => compare(a, b) > 0,
  '_>=_': (a: Value, b: Value) => compare(a, b) >= 0,
}).flatMap(([name, test]) =>
  ORDERED.flatMap(left =>
    (NUMBERS.includes(left) ? NUMBERS : [left]).map(
      (right): Row => [`${name}(${left}, ${right}) bool`, test, compareBoth],
    ),
  ),
);

const containers: Row[] = [
  ['_==_(T, T) bool', equals, compareBoth],
  ['_!=_(T, T) bool', (a: Value, b: Value) => !equals(a, b), compareBoth],
  [
    '@in(T, list<T>) bool',
    (item: Value, list: readonly Value[]) => list.some(one => equals(one, item)),
    ([, n = 0]) => n,
  ],
  ['@in(K, map<K, V>) bool', (key: Value, map: CelMap) => map.get(key) !== undefined],
  ['_[_](list<T>, int) T', itemAt],
  ['_[_](map<K, V>, K) V', entryAt],
  [
    '_[_](optional<list<T>>, int) optional<T>',
    ({ value }: Optional, key: Value) => optionally(() => found(value!, key)),
  ],
  [
    '_[_](optional<map<K, V>>, K) optional<V>',
    ({ value }: Optional, key: Value) => optionally(() => found(value!, key)),
  ],
  ['_[?_](list<T>, int) optional<T>', (list: readonly Value[], index: Value) => optionally(() => itemAt(list, index))],
  ['_[?_](map<K, V>, K) optional<V>', (map: CelMap, key: Value) => optionally(() => entryAt(map, key))],
  ['size(string) int', (text: string) => BigInt([...text].length)],
  ['size(bytes) int', (bytes: Uint8Array) => BigInt(bytes.length)],
  ['size(list<T>) int', (list: readonly Value[]) => BigInt(list.length)],
  ['size(map<K, V>) int', (map: CelMap) => BigInt(map.size)],
  ['string.size() int', (text: string) => BigInt([...text].length)],
  ['bytes.size() int', (bytes: Uint8Array) => BigInt(bytes.length)],
  ['list<T>.size() int', (list: readonly Value[]) => BigInt(list.length)],
  ['map<K, V>.size() int', (map: CelMap) => BigInt(map.size)],
];

const optionals: Row[] = [
  ['optional.none() optional<T>', () => new Optional(undefined)],
  ['optional.of(T) optional<T>', (value: Value) => new Optional(value)],
  ['optional.ofNonZeroValue(T) optional<T>', (value: Value) => new Optional(isZero(value) ? undefined : value)],
  ['optional<T>.hasValue() bool', ({ value }: Optional) => value !== undefined],
  [
    'optional<T>.value() T',
    ({ value }: Optional) => {
      if (value === undefined) throw new CelFailure('optional.none() dereference');
      return value;
    },
  ],
  ['optional<T>.or(optional<T>) optional<T>', (a: Optional, b: Optional) => (a.value === undefined ? b : a)],
  ['optional<T>.orValue(T) T', ({ value }: Optional, other: Value) => value ?? (value === null ? null : other)],
];

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration || value instanceof Timestamp) return value.nanos === 0n;
  if (isList(value)) return value.length === 0;
  return typeof value === 'object' && 'size' in value && value.size === 0;
}

const texts: Row[] = [
  ['string.contains(string) bool', (text: string, part: string) => text.includes(part), search],
  [
    'string.startsWith(string) bool',
    (text: string, part: string) => text.startsWith(part),
    ([, n = 0]) => Math.ceil(n * 0.1),
  ],
  [
    'string.endsWith(string) bool',
    (text: string, part: string) => text.endsWith(part),
    ([, n = 0]) => Math.ceil(n * 0.1),
  ],
  ['string.matches(string) bool', matchesPattern, matchPattern],
  ['matches(string, string) bool', matchesPattern, matchPattern],
];

/** A pattern of Go's. @throws CelFailure if it is none */
export function pattern(source: string): Pattern {
  const found = patternOf(source);
  if (found instanceof PatternError) throw new CelFailure(found.message);
  return found;
}

function matchesPattern(text: string, source: string): boolean {
  return pattern(source).test(text);
}

const conversions: Row[] = [
  ['dyn(T) dyn', (value: Value) => value],
  ['type(T) type<T>', (value: Value) => new TypeValue(typeName(value))],
  ['bool(bool) bool', (value: boolean) => value],
  [
    'bool(string) bool',
    (text: string) =>
      /^(1|t|T|true|TRUE|True)$/.test(parsed(text, /^(1|0|[tTfF]|true|false|TRUE|FALSE|True|False)$/, 'bool')),
  ],
  ['int(int) int', (value: bigint) => value],
  ['int(uint) int', ({ value }: Uint) => int(value)],
  ['int(double) int', (value: number) => int(whole(value))],
  ['int(string) int', (text: string) => int(BigInt(parsed(text, /^-?\d+$/, 'int')))],
  ['int(timestamp) int', ({ nanos }: Timestamp) => nanos / 1_000_000_000n],
  ['int(duration) int', ({ nanos }: Duration) => nanos],
  ['uint(uint) uint', (value: Uint) => value],
  ['uint(int) uint', uint],
  ['uint(double) uint', (value: number) => uint(whole(value))],
  ['uint(string) uint', (text: string) => uint(BigInt(parsed(text, /^\d+$/, 'uint')))],
  ['double(double) double', (value: number) => value],
  ['double(int) double', (value: bigint) => Number(value)],
  ['double(uint) double', ({ value }: Uint) => Number(value)],
  [
    'double(string) double',
    (text: string) => Number(parsed(text, /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/, 'double')),
  ],
  ['bytes(bytes) bytes', (value: Uint8Array) => value],
  ['bytes(string) bytes', (text: string) => Buffer.from(text), scanFirst],
  ['string(string) string', (value: string) => value],
  ['string(bool) string', String],
  ['string(int) string', String],
  ['string(uint) string', ({ value }: Uint) => String(value)],
  ['string(double) string', String],
  ['string(bytes) string', (value: Uint8Array) => Buffer.from(value).toString(), scanFirst],
  ['string(timestamp) string', timestampText],
  ['string(duration) string', durationText],
  ['duration(string) duration', durationOf],
  ['duration(duration) duration', (value: Duration) => value],
  ['duration(int) duration', (nanos: bigint) => new Duration(nanos)],
  ['timestamp(string) timestamp', timestampOf],
  ['timestamp(timestamp) timestamp', (value: Timestamp) => value],
  ['timestamp(int) timestamp', (seconds: bigint) => new Timestamp(seconds * 1_000_000_000n)],
];

export const STANDARD: readonly Row[] = [
  ...arithmetic,
  ...comparisons,
  ...containers,
  ...optionals,
  ...texts,
  ...conversions,
];
