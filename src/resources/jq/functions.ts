import { Pattern, patternOf } from '../custom/pattern.js';
import { isObject, type JsonObject, setKey } from '../json.js';
import { JqError } from './nodes.js';
import { arithmetic, compare, isTruthy, limited, typeOf } from './values.js';

/** A function: what it gives for a value, and for what its arguments give, which it asks itself. */
type JqFunction = (input: unknown, ...args: ((value: unknown) => unknown[])[]) => unknown[];

const MOST_NUMBERS = 10_000;

function list(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new JqError(`${what} cannot be applied to: ${typeOf(value)}`);
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new JqError(`${what} cannot be applied to: ${typeOf(value)}`);
}

function number(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  throw new JqError(`${what} cannot be applied to: ${typeOf(value)}`);
}

const values = (value: unknown, what: string): unknown[] =>
  isObject(value) ? Object.values(value) : list(value, what);

function length(value: unknown): number {
  if (value === null) return 0;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  throw new JqError(`length cannot be applied to: ${typeOf(value)}`);
}

function keys(value: unknown): unknown[] {
  return Array.isArray(value) ? value.map((_, i) => i) : Object.keys(object(value, 'keys')).sort();
}

function object(value: unknown, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new JqError(`${what} cannot be applied to: ${typeOf(value)}`);
}

function has(value: unknown, key: unknown): boolean {
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key);
  if (Array.isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
  throw new JqError(`cannot check whether ${typeOf(value)} has a key: ${typeOf(key)}`);
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
  if (Array.isArray(whole) && Array.isArray(part))
    return part.every(item => whole.some(other => sameType(other, item) && contains(other, item)));
  if (isObject(whole) && isObject(part))
    return Object.entries(part).every(
      ([key, item]) => Object.hasOwn(whole, key) && sameType(whole[key], item) && contains(whole[key], item),
    );
  if (!sameType(whole, part)) throw new JqError(`cannot check containment: ${typeOf(whole)} and ${typeOf(part)}`);
  return compare(whole, part) === 0;
}

const sameType = (a: unknown, b: unknown) => typeOf(a) === typeOf(b);

/** @throws JqError for what is no regular expression */
function pattern(source: unknown, flags: unknown): Pattern {
  const letters = flags === null ? '' : text(flags, 'test');
  if (!/^[gixs]*$/.test(letters)) throw new JqError(`unsupported regular expression flag: ${JSON.stringify(letters)}`);
  const inner = letters.replaceAll(/[^is]/g, '');
  const found = patternOf((inner === '' ? '' : `(?${inner})`) + text(source, 'test'));
  if (found instanceof Pattern) return found;
  throw new JqError(`invalid regular expression: ${found.message}`);
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  const digits = text(value, 'tonumber');
  if (!/^\s*-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(digits))
    throw new JqError(`invalid number: ${JSON.stringify(digits)}`);
  return Number(digits);
}

function fromJson(value: unknown): unknown {
  try {
    return JSON.parse(text(value, 'fromjson'));
  } catch (error) {
    throw error instanceof SyntaxError ? new JqError(`fromjson cannot be applied: ${error.message}`) : error;
  }
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const sum = (items: unknown[]): unknown => items.reduce<unknown>((all, item) => arithmetic('+', all, item), null);

const by = (items: unknown[], key: (value: unknown) => unknown[]): { item: unknown; key: unknown[] }[] =>
  items.map(item => ({ item, key: key(item) })).sort((a, b) => compare(a.key, b.key));

const unique = (items: unknown[]): unknown[] =>
  [...items].sort(compare).filter((item, i, all) => i === 0 || compare(item, all[i - 1]) !== 0);

const flattened = (items: unknown[], depth: number): unknown[] =>
  items.flatMap(item => (Array.isArray(item) && depth > 0 ? flattened(item, depth - 1) : [item]));

const entries = (value: unknown): JsonObject[] => {
  const of = object(value, 'to_entries');
  return Object.keys(of)
    .sort()
    .map(key => ({ key, value: of[key] }));
};

function fromEntries(value: unknown): JsonObject {
  const made: JsonObject = {};
  for (const entry of list(value, 'from_entries')) {
    const { key, k, name, value: item, v } = object(entry, 'from_entries');
    setKey(made, toText(key ?? k ?? name ?? null), item ?? v ?? null);
  }
  return made;
}

const range = (from: unknown, to: unknown): number[] => {
  const [start, end] = [number(from, 'range'), number(to, 'range')];
  const count = Math.max(0, Math.ceil(end - start));
  if (count > MOST_NUMBERS) throw new JqError('range is too long');
  return Array.from({ length: count }, (_, i) => start + i);
};

const extreme = (items: unknown[], sign: number): unknown =>
  items.length === 0 ? null : items.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));

const one =
  (make: (input: unknown) => unknown): JqFunction =>
  input => [make(input)];

const withArgument =
  (make: (input: unknown, argument: unknown) => unknown): JqFunction =>
  (input, argument) =>
    argument!(input).map(value => make(input, value));

/** Functions by name and number of arguments. */
const TABLE: Readonly<Record<string, JqFunction>> = {
  'empty/0': () => [],
  'not/0': one(value => !isTruthy(value)),
  'length/0': one(length),
  'type/0': one(typeOf),
  'keys/0': one(keys),
  'keys_unsorted/0': one(keys),
  'values/0': value => (value === null ? [] : [value]),
  'nulls/0': value => (value === null ? [value] : []),
  'strings/0': value => (typeof value === 'string' ? [value] : []),
  'numbers/0': value => (typeof value === 'number' ? [value] : []),
  'booleans/0': value => (typeof value === 'boolean' ? [value] : []),
  'arrays/0': value => (Array.isArray(value) ? [value] : []),
  'objects/0': value => (isObject(value) ? [value] : []),
  'scalars/0': value => (typeof value === 'object' && value !== null ? [] : [value]),
  'error/0': value => {
    throw new JqError(toText(value));
  },
  'error/1': (value, message) => {
    throw new JqError(toText(message!(value)[0] ?? null));
  },
  'select/1': (value, condition) =>
    condition!(value)
      .filter(isTruthy)
      .map(() => value),
  'map/1': (value, change) => [values(value, 'map').flatMap(item => change!(item))],
  'map_values/1': (value, change) => {
    if (Array.isArray(value)) return [value.flatMap(item => change!(item).slice(0, 1))];
    const made: JsonObject = {};
    for (const [key, item] of Object.entries(object(value, 'map_values')))
      for (const next of change!(item).slice(0, 1)) setKey(made, key, next);
    return [made];
  },
  'recurse/0': value => recursed(value),
  'has/1': withArgument(has),
  'in/1': withArgument((key, value) => has(value, key)),
  'contains/1': withArgument(contains),
  'inside/1': withArgument((part, whole) => contains(whole, part)),
  'any/0': one(value => list(value, 'any').some(isTruthy)),
  'all/0': one(value => list(value, 'all').every(isTruthy)),
  'any/1': (value, condition) => [values(value, 'any').some(item => condition!(item).some(isTruthy))],
  'all/1': (value, condition) => [values(value, 'all').every(item => condition!(item).every(isTruthy))],
  'any/2': (value, of, condition) => [of!(value).some(item => condition!(item).some(isTruthy))],
  'all/2': (value, of, condition) => [of!(value).every(item => condition!(item).every(isTruthy))],
  'add/0': one(value => sum(values(value, 'add'))),
  'first/0': one(value => list(value, 'first')[0] ?? null),
  'last/0': one(value => list(value, 'last').at(-1) ?? null),
  'first/1': (value, of) => of!(value).slice(0, 1),
  'last/1': (value, of) => of!(value).slice(-1),
  'nth/1': withArgument((value, at) => list(value, 'nth')[number(at, 'nth')] ?? null),
  'limit/2': (value, count, of) =>
    count!(value).flatMap(most => of!(value).slice(0, Math.max(0, number(most, 'limit')))),
  'isempty/1': (value, of) => [of!(value).length === 0],
  'range/1': (value, to) => to!(value).flatMap(end => range(0, end)),
  'range/2': (value, from, to) => from!(value).flatMap(start => to!(value).flatMap(end => range(start, end))),
  'min/0': one(value => extreme(list(value, 'min'), -1)),
  'max/0': one(value => extreme(list(value, 'max'), 1)),
  'sort/0': one(value => [...list(value, 'sort')].sort(compare)),
  'sort_by/1': (value, key) => [by(list(value, 'sort_by'), key!).map(({ item }) => item)],
  'min_by/1': (value, key) => [by(list(value, 'min_by'), key!)[0]?.item ?? null],
  'max_by/1': (value, key) => [by(list(value, 'max_by'), key!).at(-1)?.item ?? null],
  'unique/0': one(value => unique(list(value, 'unique'))),
  'reverse/0': one(value =>
    typeof value === 'string' ? [...value].reverse().join('') : [...list(value ?? [], 'reverse')].reverse(),
  ),
  'flatten/0': one(value => flattened(list(value, 'flatten'), 100)),
  'to_entries/0': one(entries),
  'from_entries/0': one(fromEntries),
  'with_entries/1': (value, change) => [fromEntries(entries(value).flatMap(entry => change!(entry)))],
  'index/1': withArgument((value, part) => {
    const at = text(value, 'index').indexOf(text(part, 'index'));
    return at < 0 ? null : [...(value as string).slice(0, at)].length;
  }),
  'startswith/1': withArgument((value, start) => text(value, 'startswith').startsWith(text(start, 'startswith'))),
  'endswith/1': withArgument((value, end) => text(value, 'endswith').endsWith(text(end, 'endswith'))),
  'ltrimstr/1': withArgument((value, start) =>
    typeof value === 'string' && typeof start === 'string' && value.startsWith(start)
      ? value.slice(start.length)
      : value,
  ),
  'rtrimstr/1': withArgument((value, end) =>
    typeof value === 'string' && typeof end === 'string' && end !== '' && value.endsWith(end)
      ? value.slice(0, -end.length)
      : value,
  ),
  'trim/0': one(value => text(value, 'trim').trim()),
  'split/1': withArgument((value, separator) =>
    value === '' ? [] : text(value, 'split').split(text(separator, 'split')),
  ),
  'join/1': withArgument((value, separator) =>
    limited(
      list(value, 'join')
        .map(item => (item === null ? '' : toText(item)))
        .join(text(separator, 'join')),
    ),
  ),
  'ascii_downcase/0': one(value => text(value, 'ascii_downcase').replace(/[A-Z]/g, c => c.toLowerCase())),
  'ascii_upcase/0': one(value => text(value, 'ascii_upcase').replace(/[a-z]/g, c => c.toUpperCase())),
  'test/1': withArgument((value, source) => pattern(source, null).test(text(value, 'test'))),
  'test/2': (value, source, flags) =>
    source!(value).flatMap(from => flags!(value).map(letters => pattern(from, letters).test(text(value, 'test')))),
  'tostring/0': one(toText),
  'tonumber/0': one(toNumber),
  'tojson/0': one(value => JSON.stringify(value)),
  'fromjson/0': one(fromJson),
  'floor/0': one(value => Math.floor(number(value, 'floor'))),
  'ceil/0': one(value => Math.ceil(number(value, 'ceil'))),
  'round/0': one(value => Math.round(number(value, 'round'))),
  'abs/0': one(value => Math.abs(number(value, 'abs'))),
};

const recursed = (value: unknown): unknown[] => [
  value,
  ...(typeof value === 'object' && value !== null ? Object.values(value).flatMap(recursed) : []),
];

export const FUNCTIONS: ReadonlyMap<string, JqFunction> = new Map(Object.entries(TABLE));
