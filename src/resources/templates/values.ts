import { isObject, type JsonObject } from '../json.js';

/** Anything that a template can hold: JSON, `undefined` for what is not there, and what Go keeps apart from it. */
export type Value = unknown;

/** What is wrong with a template, found when it is read or when it is carried out. */
export class TemplateError extends Error {}

/** A `float64`. Whole numbers, and all numbers of the object itself, are JavaScript's. */
export class Float {
  constructor(readonly value: number) {}
}

/** A `time.Time`, always in UTC. */
export class Time {
  /** @param ms since the epoch */
  constructor(readonly ms: number) {}
}

/** What no value, text or list of a template may grow beyond. */
export const MOST_CHARACTERS = 1 << 20;
export const MOST_ITEMS = 1 << 16;

/** What is left out counts as nil: data are JSON, where there is hardly a difference. */
export const isNil = (value: Value): value is null | undefined => value === null || value === undefined;

/** The number that a value is, whichever of Go's types it has. */
export function numberIn(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof Float ? value.value : undefined;
}

/** Whether a condition on the value holds: it is neither zero nor empty. */
export function isTrue(value: Value): boolean {
  if (isNil(value)) return false;
  const number = numberIn(value);
  if (number !== undefined) return number !== 0;
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  if (value instanceof Time) return true;
  return typeof value === 'object' ? Object.keys(value).length > 0 : value === true;
}

/** A map of a template: no Float, no Time. */
export const isMap = (value: Value): value is JsonObject =>
  isObject(value) && !(value instanceof Float) && !(value instanceof Time);

/** The value under a key; what a map merely inherits is not there. */
export const at = (map: JsonObject, key: string): Value => (Object.hasOwn(map, key) ? map[key] : undefined);

/** What Go calls the type. */
export function typeName(value: Value): string {
  if (isNil(value)) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof Float) return 'float64';
  if (value instanceof Time) return 'time.Time';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}

/** What Go calls the kind (`reflect.Kind`). */
export function kindName(value: Value): string {
  if (isNil(value)) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (value instanceof Time) return 'struct';
  return isMap(value) ? 'map' : typeName(value);
}

/** The value as JSON, without what is Go's alone. @throws TemplateError if it is too large */
export function toJson(value: Value): unknown {
  let left = MOST_CHARACTERS;
  const copy = (one: Value): unknown => {
    left -= typeof one === 'string' ? one.length + 1 : 1;
    if (left < 0) throw new TemplateError('the value is too large');
    if (one instanceof Float) return one.value;
    if (one instanceof Time) return new Date(one.ms).toISOString().replace(/\.?0*Z$/, 'Z');
    if (Array.isArray(one)) return one.map(copy);
    if (isObject(one)) return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, copy(item)]));
    return one ?? null;
  };
  return copy(value);
}

/** Whether two values are the same in all that is in them. */
export const isSame = (a: Value, b: Value): boolean =>
  JSON.stringify(sorted(toJson(a))) === JSON.stringify(sorted(toJson(b)));

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(keysOf(value).map(key => [key, sorted(value[key])]));
};

/** The keys of a map in their order. */
export const keysOf = (map: object): string[] => Object.keys(map).sort();
