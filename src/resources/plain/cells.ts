import type { Cell } from '../definition.js';
import { isObject, type JsonObject } from '../json.js';
import { NONE } from '../printing/printer.js';
import type { KubeObject } from '../types.js';

/** The value at a dotted path; `undefined` where there is none. */
export function valueAt(object: KubeObject, path: string): unknown {
  let at: unknown = object;
  for (const step of path.split('.')) {
    if (!isObject(at)) return undefined;
    at = at[step];
  }
  return at;
}

/** A cell with the scalar at a path, `otherwise` where there is none. */
export const scalarAt =
  (path: string, otherwise: Cell = '') =>
  (object: KubeObject): Cell => {
    const value = valueAt(object, path);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : otherwise;
  };

/** The objects in the list at a path. */
export function itemsAt(object: KubeObject, path: string): JsonObject[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The strings in the list at a path, with commas between; `otherwise` if there are none. */
export function joinedAt(object: KubeObject, path: string, otherwise = NONE): string {
  const value = valueAt(object, path);
  return Array.isArray(value) && value.length > 0 ? value.join(',') : otherwise;
}

/** How many there are in the list at a path. */
export const countAt =
  (path: string) =>
  (object: KubeObject): number => {
    const value = valueAt(object, path);
    return Array.isArray(value) ? value.length : 0;
  };
