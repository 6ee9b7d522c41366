import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { GroupVersionKind } from '../resources/definition.js';
import {
  type Field,
  META,
  nameOf,
  type Scalar,
  type SchemaRef,
  type SchemaType,
  type StructType,
  schemaType,
  structType,
} from '../resources/schema.js';

/** An OpenAPI schema object, in either dialect. */
export type SchemaObject = { [key: string]: unknown };

/** What differs between OpenAPI 2 and 3. */
export interface Dialect {
  /** A reference to a named schema from within another. */
  ref(name: string, description: string | undefined): SchemaObject;
}

/** OpenAPI 2 (Swagger). */
export const V2: Dialect = {
  ref: (name, description) => ({ ...(description ? { description } : {}), $ref: `#/definitions/${name}` }),
};

/** In OpenAPI 3.0 nothing may stand beside `$ref`: upstream wraps it into an `allOf`. */
export const V3: Dialect = {
  ref: (name, description) => ({
    ...(description ? { description } : {}),
    default: {},
    allOf: [{ $ref: `#/components/schemas/${name}` }],
  }),
};

/** Leaves that are types with a name of their own. */
const NAMED_SCALARS: Partial<Record<Scalar, string>> = {
  time: `${META}.Time`,
  microtime: `${META}.MicroTime`,
  fields: `${META}.FieldsV1`,
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  raw: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
};

const PLAIN_SCALARS: Partial<Record<Scalar, SchemaObject>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
};

const text: SchemaObject = { type: 'string' };

/** Types of the API machinery that are not part of any stored object. */
const MACHINERY: Readonly<Record<string, (dialect: Dialect) => SchemaObject>> = {
  [`${META}.Time`]: () => ({ type: 'string', format: 'date-time' }),
  [`${META}.MicroTime`]: () => ({ type: 'string', format: 'date-time' }),
  [`${META}.FieldsV1`]: () => ({ type: 'object' }),
  [`${META}.Patch`]: () => ({ type: 'object' }),
  'io.k8s.apimachinery.pkg.api.resource.Quantity': () => ({ type: 'string' }),
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': dialect =>
    dialect === V2
      ? { type: 'string', format: 'int-or-string' }
      : { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': () => ({ type: 'object' }),
  [`${META}.ListMeta`]: () => ({
    type: 'object',
    properties: {
      continue: text,
      remainingItemCount: { type: 'integer', format: 'int64' },
      resourceVersion: text,
      selfLink: text,
    },
  }),
  [`${META}.Status`]: dialect => ({
    type: 'object',
    properties: {
      apiVersion: text,
      code: { type: 'integer', format: 'int32' },
      details: dialect.ref(`${META}.StatusDetails`, undefined),
      kind: text,
      message: text,
      metadata: dialect.ref(`${META}.ListMeta`, undefined),
      reason: text,
      status: text,
    },
    'x-kubernetes-group-version-kind': [{ group: '', kind: 'Status', version: 'v1' }],
  }),
  [`${META}.StatusDetails`]: dialect => ({
    type: 'object',
    properties: {
      causes: { type: 'array', items: dialect.ref(`${META}.StatusCause`, undefined) },
      group: text,
      kind: text,
      name: text,
      retryAfterSeconds: { type: 'integer', format: 'int32' },
      uid: text,
    },
  }),
  [`${META}.StatusCause`]: () => ({ type: 'object', properties: { field: text, message: text, reason: text } }),
};

/** data/documentation.json.gz: what upstream says about a type, and which of its fields must be there. */
interface Documentation {
  readonly about?: string;
  readonly required?: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

let documentation: Readonly<Record<string, Documentation>> | undefined;

function documented(type: string): Documentation | undefined {
  documentation ??= JSON.parse(
    gunzipSync(readFileSync(new URL('../../data/documentation.json.gz', import.meta.url))).toString(),
  ) as Record<string, Documentation>;
  return documentation[type];
}

/** What is said about a type, or about one of its fields. */
function describe(type: string, field?: string): string | undefined {
  const documents = documented(type);
  return field === undefined ? documents?.about : documents?.fields[field];
}

/** Collects named schemas and everything they refer to. */
export class Schemas {
  readonly all: Record<string, SchemaObject> = {};

  constructor(readonly dialect: Dialect) {}

  /** Adds a type of the schema data, or a custom kind's, and what it refers to. @returns its name */
  add(schema: SchemaRef, kind?: GroupVersionKind): string {
    const name = nameOf(schema);
    if (this.all[name]) return name;
    if (typeof schema !== 'string' && schema.custom) {
      this.all[name] = schema.custom.openApi(this.dialect === V2 ? 2 : 3, this.#standardFields());
      return name;
    }
    const machinery = MACHINERY[name];
    if (machinery) {
      this.all[name] = described(machinery(this.dialect), name);
      for (const referred of Object.keys(MACHINERY))
        if (JSON.stringify(this.all[name]).includes(`/${referred}"`)) this.add(referred);
      return name;
    }
    const type = schemaType(name);
    this.all[name] = {}; // types may contain themselves
    this.all[name] =
      type?.kind === 'struct' ? this.#struct(type, kind) : { ...(type ? this.#type(type) : { type: 'object' }) };
    return name;
  }

  /** Adds the list of a kind. @returns its name */
  addList(schema: SchemaRef, kind: GroupVersionKind, listKind: string): string {
    const name = this.add(schema, kind);
    const listName = name.slice(0, -kind.kind.length) + listKind;
    const items = this.dialect.ref(name, undefined);
    this.all[listName] = {
      description: describe(listName) ?? `${listKind} is a list of ${kind.kind} objects.`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { description: describe(name, 'apiVersion'), ...text },
        items: { description: describe(listName, 'items') ?? 'The objects of the list.', type: 'array', items },
        kind: { description: describe(name, 'kind'), ...text },
        metadata: this.dialect.ref(this.add(`${META}.ListMeta`), describe(listName, 'metadata')),
      },
      'x-kubernetes-group-version-kind': [{ ...kind, kind: listKind }],
    };
    return listName;
  }

  /** What every kind has, told as of any built-in one. */
  #standardFields(): SchemaObject {
    const told = (field: string) => describe('io.k8s.api.core.v1.ConfigMap', field);
    return {
      apiVersion: { description: told('apiVersion'), ...text },
      kind: { description: told('kind'), ...text },
      metadata: this.dialect.ref(this.add(`${META}.ObjectMeta`), told('metadata')),
    };
  }

  #struct(type: StructType, kind: GroupVersionKind | undefined): SchemaObject {
    const description = describe(type.name);
    const properties: Record<string, SchemaObject> = {};
    const required = documented(type.name)?.required?.filter(name => type.field(name)) ?? [];
    for (const name of [...type.fieldNames].sort()) {
      const field = type.field(name)!;
      properties[name] = this.#field(field, describe(type.name, name));
    }
    return {
      ...(description ? { description } : {}),
      type: 'object',
      ...(required.length ? { required } : {}),
      properties,
      ...(type.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      ...(kind ? { 'x-kubernetes-group-version-kind': [kind] } : {}),
    };
  }

  #field(field: Field, description: string | undefined): SchemaObject {
    return {
      ...this.#type(field.type, description),
      ...(field.patchKey ? { 'x-kubernetes-patch-merge-key': field.patchKey } : {}),
      ...(field.patch ? { 'x-kubernetes-patch-strategy': field.patch } : {}),
    };
  }

  #type(type: SchemaType, description?: string): SchemaObject {
    const head = description ? { description } : {};
    switch (type.kind) {
      case 'scalar': {
        const named = NAMED_SCALARS[type.scalar];
        return named
          ? this.dialect.ref(this.add(named), description)
          : { ...head, ...(PLAIN_SCALARS[type.scalar] ?? { type: 'object' }) };
      }
      case 'list':
        return {
          ...head,
          type: 'array',
          items: this.#type(type.element),
          'x-kubernetes-list-type': type.relation,
          ...(type.keys.length ? { 'x-kubernetes-list-map-keys': type.keys } : {}),
        };
      case 'map':
        return {
          ...head,
          type: 'object',
          additionalProperties: this.#type(type.element),
          ...(type.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
        };
      case 'struct':
        return this.dialect.ref(this.add(type.name), description);
    }
  }
}

/** Whether the schema data knows the type. */
export function hasSchema(name: string): boolean {
  return schemaType(name) !== undefined && structType(name) !== undefined;
}

function described(schema: SchemaObject, name: string): SchemaObject {
  const description = describe(name);
  const properties = schema.properties as Record<string, SchemaObject> | undefined;
  return {
    ...(description ? { description } : {}),
    ...schema,
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([field, property]) => {
              const about = describe(name, field);
              return [field, about ? { description: about, ...property } : property];
            }),
          ),
        }
      : {}),
  };
}
