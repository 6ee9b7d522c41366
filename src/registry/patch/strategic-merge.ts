import { goFormat, goTypeOf } from '../../resources/go-format.js';
import { equalJson, isObject, type JsonObject, setKey } from '../../resources/json.js';
import type { Field, SchemaType } from '../../resources/schema.js';
import { StatusError } from '../status.js';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const ELEMENT_ORDER = '$setElementOrder';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList';

const LIST = '[]interface {}';
const MAP = 'map[string]interface {}';

/**
 * Strategic merge patch: objects merge field by field, `null` removes, and a list whose field has the patch strategy `merge`
 * merges element by element, told apart by its merge key (or by value, for scalars). Directives in the patch: `$patch:
 * replace` or `delete` in an object or a list's element, `$retainKeys`, `$setElementOrder/<list>`,
 * `$deleteFromPrimitiveList/<list>`. Nothing is changed in place; the result shares with `original` what stays.
 *
 * Directives where nothing heeds them stay in the result, as fields that no type has.
 *
 * @param type the schema of `original`.
 * @throws StatusError 400 for malformed directives, 422 for lists of lists, and 500 for whatever else cannot be merged, as upstream.
 */
export function strategicMerge(original: unknown, patch: JsonObject, type: SchemaType | undefined): JsonObject {
  if (Object.hasOwn(patch, DIRECTIVE)) return directed(patch);
  const base = isObject(original) ? original : {};
  const result = { ...base };
  retainKeys(result, patch);
  const ordered = mergeOrderedLists(result, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER) || ordered.has(key)) continue;
    if (key.startsWith(DELETE_PRIMITIVES)) mergeField(result, listOf(key, DELETE_PRIMITIVES) || key, value, type, true);
    else mergeField(result, key, value, type);
  }
  return sameKeys(base, result) ? base : result;
}

/** What an object with `$patch` in it makes of another. */
function directed(patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw unknownDirective(patch);
}

/** @param deleting `value` came with `$deleteFromPrimitiveList`, which makes a difference for lists alone, and creates nothing. */
function mergeField(
  result: JsonObject,
  key: string,
  value: unknown,
  type: SchemaType | undefined,
  deleting = false,
): void {
  if (value === null) {
    delete result[key];
    return;
  }
  const old = Object.hasOwn(result, key) ? result[key] : undefined;
  if (goTypeOf(old) !== goTypeOf(value)) {
    if (deleting) return;
    const next = taken(value);
    if (next === undefined) delete result[key];
    else setKey(result, key, next);
  } else if (isObject(value)) {
    const field = fieldOf(type, key);
    setKey(result, key, field.patch === 'replace' ? kept(old, value) : strategicMerge(old, value, field.type));
  } else if (Array.isArray(value)) {
    setKey(result, key, mergeList(old as unknown[], value, listField(type, key), deleting));
  } else setKey(result, key, value);
}

type Strategy = Pick<Field, 'patch' | 'patchKey'> & { readonly type: SchemaType | undefined };

/** The types that stand for free-form values; nothing is known of what is in them. */
const OPAQUE: Readonly<Record<string, string>> = { raw: 'RawExtension', fields: 'FieldsV1' };

function fieldOf(type: SchemaType | undefined, key: string): Strategy & Partial<Field> {
  const known = type?.kind === 'struct' ? type.field(key) : undefined;
  if (known) return known;
  if (type?.kind === 'map' || type?.kind === 'list')
    throw internal(
      `merging an object in json but data type is not struct, instead is: ${type.kind === 'map' ? 'map' : 'slice'}`,
    );
  const struct = type?.kind === 'scalar' ? OPAQUE[type.scalar] : type?.name.split('.').at(-1);
  if (struct === undefined) return { type: undefined };
  throw internal(`unable to find api field in struct ${struct} for the json field ${JSON.stringify(key)}`);
}

/** As {@link fieldOf}, for a field that is to hold a list. What Go has a pointer to passes for one. */
function listField(type: SchemaType | undefined, key: string): Strategy {
  const field = fieldOf(type, key);
  const kind = field.type?.kind;
  const isPointer = !field.present && !field.omitZero && kind !== 'map';
  if (kind === undefined || kind === 'list' || isPointer) return field;
  throw internal('expected slice or array type, but got: struct');
}

/** The name of the list that a directive is about. */
function listOf(directive: string, prefix: string): string {
  if (directive.startsWith(`${prefix}/`)) return directive.slice(prefix.length + 1);
  throw StatusError.badRequest(
    `invalid patch format of ${prefix === ELEMENT_ORDER ? 'setElementOrder list' : 'primitive list'}`,
  );
}

/** `$retainKeys`: fields that are not listed go; a patch that sets one that is not listed is malformed. */
function retainKeys(result: JsonObject, patch: JsonObject): void {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return;
  if (!Array.isArray(keys)) throw StatusError.badRequest('invalid patch format of retainKeys');
  keys.forEach(checkComparable);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER) || key.startsWith(DELETE_PRIMITIVES))
      continue;
    if (!keys.includes(key)) throw StatusError.badRequest('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(result)) if (!keys.includes(key)) delete result[key];
}

/** Merges the lists that come with a `$setElementOrder/…`, in that order. Returns their names: they are done with. */
function mergeOrderedLists(result: JsonObject, patch: JsonObject, type: SchemaType | undefined): Set<string> {
  const done = new Set<string>();
  for (const [directive, value] of Object.entries(patch)) {
    if (!directive.startsWith(ELEMENT_ORDER)) continue;
    const order = asList(value)!;
    const key = listOf(directive, ELEMENT_ORDER);
    const old = asList(Object.hasOwn(result, key) ? result[key] : undefined);
    const list = asList(patch[key]);
    const field = listField(type, key);
    checkOrder(list ?? [], order, field.patchKey);
    if (!old && !list) continue;
    const merged = !list ? old! : !old ? (taken(list) as unknown[]) : mergeList(old, list, field);
    elementType(old ?? [], list ?? []);
    result[key] = unchanged(old, arrange(merged, order, old ?? [], field.patchKey));
    done.add(key);
  }
  return done;
}

function asList(value: unknown): unknown[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  throw badType(LIST, value);
}

/** Elements of the patch must appear in the order list, in the same order. */
function checkOrder(list: readonly unknown[], order: readonly unknown[], mergeKey: string | undefined): void {
  if (order.length === 0 || list.length === 0) return;
  if (mergeKey !== undefined) for (const item of list) asMap(item);
  const live = list.filter(item => !isObject(item) || item[DIRECTIVE] !== 'delete');
  let at = 0;
  for (const item of live) {
    if (isObject(item) && Object.hasOwn(item, DIRECTIVE) && at < order.length) continue;
    while (at < order.length && !equal(identity(item, mergeKey), identity(order[at], mergeKey))) at++;
    if (at++ >= order.length) {
      throw internal(
        `The order in patch list:\n${goFormat(list)}\n doesn't match $setElementOrder list:\n${goFormat(order)}\n`,
      );
    }
  }
}

function mergeList(
  old: readonly unknown[],
  patch: readonly unknown[],
  field: Strategy,
  deleting = false,
): readonly unknown[] {
  if (field.patch !== 'merge' && !deleting) return kept(old, patch);
  if (old.length === 0 && patch.length === 0) return old;
  const elements = elementType(old, patch);
  const key = field.patchKey;
  if (elements !== MAP) {
    if (deleting)
      return unchanged(
        old,
        old.filter(item => !patch.includes(item)),
      );
    return unchanged(old, arrange([...new Set([...old, ...patch])], patch, old, key));
  }
  const element = field.type?.kind === 'list' ? field.type.element : undefined;
  if (key === undefined)
    throw internal(
      `cannot merge lists without merge key for ${element?.kind === 'scalar' ? element.scalar : 'struct'}`,
    );
  return unchanged(old, mergeObjects(old as JsonObject[], patch as JsonObject[], key, element));
}

function mergeObjects(
  old: readonly JsonObject[],
  patch: readonly JsonObject[],
  key: string,
  element: SchemaType | undefined,
): unknown[] {
  let remaining = old;
  const plain: JsonObject[] = [];
  let replace = false;
  for (const item of patch) {
    const directive = item[DIRECTIVE];
    if (!Object.hasOwn(item, DIRECTIVE)) plain.push(item);
    else if (directive === 'replace') replace = true;
    else if (directive === 'delete') {
      const gone = identity(item, key);
      remaining = remaining.filter(other => !equal(other[key], gone));
    } else if (directive === 'merge') throw internal('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(item);
  }
  if (replace) return arrange(plain, [], plain, key);
  const live = [...remaining];
  for (const item of plain) {
    const at = indexOf(live, identity(item, key), key);
    if (at < 0) live.push(item);
    else live[at] = strategicMerge(live[at], item, element);
  }
  return arrange(live, plain, remaining, key);
}

/**
 * Puts merged elements in order: those that `order` names take its order among themselves, the others keep theirs, and an
 * element that only the server has comes before one of `order` only if it stood before it already.
 */
function arrange(
  merged: readonly unknown[],
  order: readonly unknown[],
  old: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  if (mergeKey === undefined) [...order, ...merged].forEach(checkComparable);
  const isNamed = merged.map(item => indexOf(order, identity(item, mergeKey), mergeKey) >= 0);
  const position = (list: readonly unknown[]) => {
    const ids = list.map(item => identity(item, mergeKey));
    return (item: unknown) => ids.indexOf(identity(item, mergeKey));
  };
  const before = position(old);
  const named = sorted(
    merged.filter((_, i) => isNamed[i]),
    position(order),
  );
  const others = sorted(
    merged.filter((_, i) => !isNamed[i]),
    before,
  );
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const at = before(item);
    while (at >= 0 && next < others.length) {
      const other = before(others[next]);
      if (other < 0 || other >= at) break;
      result.push(others[next++]);
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** Sorts by position, by insertion. As upstream has it, what has no position goes before whatever it is compared with. */
function sorted(items: readonly unknown[], position: (item: unknown) => number): unknown[] {
  const result: { item: unknown; at: number }[] = [];
  for (const item of items) {
    const at = position(item);
    let i = result.length;
    while (i > 0 && (at < 0 || result[i - 1]!.at < 0 || at < result[i - 1]!.at)) i--;
    result.splice(i, 0, { item, at });
  }
  return result.map(({ item }) => item);
}

/** What tells an element from others: the value of its merge key, or itself. */
function identity(item: unknown, mergeKey: string | undefined): unknown {
  if (mergeKey === undefined) return item;
  const map = asMap(item);
  if (Object.hasOwn(map, mergeKey)) return map[mergeKey];
  throw internal(`map: ${goFormat(map)} does not contain declared merge key: ${mergeKey}`);
}

function asMap(item: unknown): JsonObject {
  if (isObject(item)) return item;
  throw badType(MAP, item);
}

/** The index of the element with that identity. Others need not have a merge key, but must be maps where there is one. */
function indexOf(list: readonly unknown[], id: unknown, mergeKey: string | undefined): number {
  return list.findIndex((item, i) => {
    if (mergeKey === undefined) return equal(item, id);
    if (!isObject(item)) throw internal(`value for key ${i} is not a map`);
    return Object.hasOwn(item, mergeKey) && equal(item[mergeKey], id);
  });
}

function equal(a: unknown, b: unknown): boolean {
  if (typeof a === 'object' && goTypeOf(a) === goTypeOf(b)) checkComparable(a);
  return a === b;
}

/** Go neither compares lists and maps nor looks them up: it panics. */
function checkComparable(value: unknown): void {
  if (typeof value === 'object' && value !== null) throw panicked();
}

/** The type that all elements of lists have. @throws StatusError if they have none in common. */
function elementType(...lists: (readonly unknown[])[]): string {
  const [first, ...others] = lists.flat().map(goTypeOf);
  if (first === undefined) throw internal('no elements in any of the given slices');
  if (first === goTypeOf(null)) throw panicked();
  if (first === LIST) {
    throw new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
  if (others.some(other => other !== first)) throw internal(`list element types are not identical: ${goFormat(lists)}`);
  return first;
}

/** A value of the patch that has nothing to merge with: without nulls, and without what has a directive. `undefined`: it has. */
function taken(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(taken).filter(item => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE) && value[DIRECTIVE] !== null) return undefined;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const next = item === null ? undefined : taken(item);
    if (next !== undefined) setKey(result, key, next);
  }
  return result;
}

/** `next`, or `old` if it is the same. */
function kept<T>(old: unknown, next: T): T {
  return equalJson(old, next) ? (old as T) : next;
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

function badType(expected: string, value: unknown): StatusError {
  return internal(`expected a ${expected}, but received a ${value === null ? '%!s(<nil>)' : goTypeOf(value)}`);
}

function unknownDirective(patch: JsonObject): StatusError {
  const directive = patch[DIRECTIVE];
  const type = goTypeOf(directive);
  const text =
    type === 'string' ? goFormat(directive) : `%!s(${directive === null ? '' : `${type}=`}${goFormat(directive)})`;
  return internal(`unknown patch type: ${text} in map: ${goFormat(patch)}`);
}

/** Upstream's handler of requests has no better answer where its code breaks down. */
function panicked(): StatusError {
  return internal('This request caused apiserver to panic. Look in the logs for details.');
}
