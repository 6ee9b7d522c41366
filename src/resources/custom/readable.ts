import { isObject, type JsonObject } from '../json.js';
import type { CustomResourceDefinition } from './types.js';

/**
 * Why a definition's schemas cannot even be read. Its decoder leaves open what `items`, `additionalProperties` and `enum` hold,
 * since they have several forms; the rest of this folder relies on schemas being schemas wherever they stand.
 */
export function unreadable({ spec }: CustomResourceDefinition): string | undefined {
  for (const { schema } of spec?.versions ?? []) {
    const why = schema?.openAPIV3Schema && unreadableSchema(schema.openAPIV3Schema as JsonObject);
    if (why) return why;
  }
  return undefined;
}

const FIELDS: Readonly<
  Record<
    string,
    'string' | 'boolean' | 'number' | 'list' | 'texts' | 'object' | 'schemas' | 'schemaMap' | 'schema' | 'schemaOrBool'
  >
> = {
  type: 'string',
  format: 'string',
  description: 'string',
  title: 'string',
  pattern: 'string',
  nullable: 'boolean',
  uniqueItems: 'boolean',
  exclusiveMinimum: 'boolean',
  exclusiveMaximum: 'boolean',
  minLength: 'number',
  maxLength: 'number',
  minimum: 'number',
  maximum: 'number',
  multipleOf: 'number',
  minItems: 'number',
  maxItems: 'number',
  minProperties: 'number',
  maxProperties: 'number',
  enum: 'list',
  required: 'texts',
  properties: 'schemaMap',
  items: 'schema',
  additionalProperties: 'schemaOrBool',
  allOf: 'schemas',
  anyOf: 'schemas',
  oneOf: 'schemas',
  not: 'schema',
  'x-kubernetes-preserve-unknown-fields': 'boolean',
  'x-kubernetes-embedded-resource': 'boolean',
  'x-kubernetes-int-or-string': 'boolean',
  'x-kubernetes-list-type': 'string',
  'x-kubernetes-list-map-keys': 'texts',
  'x-kubernetes-map-type': 'string',
  'x-kubernetes-validations': 'list',
};

function unreadableSchema(schema: unknown): string | undefined {
  if (!isObject(schema)) return mismatch(schema, 'v1.JSONSchemaProps');
  for (const [name, value] of Object.entries(schema)) {
    const form = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    const why = form && unreadableField(name, value, form);
    if (why) return why;
  }
  return undefined;
}

function unreadableField(name: string, value: unknown, form: string): string | undefined {
  const field = `struct field JSONSchemaProps.${name}`;
  switch (form) {
    case 'schema':
      // A list of schemas can be read; that it is not allowed is for validation to say.
      return Array.isArray(value) ? undefined : unreadableSchema(value);
    case 'schemaOrBool':
      return typeof value === 'boolean' ? undefined : unreadableSchema(value);
    case 'schemas':
      return Array.isArray(value) ? firstOf(value) : mismatch(value, '[]v1.JSONSchemaProps', field);
    case 'schemaMap':
      return isObject(value) ? firstOf(Object.values(value)) : mismatch(value, 'map[string]v1.JSONSchemaProps', field);
    case 'list':
      return Array.isArray(value) ? undefined : mismatch(value, '[]string', field);
    case 'texts': {
      if (!Array.isArray(value)) return mismatch(value, '[]string', field);
      const other: unknown = value.find(item => typeof item !== 'string' && item !== null);
      return other === undefined ? undefined : mismatch(other, 'string', field);
    }
    default:
      return typeof value === form ? undefined : mismatch(value, form, field);
  }
}

function firstOf(schemas: readonly unknown[]): string | undefined {
  for (const schema of schemas) {
    const why = unreadableSchema(schema);
    if (why) return why;
  }
  return undefined;
}

function mismatch(value: unknown, type: string, target = 'value'): string {
  const actual = Array.isArray(value)
    ? 'array'
    : typeof value === 'boolean'
      ? 'bool'
      : value === null
        ? 'null'
        : typeof value;
  return `json: cannot unmarshal ${actual} into Go ${target} of type ${type}`;
}
