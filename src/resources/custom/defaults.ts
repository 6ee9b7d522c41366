import { cloneJson, isObject, type JsonObject, setKey } from '../json.js';
import { isForbiddenNull, schemaOfOther } from './prune.js';
import type { JsonSchema } from './types.js';

const anyDefaults = new WeakMap<JsonSchema, boolean>();

/** Whether there is a default in a schema, or anywhere below. */
export function hasDefaults(schema: JsonSchema): boolean {
  let known = anyDefaults.get(schema);
  if (known === undefined) {
    known = schema.default !== undefined || below(schema).some(hasDefaults);
    anyDefaults.set(schema, known);
  }
  return known;
}

const below = ({ properties = {}, additionalProperties, items }: JsonSchema): JsonSchema[] => [
  ...Object.values(properties),
  ...(isObject(additionalProperties) ? [additionalProperties as JsonSchema] : []),
  ...(items ? [items] : []),
];

/**
 * The value with the schema's defaults in the place of what is absent, or null where it may not be. Shares with `value` what
 * stays, and is `value` itself where nothing is missing.
 */
export function withDefaults<T>(value: T, schema: JsonSchema): T {
  if (!hasDefaults(schema)) return value;
  if (Array.isArray(value)) return (schema.items ? listWithDefaults(value, schema.items) : value) as T;
  return isObject(value) ? (objectWithDefaults(value, schema) as T) : value;
}

function listWithDefaults(list: readonly unknown[], schema: JsonSchema): readonly unknown[] {
  const items = list.map(item => filled(item, schema));
  return items.some((item, i) => item !== list[i]) ? items : list;
}

function objectWithDefaults(object: JsonObject, schema: JsonSchema): JsonObject {
  let copy: JsonObject | undefined;
  const put = (name: string, value: unknown) => {
    copy ??= { ...object };
    setKey(copy, name, value);
  };
  const { properties = {} } = schema;
  for (const [name, field] of Object.entries(properties)) {
    const old = Object.hasOwn(object, name) ? object[name] : undefined;
    const value = filled(old, field);
    if (value !== old) put(name, value);
  }
  const other = schemaOfOther(schema);
  if (other) {
    for (const [name, old] of Object.entries(object)) {
      if (Object.hasOwn(properties, name)) continue;
      const value = filled(old, other);
      if (value !== old) put(name, value);
    }
  }
  return copy ?? object;
}

function filled(value: unknown, schema: JsonSchema): unknown {
  const isAbsent = value === undefined || isForbiddenNull(value, schema);
  return withDefaults(isAbsent && schema.default !== undefined ? cloneJson(schema.default) : value, schema);
}
