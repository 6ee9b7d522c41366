import { goFormat, goSyntax, goTypeOf } from '../../resources/go-format.js';
import { equalJson, isObject, type JsonObject, setKey } from '../../resources/json.js';
import {
  type Field,
  isZero,
  type ListType,
  type MapType,
  type SchemaType,
  type StructType,
} from '../../resources/schema.js';
import {
  EMPTY_SET,
  type FieldSet,
  FieldSetBuilder,
  fieldElement,
  isEmptySet,
  isMember,
  keyElement,
  pathText,
  valueElement,
  withMembers,
} from './field-set.js';

/** What changed between two objects. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Everything wrong with an applied configuration, one line each. */
export class TypedError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? problems[0] : `errors:\n${problems.map(problem => `  ${problem}`).join('\n')}`);
  }
}

const UNTYPED_MAP: MapType = { kind: 'map', element: { kind: 'scalar', scalar: 'deduced' }, atomic: false };

/** The type that `value` has where the schema leaves it open: maps are owned key by key, all else as a whole. */
export function resolve(type: SchemaType, value: unknown): SchemaType {
  if (type.kind !== 'scalar' || !isObject(value)) return type;
  return type.scalar === 'deduced' || type.scalar === 'raw' || type.scalar === 'fields' ? UNTYPED_MAP : type;
}

export type Parent = ListType | MapType | StructType;

/** Whether a value of this type is owned as a whole. */
export function isLeaf(type: SchemaType): boolean {
  return type.kind === 'scalar' || (type.kind === 'list' ? type.relation === 'atomic' : type.atomic);
}

export function childField(type: MapType | StructType, key: string): Field | undefined {
  return type.kind === 'struct' ? type.field(key) : { type: type.element, present: false };
}

/** The path element of a list's element; `undefined` for one without all of its keys. */
function listElement(type: ListType, item: unknown): string | undefined {
  if (type.relation === 'set') return valueElement(item);
  if (!isObject(item)) return undefined;
  const keys: JsonObject = {};
  for (const key of type.keys) {
    const value = item[key] ?? type.defaults[key];
    if (value === undefined) return undefined;
    keys[key] = value;
  }
  return keyElement(keys);
}

/** The elements of an associative list by path element, in order; the later of two with the same keys is left out. */
export function indexList(type: ListType, list: readonly unknown[]): Map<string, unknown> {
  const items = new Map<string, unknown>();
  for (const item of list) {
    const element = listElement(type, item);
    if (element !== undefined && !items.has(element)) items.set(element, item);
  }
  return items;
}

// ---- value → set ----

/** The paths that an object sets: its leaves, elements of lists, keys of maps. */
export function fieldsOf(value: unknown, type: SchemaType): FieldSet {
  const builder = new FieldSetBuilder();
  const path: string[] = [];
  const descend = (element: string, item: unknown, itemType: SchemaType, member: boolean) => {
    path.push(element);
    if (member || item === null || (isObject(item) && isEmptySet(item as FieldSet))) builder.insert(path);
    walk(item, itemType);
    path.pop();
  };
  const walk = (node: unknown, declared: SchemaType) => {
    const type = resolve(declared, node);
    if (isLeaf(type)) builder.insert(path);
    else if (type.kind === 'list') {
      if (Array.isArray(node))
        for (const [element, item] of indexList(type, node)) descend(element, item, type.element, true);
    } else if (isObject(node)) {
      for (const [key, item] of Object.entries(node)) {
        const field = childField(type as MapType | StructType, key);
        if (field) descend(fieldElement(key), item, field.type, type.kind === 'map');
      }
    }
  };
  walk(value, type);
  return builder.set;
}

/** Marks the fields of structs in `set` as members, as pruning needs it. */
export function withNamedFields(set: FieldSet, type: SchemaType): FieldSet {
  return withMembers(set, path => {
    let at: SchemaType | undefined = type;
    let named = false;
    for (const element of path) {
      named = false;
      if (at?.kind === 'struct') {
        at = at.field(element.slice(2))?.type;
        named = at !== undefined;
      } else at = at?.kind === 'list' || at?.kind === 'map' ? at.element : undefined;
    }
    return named;
  });
}

/**
 * Checks that a configuration fits its type.
 * @throws TypedError naming unknown fields, wrong types, elements without keys and elements that stand twice.
 */
export function checkTyped(value: unknown, type: SchemaType): void {
  const problems: string[] = [];
  const path: string[] = [];
  const problem = (text: string, at = path) => problems.push(`${pathText(at)}: ${text}`);
  const walk = (node: unknown, declared: SchemaType) => {
    const type = resolve(declared, node);
    if (node === null || node === undefined) return;
    if (type.kind === 'scalar') {
      const wanted = SCALAR_NAMES[type.scalar];
      if (wanted && !wanted.accepts(node)) problem(`expected ${wanted.name}, got ${wanted.shows(node)}`);
    } else if (type.kind === 'list') walkList(node, type);
    else walkMap(node, type);
  };
  const walkList = (node: unknown, type: ListType) => {
    if (!Array.isArray(node)) return problem(`expected list, got ${goFields(node)}`);
    const seen = new Set<string>();
    node.forEach((item, i) => {
      if (type.relation === 'set' && typeof item === 'object') {
        problem(setElementProblem(i, item));
        return;
      }
      const element = type.relation === 'atomic' ? `i:${i}` : listElement(type, item);
      if (element === undefined) {
        problem(`element ${i}: associative list with keys ${keylessProblem(item, type)}`);
        return;
      }
      if (seen.has(element)) problem(`duplicate entries for key ${pathText([element])}`);
      seen.add(element);
      path.push(element);
      walk(item, type.element);
      path.pop();
    });
  };
  const walkMap = (node: unknown, type: MapType | StructType) => {
    if (!isObject(node)) return problem(`expected map, got ${goFields(node)}`);
    for (const [key, item] of Object.entries(node)) {
      const field = childField(type, key);
      path.push(fieldElement(key));
      if (field) walk(item, field.type);
      else problem('field not declared in schema');
      path.pop();
    }
  };
  walk(value, type);
  if (problems.length) throw new TypedError(problems);
}

/** What is wrong with an element that has no key. */
function keylessProblem(item: unknown, { keys, defaults }: ListType): string {
  if (item === null || item === undefined) return 'may not have a null element';
  if (!isObject(item)) return 'may not have non-map elements';
  const missing = keys.find(key => (item[key] ?? defaults[key]) === undefined);
  return `has an element that omits key field ${JSON.stringify(missing)} (and doesn't have default value)`;
}

/** Sets are of scalars. */
function setElementProblem(index: number, item: unknown): string {
  const subject = `element ${index}: `;
  if (Array.isArray(item)) return `${subject}not supported: associative list with lists as elements`;
  const what = item === null ? "that's an explicit null" : "that's a map type";
  return `${subject}associative list without keys has an element ${what}`;
}

interface ScalarCheck {
  readonly name: string;
  accepts(value: unknown): boolean;
  /** Each of Go's three ways to print a value comes up. */
  shows(value: unknown): string;
}

/** A value within the struct that upstream keeps it in, as `%v` and `%#v` print that. */
const goFields = (value: unknown) => `&{${goFormat(value)}}`;
const goStruct = (value: unknown) => `&value.valueUnstructured{Value:${goSyntax(value)}}`;

const TEXT: ScalarCheck = { name: 'string', accepts: value => typeof value === 'string', shows: goStruct };
const NUMBER: ScalarCheck = {
  name: 'numeric (int or float)',
  accepts: value => typeof value === 'number',
  shows: goTypeOf,
};

const SCALAR_NAMES: Partial<Record<string, ScalarCheck>> = {
  string: TEXT,
  bytes: TEXT,
  boolean: { name: 'boolean', accepts: value => typeof value === 'boolean', shows: goFields },
  int32: NUMBER,
  int64: NUMBER,
  double: NUMBER,
};

// ---- comparison ----

/** What differs between two objects of one type. Parts that both share are not looked at. */
export function compare(before: unknown, after: unknown, type: SchemaType): Comparison {
  const added = new FieldSetBuilder();
  const modified = new FieldSetBuilder();
  const removed = new FieldSetBuilder();
  const path: string[] = [];

  const leaf = (old: unknown, now: unknown) => {
    if (old === undefined) added.insert(path);
    else if (now === undefined) removed.insert(path);
    else if (!equalJson(old, now)) modified.insert(path);
  };
  const descend = (element: string, old: unknown, now: unknown, type: SchemaType) => {
    path.push(element);
    walk(old, now, type);
    path.pop();
  };
  const walk = (old: unknown, now: unknown, declared: SchemaType) => {
    if (old === now) return;
    const type = resolve(declared, now ?? old);
    if (isLeaf(type) || (isVoid(old) && isVoid(now))) return leaf(old, now);
    if (isScalar(old) || isScalar(now)) return leaf(old, now);
    children(old, now, type as Parent);
    if (old === undefined) added.insert(path);
    else if (now === undefined) removed.insert(path);
  };
  const children = (old: unknown, now: unknown, type: Parent) => {
    if (type.kind === 'list') {
      const olds = indexList(type, Array.isArray(old) ? old : []);
      const nows = indexList(type, Array.isArray(now) ? now : []);
      for (const [element, item] of nows) descend(element, olds.get(element), item, type.element);
      for (const [element, item] of olds) if (!nows.has(element)) descend(element, item, undefined, type.element);
      return;
    }
    const olds = isObject(old) ? old : {};
    const nows = isObject(now) ? now : {};
    const child = (key: string) => {
      const field = childField(type, key);
      if (!field) return;
      const from = Object.hasOwn(olds, key) ? olds[key] : absent(field, old);
      const to = Object.hasOwn(nows, key) ? nows[key] : absent(field, now);
      descend(fieldElement(key), from, to, field.type);
    };
    for (const key of Object.keys(nows)) child(key);
    for (const key of Object.keys(olds)) if (!Object.hasOwn(nows, key)) child(key);
  };
  walk(before, after, type);
  return { added: added.set, modified: modified.set, removed: removed.set };
}

export const isVoid = (value: unknown) =>
  value === undefined || value === null || (typeof value === 'object' && isEmptySet(value as FieldSet));
export const isScalar = (value: unknown) => value !== undefined && value !== null && typeof value !== 'object';

/** The value of a field that JSON leaves out: Go's zero value where the field is no pointer and the object is there. */
export function absent(field: Field, parent: unknown): unknown {
  const { type } = field;
  // A time is no pointer either, but is shown as null.
  if (type.kind === 'scalar' && (type.scalar === 'time' || type.scalar === 'microtime'))
    return parent === undefined ? undefined : null;
  if (!field.present || !isObject(parent)) return undefined;
  if (type.kind === 'list') return [];
  if (type.kind !== 'scalar') return {};
  if (type.scalar === 'boolean') return false;
  return type.scalar === 'string' ? '' : type.scalar === 'int32' || type.scalar === 'int64' ? 0 : undefined;
}

// ---- merge ----

/**
 * `config` laid over `live`: leaves of the configuration win, null and empty ones too; lists merge by key in the configuration's
 * order. What merges and is null in the configuration stays as it is.
 */
export function merge(live: unknown, config: unknown, declared: SchemaType): unknown {
  if (config === undefined) return live;
  const type = resolve(declared, config);
  if (live === undefined || live === null || isLeaf(type)) return equalJson(live, config) ? live : config;
  if (config === null) return Object.keys(live as object).length > 0 ? live : null;
  if (type.kind === 'list')
    return Array.isArray(live) && Array.isArray(config) ? mergeLists(live, config, type) : config;
  if (!isObject(live) || !isObject(config)) return config;
  let result: JsonObject | undefined;
  for (const [key, value] of Object.entries(config)) {
    const field = childField(type as MapType | StructType, key);
    const old = Object.hasOwn(live, key) ? live[key] : undefined;
    // What would not be kept makes no difference.
    if (old === undefined && field?.omitZero && isZero(value)) continue;
    const merged = field ? merge(old, value, field.type) : value;
    if (merged === old && Object.hasOwn(live, key)) continue;
    result ??= { ...live };
    setKey(result, key, merged);
  }
  return result ?? live;
}

/**
 * Elements that both have take the configuration's order; what only the live list has keeps its place before the next
 * element that both have, what only the configuration has follows the element it follows there.
 */
function mergeLists(live: readonly unknown[], config: readonly unknown[], type: ListType): readonly unknown[] {
  const lives = indexList(type, live);
  const configs = indexList(type, config);
  const left = live.map(item => listElement(type, item));
  const right = [...configs.keys()];
  const shared = right.filter(element => lives.has(element));
  const merged = new Set<string>();
  const result: unknown[] = [];
  const take = (element: string) => {
    merged.add(element);
    result.push(merge(lives.get(element), configs.get(element), type.element));
    if (shared[0] === element) shared.shift();
  };
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const element = left[l];
    const inConfig = element !== undefined && configs.has(element);
    if (l < left.length && r < right.length) {
      if (element === right[r]) {
        take(element!);
        l++;
        r++;
        continue;
      }
      if (inConfig && shared.length > 0 && shared[0] !== element) {
        l++;
        continue;
      }
    }
    if (l < left.length) {
      if (!inConfig) {
        result.push(live[l++]);
        continue;
      }
      if (merged.has(element)) l++;
    }
    if (r < right.length) take(right[r++]!);
  }
  return result.length === live.length && result.every((item, i) => item === live[i]) ? live : result;
}

// ---- removal ----

/** `value` without the items that `set` names; what empties becomes null, as upstream, and is `undefined` if it is all. */
export function removeFields(value: unknown, set: FieldSet, declared: SchemaType): unknown {
  if (isEmptySet(set)) return value;
  const type = resolve(declared, value);
  if (type.kind === 'scalar') return value;
  if (isLeaf(type)) return undefined;
  const keep = (element: string | undefined, item: unknown, itemType: SchemaType): unknown => {
    const node = element === undefined ? undefined : set[element];
    if (!node) return item;
    return isMember(node) ? undefined : (removeFields(item, node, itemType) ?? null);
  };
  if (type.kind === 'list') {
    if (!Array.isArray(value)) return value;
    const kept = value
      .map(item => keep(listElement(type, item), item, type.element))
      .filter(item => item !== undefined);
    return kept.length === 0
      ? undefined
      : kept.length === value.length && kept.every((item, i) => item === value[i])
        ? value
        : kept;
  }
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  let changed = false;
  for (const [key, item] of Object.entries(value)) {
    const kept = keep(fieldElement(key), item, childField(type, key)?.type ?? { kind: 'scalar', scalar: 'atomic' });
    changed ||= kept !== item;
    if (kept !== undefined) setKey(result, key, kept);
  }
  if (!changed) return value;
  return Object.keys(result).length === 0 ? undefined : result;
}

/** The paths of `value` that can be removed: {@link fieldsOf} with the fields of structs. */
export function removableFields(value: unknown, type: SchemaType): FieldSet {
  return value === undefined ? EMPTY_SET : withNamedFields(fieldsOf(value, type), type);
}
