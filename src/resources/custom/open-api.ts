import { isObject, type JsonObject } from '../json.js';
import type { JsonSchema } from './types.js';

/**
 * The published form of a custom kind's schema: what `kubectl explain` shows, and clients check by.
 * @param dialect version of OpenAPI; 2 cannot say all that 3 can, and what it cannot say is left open
 * @param standard the fields that every kind has, in that dialect
 */
export function customOpenApi(
  schema: JsonSchema,
  kind: { group: string; version: string; kind: string },
  dialect: 2 | 3,
  standard: JsonObject,
): JsonObject {
  const gvk = { 'x-kubernetes-group-version-kind': [{ group: kind.group, kind: kind.kind, version: kind.version }] };
  if (dialect === 2 && schema['x-kubernetes-preserve-unknown-fields']) return { type: 'object', ...gvk };
  const published = (dialect === 3 ? schema : inSwagger(schema)) as JsonObject;
  const properties = { ...(published.properties as JsonObject | undefined), ...standard };
  return { ...published, type: 'object', properties, ...gvk };
}

/** What OpenAPI 2, or its readers, know nothing of. */
const NOT_IN_2: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'nullable', 'properties', 'items']);

function inSwagger(schema: JsonSchema): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) if (!NOT_IN_2.has(key)) result[key] = value;
  const { nullable, properties, items, additionalProperties } = schema;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'];
  // Readers of OpenAPI 2 would refuse what is left open: a null, another type, a field that is not named.
  if (nullable || schema['x-kubernetes-int-or-string']) delete result.type;
  if (isOpen && (schema.type === 'object' || schema.type === 'array')) delete result.type;
  if (nullable || isOpen) return withoutContent(result);
  if (properties) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, inSwagger(property)]),
    );
    // To them a null is a field that is missing.
    const required = schema.required?.filter(name => !properties[name]?.nullable) ?? [];
    if (required.length > 0) result.required = required;
    else delete result.required;
  }
  if (items) result.items = inSwagger(items);
  else if (schema.type === 'array') delete result.type;
  if (isObject(additionalProperties)) result.additionalProperties = inSwagger(additionalProperties as JsonSchema);
  return result;
}

function withoutContent({ additionalProperties: _, required: __, ...schema }: JsonObject): JsonObject {
  return schema;
}
