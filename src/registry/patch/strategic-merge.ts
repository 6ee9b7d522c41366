import { goFormat } from '../../resources/go-format.js';
import { equalJson, isObject, type JsonObject, setKey } from '../../resources/json.js';
import type { SchemaType } from '../../resources/schema.js';
import { StatusError } from '../status.js';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const ELEMENT_ORDER = '$setElementOrder/';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';

/**
 * Strategic merge patch: objects merge field by field, `null` removes, and a list whose field has the patch strategy `merge`
 * merges element by element, told apart by its merge key (or by value, for scalars). Directives in the patch: `$patch:
 * replace` or `delete` in an object or a list's element, `$retainKeys`, `$setElementOrder/<list>`,
 * `$deleteFromPrimitiveList/<list>`. Nothing is changed in place; the result shares with `original` what stays.
 *
 * @param type the schema of `original`; where there is none, lists are replaced.
 * @throws StatusError 400 for malformed directives, 422 for lists of lists, 500 for elements without their merge key (as upstream).
 */
export function strategicMerge(original: unknown, patch: JsonObject, type: SchemaType | undefined): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return taken(patch) as JsonObject;
  if (directive === 'delete') return {};
  if (directive !== undefined) throw internal(`unknown patch type: ${goFormat(directive)} in map: ${goFormat(patch)}`);

  const base = isObject(original) ? original : {};
  const result = { ...base };
  retainKeys(result, patch);
  const ordered = mergeOrderedLists(result, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER) || ordered.has(key)) continue;
    if (key.startsWith(DELETE_PRIMITIVES)) deletePrimitives(result, key.slice(DELETE_PRIMITIVES.length), value);
    else mergeField(result, key, value, type);
  }
  return sameKeys(base, result) ? base : result;
}

function mergeField(result: JsonObject, key: string, value: unknown, type: SchemaType | undefined): void {
  const old = Object.hasOwn(result, key) ? result[key] : undefined;
  if (value === null) delete result[key];
  else if (isObject(value) && isObject(old)) {
    const field = fieldOf(type, key);
    setKey(result, key, field.patch === 'replace' ? taken(value) : strategicMerge(old, value, field.type));
  } else if (Array.isArray(value) && Array.isArray(old)) {
    setKey(result, key, mergeList(old, value, fieldOf(type, key)));
  } else if (!equalJson(old, value)) setKey(result, key, taken(value));
}

interface Strategy {
  readonly type: SchemaType | undefined;
  readonly patch?: 'merge' | 'replace';
  readonly patchKey?: string;
}

function fieldOf(type: SchemaType | undefined, key: string): Strategy {
  if (type?.kind === 'struct') return type.field(key) ?? { type: undefined };
  return { type: type?.kind === 'map' ? type.element : undefined };
}

/** `$retainKeys`: fields that are not listed go; a patch that sets one that is not listed is malformed. */
function retainKeys(result: JsonObject, patch: JsonObject): void {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return;
  if (!Array.isArray(keys)) throw StatusError.badRequest('invalid patch format of retainKeys');
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER) || key.startsWith(DELETE_PRIMITIVES))
      continue;
    if (!keys.includes(key)) throw StatusError.badRequest('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(result)) if (!keys.includes(key)) delete result[key];
}

function deletePrimitives(result: JsonObject, key: string, values: unknown): void {
  if (key === '' || !Array.isArray(values)) throw StatusError.badRequest('invalid patch format of primitive list');
  const old = result[key];
  if (!Array.isArray(old)) return;
  const kept = old.filter(item => !values.includes(item));
  if (kept.length < old.length) result[key] = kept;
}

/** Merges the lists that come with a `$setElementOrder/…`, in that order. Returns their names: they are done with. */
function mergeOrderedLists(result: JsonObject, patch: JsonObject, type: SchemaType | undefined): Set<string> {
  const done = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(ELEMENT_ORDER)) continue;
    const key = directive.slice(ELEMENT_ORDER.length);
    const old = result[key] ?? undefined;
    const list = patch[key] ?? undefined;
    const isList = (value: unknown): value is unknown[] | undefined => value === undefined || Array.isArray(value);
    if (key === '' || !Array.isArray(order) || !isList(old) || !isList(list)) {
      throw StatusError.badRequest('invalid patch format of setElementOrder list');
    }
    if (patch[key] === null) continue;
    done.add(key);
    if (!old && !list) continue;
    const field = fieldOf(type, key);
    const same = sameElement(field.patchKey);
    checkOrder(list ?? [], order, same);
    const merged = !list ? old! : !old ? (taken(list) as unknown[]) : mergeList(old, list, field);
    result[key] = unchanged(old, arrange(merged, order, old ?? [], same));
  }
  return done;
}

/** Elements of the patch must appear in the order list, in the same order. */
function checkOrder(list: readonly unknown[], order: readonly unknown[], same: Same): void {
  if (order.length === 0) return;
  let at = 0;
  for (const item of list) {
    if (isObject(item) && DIRECTIVE in item) continue;
    while (at < order.length && !same(item, order[at])) at++;
    if (at++ === order.length) {
      throw internal(
        `The order in patch list:\n${goFormat(list)}\n doesn't match $setElementOrder list:\n${goFormat(order)}\n`,
      );
    }
  }
}

type Same = (a: unknown, b: unknown) => boolean;

function sameElement(mergeKey: string | undefined): Same {
  if (mergeKey === undefined) return (a, b) => a === b;
  return (a, b) => isObject(a) && isObject(b) && a[mergeKey] !== undefined && a[mergeKey] === b[mergeKey];
}

function mergeList(old: readonly unknown[], patch: readonly unknown[], field: Strategy): readonly unknown[] {
  if (field.patch !== 'merge') return taken(patch) as unknown[];
  if (old.length === 0 && patch.length === 0) return old;
  const all = [...old, ...patch];
  if (all.some(Array.isArray)) throw unprocessable();
  if (!all.some(isObject)) return unchanged(old, arrange([...new Set(all)], patch, old, sameElement(undefined)));
  const key = field.patchKey;
  if (!all.every(isObject)) throw internal('list element types are not identical');
  if (key === undefined) throw internal('cannot merge lists without merge key');
  return mergeObjects(old as JsonObject[], patch as JsonObject[], key, field);
}

function mergeObjects(
  old: readonly JsonObject[],
  patch: readonly JsonObject[],
  key: string,
  field: Strategy,
): readonly unknown[] {
  const elementType = field.type?.kind === 'list' ? field.type.element : undefined;
  const same = sameElement(key);
  let live = [...old];
  const plain: JsonObject[] = [];
  let replace = false;
  for (const item of patch) {
    const directive = item[DIRECTIVE];
    if (directive === undefined) plain.push(item);
    else if (directive === 'replace') replace = true;
    else if (directive === 'delete') live = live.filter(element => !same(element, requireKey(item, key)));
    else if (directive === 'merge') throw internal('merging lists cannot yet be specified in the patch');
    else throw internal(`unknown patch type: ${goFormat(directive)} in map: ${goFormat(item)}`);
  }
  if (replace) return taken(plain) as unknown[];
  for (const item of plain) {
    requireKey(item, key);
    const at = live.findIndex(element => same(element, item));
    if (at < 0) live.push(taken(item) as JsonObject);
    else live[at] = strategicMerge(live[at], item, elementType);
  }
  for (const item of live) requireKey(item, key);
  return unchanged(old, arrange(live, plain, old, same));
}

function requireKey(item: JsonObject, key: string): JsonObject {
  if (item[key] === undefined) throw internal(`map: ${goFormat(item)} does not contain declared merge key: ${key}`);
  return item;
}

/**
 * Puts merged elements in order: those that `order` names take its order among themselves, the others keep theirs, and an
 * element that only the server has comes before one of `order` only if it stood before it already.
 */
function arrange(
  merged: readonly unknown[],
  order: readonly unknown[],
  old: readonly unknown[],
  same: Same,
): unknown[] {
  const position = (list: readonly unknown[], item: unknown) => list.findIndex(other => same(other, item));
  const named = merged.filter(item => position(order, item) >= 0);
  named.sort((a, b) => position(order, a) - position(order, b));
  const others = merged.filter(item => position(order, item) < 0);
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const at = position(old, item);
    while (at >= 0 && next < others.length) {
      const other = position(old, others[next]);
      if (other < 0 || other >= at) break;
      result.push(others[next++]);
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** A value of the patch that has nothing to merge with: as it is, without nulls and directives. */
function taken(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(item => !(isObject(item) && DIRECTIVE in item)).map(taken);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  if (value[DIRECTIVE] === 'delete') return result;
  for (const [key, item] of Object.entries(value)) {
    const directive =
      key === DIRECTIVE || key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER) || key.startsWith(DELETE_PRIMITIVES);
    if (!directive && item !== null) setKey(result, key, taken(item));
  }
  return result;
}

/** `old` itself where `list` holds the same elements. */
function unchanged(old: readonly unknown[] | undefined, list: readonly unknown[]): readonly unknown[] {
  return old && old.length === list.length && old.every((item, i) => item === list[i]) ? old : list;
}

function sameKeys(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(b);
  return keys.length === Object.keys(a).length && keys.every(key => Object.hasOwn(a, key) && a[key] === b[key]);
}

/** Errors that upstream has no status for go out as 500 with their text. */
function internal(message: string): StatusError {
  return new StatusError(500, '', message);
}

function unprocessable(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
