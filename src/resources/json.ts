/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object: no list, not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a key that may be `__proto__` without touching the prototype. */
export function setKey(object: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

const shared = new WeakSet<object>();

/**
 * Freezes JSON data with all that is in it, and lets it as a whole be part of many objects: {@link cloneJson} need not copy what
 * nobody can change. Whoever shares something has put in its defaults before. Parts of it are not shared by themselves: in a
 * changed copy of a list, the items that stay are the copy's own.
 */
export function share<T>(value: T): T {
  if (typeof value === 'object' && value !== null) shared.add(value);
  return deepFreeze(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}

/** Whether `value` was given to {@link share}. What others have frozen does not count: it may be a draft to be filled in. */
export const isShared = (value: object): boolean => Object.isFrozen(value) && shared.has(value);

/**
 * A copy of JSON data that can be changed without harm to the original: deep, but for what is shared. Several times as fast as
 * `structuredClone`, which has to think of more than JSON.
 */
export function cloneJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null || isShared(value)) return value;
  if (Array.isArray(value)) {
    const copy = new Array(value.length);
    for (let i = 0; i < value.length; i++) copy[i] = cloneJson(value[i]);
    return copy as T;
  }
  const copy: JsonObject = {};
  for (const key in value) {
    const field = (value as JsonObject)[key];
    if (field !== undefined) setKey(copy, key, typeof field === 'object' ? cloneJson(field) : field);
  }
  return copy as T;
}

/** Whether two JSON values are equal; the order of fields does not count, and neither do fields that are `undefined`. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => equalJson(item, b[i]));
  }
  const left = a as JsonObject;
  const right = b as JsonObject;
  let ahead = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    // A label may be called `constructor`, which every object seems to have.
    if (!Object.hasOwn(right, key) || !equalJson(left[key], right[key])) return false;
    ahead++;
  }
  for (const key in right) if (right[key] !== undefined) ahead--;
  return ahead === 0;
}

/**
 * As {@link equalJson}, but that empty lists and objects are as good as none: what is empty may get lost on the way. Mirrors
 * `Semantic.DeepEqual`.
 */
export function equalUpToEmpty(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    const [left, right] = [a ?? [], b ?? []];
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, i) => equalUpToEmpty(item, right[i]));
  }
  if (!isObject(a) && !isObject(b)) return (a ?? undefined) === (b ?? undefined);
  const [left, right] = [a ?? {}, b ?? {}];
  if (!isObject(left) || !isObject(right)) return false;
  const own = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every(key => equalUpToEmpty(own(left, key), own(right, key)));
}

/** The value with the keys of all its objects in order, so that equal values give the same text. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sortKeys(value[key])]),
  );
}

/** The object less one of its fields. */
export function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = object;
  return rest;
}
