import type { JsonObject } from '../../json.js';
import { setKey } from '../../json.js';
import { at, isMap, isNil, isSame, isTrue, keysOf, TemplateError, toJson, type Value } from '../values.js';
import { type FunctionTable, toInt } from './function.js';
import { textOf } from './strings.js';

const list = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const map = (value: Value): JsonObject => (isMap(value) ? value : {});

function dict(args: readonly Value[]): JsonObject {
  const made: JsonObject = {};
  for (let i = 0; i < args.length; i += 2)
    setKey(made, textOf(args[i]), args[i + 1] ?? (i + 1 < args.length ? args[i + 1] : ''));
  return made;
}

/** Changes a map that the template made, as sprig does; of the object it only has a copy. */
function set(into: Value, key: Value, value: Value): Value {
  const target = map(into);
  setKey(target, key as string, value);
  return target;
}

function unset(from: Value, key: Value): Value {
  delete map(from)[key as string];
  return from;
}

function merged(into: JsonObject, from: JsonObject, overwrites: boolean): JsonObject {
  for (const key of Object.keys(from)) {
    const [old, more] = [at(into, key), from[key]];
    if (isMap(old) && isMap(more)) merged(old, more, overwrites);
    else if (overwrites ? isTrue(more) || !isTrue(old) : !isTrue(old)) setKey(into, key, more);
  }
  return into;
}

const picked = (from: Value, wanted: (key: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(map(from)).filter(([key]) => wanted(key)));

/** Looks for keys one in another: the last but one argument is what stands for what is not there. */
function dig(args: readonly Value[]): Value {
  if (args.length < 3) throw new TemplateError('dig needs at least three arguments');
  let found: Value = args.at(-1);
  for (const key of args.slice(0, -2)) {
    if (!isMap(found) || !Object.hasOwn(found, textOf(key))) return args.at(-2);
    found = found[textOf(key)];
  }
  return found;
}

const isSomething = (value: Value) => isTrue(value);

/** Sprig's functions for lists, maps, and what may be missing. */
export const COLLECTIONS: FunctionTable = {
  default: ['aa*', ([otherwise, ...given]) => (isTrue(given[0]) ? given[0] : otherwise)],
  empty: ['a', ([value]) => !isTrue(value)],
  coalesce: ['a*', args => args.find(isSomething)],
  all: ['a*', args => args.every(isSomething)],
  any: ['a*', args => args.some(isSomething)],
  ternary: ['aab', ([yes, no, condition]) => (condition ? yes : no)],
  fail: [
    's',
    ([message]) => {
      throw new TemplateError(message as string);
    },
  ],
  list: ['a*', args => [...args]],
  tuple: ['a*', args => [...args]],
  first: ['l', ([items]) => list(items)[0]],
  last: ['l', ([items]) => list(items).at(-1)],
  rest: ['l', ([items]) => list(items).slice(1)],
  initial: ['l', ([items]) => list(items).slice(0, -1)],
  append: ['la', ([items, item]) => [...list(items), item]],
  push: ['la', ([items, item]) => [...list(items), item]],
  prepend: ['la', ([items, item]) => [item, ...list(items)]],
  concat: ['l*', args => args.flatMap(list)],
  reverse: ['l', ([items]) => [...list(items)].reverse()],
  compact: ['l', ([items]) => list(items).filter(isSomething)],
  uniq: ['l', ([items]) => list(items).filter((item, i, all) => all.findIndex(other => isSame(item, other)) === i)],
  without: ['la*', ([items, ...others]) => list(items).filter(item => !others.some(other => isSame(item, other)))],
  has: ['al', ([item, items]) => list(items).some(other => isSame(item, other))],
  chunk: [
    'il',
    ([size, items]) => {
      const length = Math.max(1, toInt(size));
      const all = list(items);
      return Array.from({ length: Math.ceil(all.length / length) }, (_, i) => all.slice(i * length, (i + 1) * length));
    },
  ],
  dict: ['a*', dict],
  get: ['ds', ([from, key]) => at(map(from), key as string) ?? ''],
  set: ['dsa', ([into, key, value]) => set(into, key, value)],
  unset: ['ds', ([from, key]) => unset(from, key)],
  hasKey: ['ds', ([from, key]) => Object.hasOwn(map(from), key as string)],
  keys: ['d*', args => args.flatMap(one => keysOf(map(one)))],
  values: ['d', ([from]) => keysOf(map(from)).map(key => map(from)[key])],
  pick: ['ds*', ([from, ...keys]) => picked(from, key => keys.includes(key))],
  omit: ['ds*', ([from, ...keys]) => picked(from, key => !keys.includes(key))],
  pluck: [
    'sd*',
    ([key, ...maps]) => maps.filter(one => Object.hasOwn(map(one), key as string)).map(one => map(one)[key as string]),
  ],
  merge: [
    'dd*',
    ([into, ...others]) => others.reduce<JsonObject>((all, one) => merged(all, map(one), false), map(into)),
  ],
  mergeOverwrite: [
    'dd*',
    ([into, ...others]) => others.reduce<JsonObject>((all, one) => merged(all, map(one), true), map(into)),
  ],
  dig: ['aa*', dig],
  deepCopy: ['a', ([value]) => (isNil(value) ? value : structuredClone(toJson(value)))],
  deepEqual: ['aa', ([a, b]) => isSame(a, b)],
};
