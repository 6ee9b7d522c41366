import { isObject, type JsonObject } from '../json.js';

/** A place in an object that a path names: the container, the key in it, and the path as messages write it. */
export interface Place {
  readonly parent: JsonObject;
  readonly key: string;
  readonly path: string;
}

/**
 * The places in `object` that a path like `spec.rules[].http.paths[].pathType` names: `[]` goes through all elements of a list.
 * Parents that are not there have no places, but if `create` is set are made, except those marked with `?`
 * (`spec.strategy.rollingUpdate?.maxSurge`) and elements of lists. `imagined` ones are empty, and do not get into the object.
 */
export function placesOf(object: JsonObject, path: string, create: boolean | 'imagined' = false): Place[] {
  let parents: { value: JsonObject; path: string }[] = [{ value: object, path: '' }];
  const steps = path.split('.');
  const last = steps.pop()!;
  for (const step of steps) {
    const next: typeof parents = [];
    for (const parent of parents) next.push(...into(parent.value, step, parent.path, create));
    parents = next;
  }
  return parents.map(({ value, path: at }) => ({ parent: value, key: last, path: joined(at, last) }));
}

function into(
  parent: JsonObject,
  step: string,
  at: string,
  create: boolean | 'imagined',
): { value: JsonObject; path: string }[] {
  const key = step.replace(/\[\]$|\?$/, '');
  const path = joined(at, key);
  const value = parent[key];
  if (step.endsWith('[]')) {
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, i) => (isObject(item) ? [{ value: item, path: `${path}[${i}]` }] : []));
  }
  if (isObject(value)) return [{ value, path }];
  if (value !== undefined || !create || step.endsWith('?')) return [];
  const made: JsonObject = {};
  if (create === true) parent[key] = made;
  return [{ value: made, path }];
}

const joined = (at: string, key: string) => (at ? `${at}.${key}` : key);
