/** Values of CEL at run time. Whole numbers are bigints, as they have 64 bits; numbers are doubles. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | CelMap
  | Uint
  | Timestamp
  | Duration
  | Optional
  | TypeValue
  | Opaque;

/** What an expression cannot do with what it was given: `no such key: x`. */
export class CelFailure extends Error {}

export const noSuchOverload = () => new CelFailure('no such overload');
export const noSuchKey = (key: Value) => new CelFailure(`no such key: ${typeof key === 'string' ? key : display(key)}`);

/** Maps and objects. */
export interface CelMap {
  readonly size: number;
  get(key: Value): Value | undefined;
  keys(): readonly Value[];
}

export class Uint {
  constructor(readonly value: bigint) {}
}

/** A moment, in nanoseconds since 1970. */
export class Timestamp {
  constructor(readonly nanos: bigint) {}
}

export class Duration {
  constructor(readonly nanos: bigint) {}
}

export class Optional {
  constructor(readonly value: Value | undefined) {}
}

/** A type as a value, by the name that `type()` compares. */
export class TypeValue {
  constructor(readonly name: string) {}
}

/** A value that only functions know how to use. */
export abstract class Opaque {
  abstract readonly type: string;

  /** The same only as itself, unless its kind knows better. */
  equals(other: Opaque): boolean {
    return other === this;
  }
}

/** A list with which sets or keyed items are compared and added, as `x-kubernetes-list-type` has it. */
export class RelatedList extends Array<Value> {
  /** What tells items apart: their keys in lists of type `map`, all of them in sets. */
  keyOf: (item: Value) => string = identity;
}

/** A list whose items are told apart by what `keyOf` says of them. */
export function relatedList(items: readonly Value[], keyOf: (item: Value) => string): RelatedList {
  const list = new RelatedList();
  for (const item of items) list.push(item);
  list.keyOf = keyOf;
  return list;
}

/** A map that an expression made. */
export class MapValue implements CelMap {
  private readonly entries = new Map<string, readonly [Value, Value]>();

  get size(): number {
    return this.entries.size;
  }

  get(key: Value): Value | undefined {
    return this.entries.get(identity(key))?.[1];
  }

  set(key: Value, value: Value): void {
    this.entries.set(identity(key), [key, value]);
  }

  keys(): Value[] {
    return [...this.entries.values()].map(([key]) => key);
  }
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value): value is CelMap =>
  typeof value === 'object' && value !== null && 'keys' in value && !isList(value) && !(value instanceof Uint8Array);

/** A text that is the same for what is equal, numbers of all types among themselves. */
export function identity(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'bigint' || value instanceof Uint) return `n${value instanceof Uint ? value.value : value}`;
  if (typeof value === 'number') return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(identity).join()}]`;
  if (isMap(value)) {
    const entries = value.keys().map(key => `${identity(key)}:${identity(value.get(key)!)}`);
    return `{${entries.sort().join()}}`;
  }
  return `${typeName(value)} ${display(value)}`;
}

/** The name of a value's type. */
export function typeName(value: Value): string {
  if (value === null) return 'null_type';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
  }
  if (isList(value)) return 'list';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof TypeValue) return 'type';
  return value instanceof Opaque ? value.type : 'map';
}

const isNumeric = (value: Value): value is bigint | number | Uint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;
const plain = (value: bigint | number | Uint) => (value instanceof Uint ? value.value : value);

export function equals(a: Value, b: Value): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: whole numbers equal doubles of the same amount
  if (isNumeric(a) && isNumeric(b)) return plain(a) == plain(b);
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof RelatedList && isList(b)) return sameItems(a, b);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => equals(item, b[i]!));
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  if (a instanceof Opaque) return b instanceof Opaque && a.type === b.type && a.equals(b);
  if (a instanceof Optional) {
    if (!(b instanceof Optional)) return false;
    return a.value === undefined || b.value === undefined ? a.value === b.value : equals(a.value, b.value);
  }
  if (!isMap(a) || !isMap(b) || a.size !== b.size) return false;
  return a.keys().every(key => {
    const other = b.get(key);
    return other !== undefined && equals(a.get(key)!, other);
  });
}

/** In sets and lists with keys the order says nothing. */
function sameItems(a: RelatedList, b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  const others = new Map(b.map(item => [a.keyOf(item), item]));
  return a.every(item => {
    const other = others.get(a.keyOf(item));
    return other !== undefined && equals(item, other);
  });
}

/** `a + b` of lists: what is in both stands once in sets; items of `b` replace those with their keys. */
export function concatenate(a: readonly Value[], b: readonly Value[]): readonly Value[] {
  if (!(a instanceof RelatedList)) return [...a, ...b];
  const items = new Map<string, Value>();
  for (const item of [...a, ...b]) items.set(a.keyOf(item), item);
  return relatedList([...items.values()], a.keyOf);
}

/** Below 0, 0 or above, as `a` is less than `b`, equal or greater. @throws CelFailure if they have no order */
export function compare(a: Value, b: Value): number {
  const order = <T extends string | bigint | number | boolean>(x: T, y: T) => (x < y ? -1 : x > y ? 1 : 0);
  if (isNumeric(a) && isNumeric(b)) return order(plain(a) as number, plain(b) as number);
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'boolean' && typeof b === 'boolean') return order(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanos, b.nanos);
  throw noSuchOverload();
}

/** How many characters, bytes, items or entries there are; 1 of anything else. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string' || isList(value) || value instanceof Uint8Array) return value.length;
  return isMap(value) ? value.size : 1;
}

/** A value as messages show it. */
function display(value: Value): string {
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp || value instanceof Duration) return String(value.nanos);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Optional) return value.value === undefined ? 'none' : identity(value.value);
  return String(value);
}
