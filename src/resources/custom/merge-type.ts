import { isObject, type JsonObject } from '../json.js';
import { type Field, META, type Scalar, type SchemaType, type StructType, structType } from '../schema.js';
import { customOpenApi } from './open-api.js';
import { prune, schemaOfField } from './prune.js';
import type { JsonSchema } from './types.js';

const scalar = (name: Scalar): SchemaType => ({ kind: 'scalar', scalar: name });
const DEDUCED = scalar('deduced');
const SCALARS: Readonly<Record<string, SchemaType>> = {
  string: scalar('string'),
  integer: scalar('int64'),
  number: scalar('double'),
  boolean: scalar('boolean'),
};

/**
 * The type of a custom kind's objects: how fields are owned and lists merged in server-side apply, as upstream derives it from the
 * published schema; and how they are decoded and published.
 * @param name of the type: `com.example.v1.Widget`
 */
export function customType(
  name: string,
  schema: JsonSchema,
  kind: { group: string; version: string; kind: string },
): StructType {
  const { properties: own = {}, ...rest } = schema;
  const always: Record<string, SchemaType> = {
    apiVersion: SCALARS.string!,
    kind: SCALARS.string!,
    metadata: structType(`${META}.ObjectMeta`),
  };
  return {
    ...struct(name, { ...rest, properties: own }, always),
    custom: {
      prune: (object: JsonObject, unknown) => prune(object, schema, unknown),
      openApi: (dialect, standard) => customOpenApi(schema, kind, dialect, standard),
    },
  };
}

function typeOf(schema: JsonSchema | undefined): SchemaType {
  if (!schema) return DEDUCED;
  if (schema['x-kubernetes-int-or-string']) return scalar('intOrString');
  switch (schema.type) {
    case 'array':
      return listType(schema);
    case 'object':
      return objectType(schema);
    default:
      return SCALARS[schema.type ?? ''] ?? DEDUCED;
  }
}

function objectType(schema: JsonSchema): SchemaType {
  const atomic = schema['x-kubernetes-map-type'] === 'atomic';
  const { properties, additionalProperties } = schema;
  if (properties) return struct('', schema);
  if (isObject(additionalProperties))
    return { kind: 'map', element: typeOf(additionalProperties as JsonSchema), atomic };
  if (additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields'])
    return atomic ? { kind: 'map', element: DEDUCED, atomic } : DEDUCED;
  return struct('', schema);
}

function listType(schema: JsonSchema): SchemaType {
  const { items } = schema;
  const relation = schema['x-kubernetes-list-type'];
  const keys = relation === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [];
  const defaults = Object.fromEntries(
    keys.flatMap(key => {
      const value = items?.properties?.[key]?.default;
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return {
    kind: 'list',
    element: typeOf(items),
    relation: relation === 'set' || relation === 'map' ? relation : 'atomic',
    keys,
    defaults,
  };
}

function struct(name: string, schema: JsonSchema, always: Readonly<Record<string, SchemaType>> = {}): StructType {
  const fields = new Map<string, Field>(
    Object.entries(always).map(([field, type]) => [field, { type, present: false }]),
  );
  return {
    kind: 'struct',
    name,
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    fieldNames: [...new Set([...fields.keys(), ...Object.keys(schema.properties ?? {})])],
    field(field) {
      const known = fields.get(field);
      if (known) return known;
      const found = schemaOfField(schema, field);
      if (found === null) return undefined;
      const made: Field = { type: typeOf(found), present: false };
      // Fields of no property could be any number of names.
      if (schema.properties && Object.hasOwn(schema.properties, field)) fields.set(field, made);
      return made;
    },
  };
}
