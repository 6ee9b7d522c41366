import { isObject, type JsonObject } from '../json.js';
import type { CelMap, Value } from './values.js';

/** JSON as expressions see it that know nothing of its type: whole numbers are `int`, times are texts. Read when looked at. */
export function dynamicValue(json: unknown): Value {
  if (json === null || json === undefined) return null;
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return json.map(dynamicValue);
  return isObject(json) ? new JsonMap(json) : (json as string | boolean);
}

class JsonMap implements CelMap {
  constructor(private readonly json: JsonObject) {}

  get size(): number {
    return this.keys().length;
  }

  keys(): readonly string[] {
    return Object.keys(this.json).filter(key => this.json[key] !== undefined);
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.json, key)) return undefined;
    const value = this.json[key];
    return value === undefined ? undefined : dynamicValue(value);
  }
}

/** A map whose entries are worked out when they are first looked at. */
export class LazyMap implements CelMap {
  private readonly known = new Map<string, Value>();

  constructor(private readonly entries: ReadonlyMap<string, () => Value>) {}

  get size(): number {
    return this.entries.size;
  }

  keys(): readonly string[] {
    return [...this.entries.keys()];
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    let value = this.known.get(key);
    if (value === undefined) {
      const entry = this.entries.get(key);
      if (!entry) return undefined;
      this.known.set(key, (value = entry()));
    }
    return value;
  }
}
