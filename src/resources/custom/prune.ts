import { isObject, type JsonObject, setKey } from '../json.js';
import type { JsonSchema } from './types.js';

/** Where something is inside of an object: fields by name, items by index. */
export type Path = readonly (string | number)[];

/** What every resource has, whatever its schema says. */
const OF_EVERY_RESOURCE: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Whether the value is a null that the schema does not allow. */
export const isForbiddenNull = (value: unknown, schema: JsonSchema): boolean => value === null && !schema.nullable;

/** The schema of a field that is no property of its own; `undefined` if any value will do, `null` if there is no such field. */
export function schemaOfOther(schema: JsonSchema): JsonSchema | undefined | null {
  const { additionalProperties } = schema;
  if (isObject(additionalProperties)) return additionalProperties as JsonSchema;
  if (additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields']) return undefined;
  return null;
}

/** The schema of a field; as {@link schemaOfOther} where it is no property. */
export function schemaOfField(schema: JsonSchema, name: string): JsonSchema | undefined | null {
  const { properties } = schema;
  return properties && Object.hasOwn(properties, name) ? properties[name]! : schemaOfOther(schema);
}

/**
 * A resource without the fields that its schema does not have, and without nulls that it does not allow and has no default for.
 * Its metadata is not looked at. Shares with `resource` what stays.
 *
 * @param unknown hears of each field that was dropped
 */
export function prune(resource: JsonObject, schema: JsonSchema, unknown: (path: Path) => void): JsonObject {
  const path: (string | number)[] = [];

  function pruned(value: unknown, schema: JsonSchema, isResource: boolean): unknown {
    if (Array.isArray(value)) return schema.items ? prunedList(value, schema.items) : value;
    return isObject(value) ? prunedObject(value, schema, isResource) : value;
  }

  function prunedList(list: readonly unknown[], schema: JsonSchema): readonly unknown[] {
    let copy: unknown[] | undefined;
    list.forEach((item, i) => {
      path.push(i);
      const next = pruned(item, schema, schema['x-kubernetes-embedded-resource'] === true);
      path.pop();
      if (next === item) return;
      copy ??= [...list];
      copy[i] = next;
    });
    return copy ?? list;
  }

  function prunedObject(object: JsonObject, schema: JsonSchema, isResource: boolean): JsonObject {
    let copy: JsonObject | undefined;
    for (const name of Object.keys(object)) {
      if (isResource && OF_EVERY_RESOURCE.has(name)) continue;
      const value = object[name];
      const field = schemaOfField(schema, name);
      if (field === undefined) continue;
      if (field === null) unknown([...path, name]);
      const goes = field === null || (isForbiddenNull(value, field) && field.default === undefined);
      let next = value;
      if (!goes) {
        path.push(name);
        next = pruned(value, field, field['x-kubernetes-embedded-resource'] === true);
        path.pop();
        if (next === value) continue;
      }
      copy ??= { ...object };
      if (goes) delete copy[name];
      else setKey(copy, name, next);
    }
    return copy ?? object;
  }

  return prunedObject(resource, schema, true);
}
