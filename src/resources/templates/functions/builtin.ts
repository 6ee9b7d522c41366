import { format, sprint, sprintf } from '../format.js';
import { at, isMap, isNil, isTrue, numberIn, TemplateError, Time, typeName, type Value } from '../values.js';
import type { FunctionTable } from './function.js';

type Kind = 'bool' | 'number' | 'string' | 'nil' | 'other';

function kindOf(value: Value): Kind {
  if (isNil(value)) return 'nil';
  if (numberIn(value) !== undefined) return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'other';
}

/** As Go's `eq` of two. Numbers are numbers here, whatever their type. */
function equal(a: Value, b: Value): boolean {
  const [left, right] = [kindOf(a), kindOf(b)];
  if (left === 'nil' || right === 'nil') return left === right;
  if (a instanceof Time && b instanceof Time) return a.ms === b.ms;
  if (left !== right) throw new TemplateError('incompatible types for comparison');
  if (left === 'other') throw new TemplateError(`non-comparable type ${format(a)}: ${typeName(a)}`);
  return left === 'number' ? numberIn(a) === numberIn(b) : a === b;
}

function less(a: Value, b: Value): boolean {
  const [left, right] = [kindOf(a), kindOf(b)];
  if (left !== right) throw new TemplateError('incompatible types for comparison');
  if (left === 'number') return numberIn(a)! < numberIn(b)!;
  if (left === 'string') return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string)) < 0;
  throw new TemplateError('invalid type for comparison');
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  throw new TemplateError(isNil(value) ? 'len of nil pointer' : `len of type ${typeName(value)}`);
}

function index(of: Value, key: Value): Value {
  if (isNil(of)) throw new TemplateError('index of untyped nil');
  if (isMap(of)) {
    if (typeof key === 'string') return at(of, key);
    throw new TemplateError(
      isNil(key) ? 'value is nil; should be string' : `value has type ${typeName(key)}; should be string`,
    );
  }
  const items = typeof of === 'string' ? [...Buffer.from(of)] : of;
  if (!Array.isArray(items)) throw new TemplateError(`can't index item of type ${typeName(of)}`);
  const number = numberIn(key);
  if (number === undefined || !Number.isInteger(number))
    throw new TemplateError(
      isNil(key) ? 'cannot index slice/array with nil' : `cannot index slice/array with type ${typeName(key)}`,
    );
  if (number < 0 || number >= items.length) throw new TemplateError(`index out of range: ${number}`);
  return items[number];
}

/** Both Go's own `slice` and sprig's, which stands before it and knows lists alone. */
function slice(of: Value, bounds: readonly Value[]): Value {
  if (isNil(of)) throw new TemplateError('slice of untyped nil');
  if (typeof of !== 'string' && !Array.isArray(of)) throw new TemplateError(`can't slice item of type ${typeName(of)}`);
  const length = lengthOf(of);
  const [from = 0, to = length] = bounds.map(bound => numberIn(bound) ?? Number.NaN);
  for (const bound of [from, to])
    if (!(bound >= 0 && bound <= length)) throw new TemplateError(`index out of range: ${bound}`);
  if (from > to) throw new TemplateError(`invalid slice index: ${from} > ${to}`);
  return typeof of === 'string' ? Buffer.from(of).subarray(from, to).toString() : of.slice(from, to);
}

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\uFFFD',
};

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

const urlEscape = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

/** The functions that Go's `text/template` has by itself; `and` and `or` are the evaluator's, since they need not look at all. */
export const BUILTIN: FunctionTable = {
  and: ['aa*', ([first]) => first],
  or: ['aa*', ([first]) => first],
  not: ['a', ([value]) => !isTrue(value)],
  eq: [
    'aa*',
    ([first, ...others]) => {
      if (others.length === 0) throw new TemplateError('missing argument for comparison');
      return others.some(other => equal(first, other));
    },
  ],
  ne: ['aa', ([a, b]) => !equal(a, b)],
  lt: ['aa', ([a, b]) => less(a, b)],
  le: ['aa', ([a, b]) => less(a, b) || equal(a, b)],
  gt: ['aa', ([a, b]) => !(less(a, b) || equal(a, b))],
  ge: ['aa', ([a, b]) => !less(a, b)],
  len: ['a', ([value]) => lengthOf(value)],
  index: ['aa*', ([first, ...keys]) => keys.reduce((of, key) => index(of, key), first)],
  slice: ['aa*', ([first, ...bounds]) => slice(first, bounds)],
  print: ['a*', args => sprint(args)],
  println: ['a*', args => `${args.map(format).join(' ')}\n`],
  printf: ['sa*', ([pattern, ...args]) => sprintf(pattern as string, args)],
  html: ['a*', args => sprint(args).replace(/["'&<>\0]/g, c => HTML[c]!)],
  js: [
    'a*',
    args =>
      sprint(args)
        .replace(/[\\'"<>&=]/g, c => JS[c]!)
        .replace(/\p{Cc}/gu, control),
  ],
  urlquery: ['a*', args => urlEscape(sprint(args))],
};

const control = (c: string): string => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
