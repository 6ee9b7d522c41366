import { equalJson, isObject, isShared, type JsonObject } from '../../resources/json.js';
import type { Field, ListType, MapType, SchemaType, StructType } from '../../resources/schema.js';
import { fieldElement } from './field-set.js';
import { absent, childField, indexList, isLeaf, isScalar, isVoid, type Parent, resolve } from './typed.js';

const MEMBER = '{}';
const MARK = '".":{}';

/** The text of what is shared by many objects and new in each of them: the containers of a set's pods. */
const texts = new WeakMap<object, string>();

/** What a write found and what it left, as far as it could change it. */
export interface Change {
  readonly before: unknown;
  readonly after: unknown;
  readonly type: SchemaType;
  /** A value that stands in keys of lists, and is the object's own. */
  readonly own?: string | undefined;
}

/**
 * What a write added or changed, as the JSON of its FieldsV1, in upstream's order; empty where that is nothing. The same as
 * `compare` finds, without what was removed.
 */
export const changedFields = ({ before, after, type }: Change): string => textOf(before, after, type);

function textOf(before: unknown, after: unknown, declared: SchemaType): string {
  if (before === after || after === undefined) return '';
  const type = resolve(declared, after);
  const isNew = before === undefined;
  if (isLeaf(type) || (isVoid(before) && isVoid(after)) || isScalar(before) || isScalar(after))
    return isNew || !equalJson(before, after) ? MEMBER : '';
  if (isNew) return newFields(after as object, type as Parent);
  const parts = changedChildren(before, after, type as Parent);
  return parts.length > 0 ? `{${parts.join(',')}}` : '';
}

function newFields(value: object, type: Parent): string {
  if (!isShared(value)) return withMark(changedChildren(undefined, value, type));
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = withMark(changedChildren(undefined, value, type))));
  return text;
}

const withMark = (parts: readonly string[]) => (parts.length > 0 ? `{${MARK},${parts.join(',')}}` : MEMBER);

function changedChildren(before: unknown, after: unknown, type: Parent): string[] {
  const parts: string[] = [];
  if (type.kind === 'list') {
    const olds = indexList(type, Array.isArray(before) ? before : []);
    for (const [element, item] of indexList(type, Array.isArray(after) ? after : [])) {
      const text = textOf(olds.get(element), item, type.element);
      if (text) parts.push(`${JSON.stringify(element)}:${text}`);
    }
  } else if (isObject(after)) {
    const put = (key: string, now: unknown, field: Field) => {
      const text = textOf(oldField(before, key, field), now, field.type);
      // Names of Go's fields need no escaping.
      if (text)
        parts.push(type.kind === 'struct' ? `"f:${key}":${text}` : `${JSON.stringify(fieldElement(key))}:${text}`);
    };
    for (const key in after) {
      const field = childField(type, key);
      if (field) put(key, after[key], field);
    }
    for (const key of missing(before, after)) {
      const field = childField(type, key);
      if (field) put(key, absent(field, after), field);
    }
  }
  // By element, as each of them is told apart by its own text.
  return parts.length > 1 ? parts.sort() : parts;
}

/** The keys that an object has no more: what Go cannot leave out is as good as there. */
function missing(before: unknown, after: JsonObject): readonly string[] {
  const gone: string[] = [];
  if (isObject(before)) for (const key in before) if (!Object.hasOwn(after, key)) gone.push(key);
  return gone;
}

const oldField = (before: unknown, key: string, field: Field) =>
  isObject(before) && Object.hasOwn(before, key) ? before[key] : absent(field, before);

/** Whether two writes added and changed the same fields, whatever the values: then the text of one is that of the other. */
export function changedAlike(a: Change, b: Change): boolean {
  return a.type === b.type && alike(a.before, a.after, b.before, b.after, a.type, a.own, b.own);
}

function alike(
  oldA: unknown,
  a: unknown,
  oldB: unknown,
  b: unknown,
  declared: SchemaType,
  ownA: unknown,
  ownB: unknown,
): boolean {
  if (a === b && oldA === oldB) return true;
  if (a === undefined || b === undefined) return a === b;
  if ((oldA === undefined) !== (oldB === undefined)) return false;
  const type = resolve(declared, a);
  if (isLeaf(type) || a === null || typeof a !== 'object') {
    if (!isLeaf(type) && (b === null || typeof b === 'object') && a !== b) return false;
    return isChanged(oldA, a) === isChanged(oldB, b);
  }
  if (b === null || typeof b !== 'object' || (oldA === null) !== (oldB === null)) return false;
  if (type.kind !== 'list')
    return fieldsAlike(oldA, a as JsonObject, oldB, b as JsonObject, type as MapType | StructType, ownA, ownB);
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!haveSameKeys(type, a[i], b[i], ownA, ownB)) return false;
    const [beforeA, beforeB] = [elementOf(oldA, a[i], type), elementOf(oldB, b[i], type)];
    if (!alike(beforeA, a[i], beforeB, b[i], type.element, ownA, ownB)) return false;
  }
  return true;
}

const isChanged = (before: unknown, after: unknown) => before === undefined || !equalJson(before, after);

function fieldsAlike(
  oldA: unknown,
  a: JsonObject,
  oldB: unknown,
  b: JsonObject,
  type: MapType | StructType,
  ownA: unknown,
  ownB: unknown,
): boolean {
  let ahead = 0;
  for (const key in a) {
    if (!Object.hasOwn(b, key)) return false;
    ahead++;
    const field = childField(type, key);
    if (!field) continue;
    const [beforeA, beforeB] = [oldField(oldA, key, field), oldField(oldB, key, field)];
    if (!alike(beforeA, a[key], beforeB, b[key], field.type, ownA, ownB)) return false;
  }
  for (const _ in b) ahead--;
  const gone = missing(oldA, a);
  return ahead === 0 && gone.length === 0 && missing(oldB, b).length === 0;
}

/** Whether two elements stand for the same path; values that are each object's own count as the same. */
function haveSameKeys(type: ListType, a: unknown, b: unknown, ownA: unknown, ownB: unknown): boolean {
  if (type.relation === 'set') return isSameKey(a, b, ownA, ownB);
  if (!isObject(a) || !isObject(b)) return false;
  for (const key of type.keys)
    if (!isSameKey(a[key] ?? type.defaults[key], b[key] ?? type.defaults[key], ownA, ownB)) return false;
  return true;
}

const isSameKey = (a: unknown, b: unknown, ownA: unknown, ownB: unknown) =>
  a === b || (a !== undefined && a === ownA && b === ownB);

/** What stood in a list for the same path. */
function elementOf(list: unknown, item: unknown, type: ListType): unknown {
  return Array.isArray(list) ? list.find(other => haveSameKeys(type, other, item, undefined, undefined)) : undefined;
}
