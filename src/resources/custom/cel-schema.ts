import { MAX_REQUEST } from '../cel/estimate.js';
import { durationOf, timestampOf } from '../cel/functions/time.js';
import { RESERVED } from '../cel/parser.js';
import { BOOL, type CelType, DYN, INT, listOf, mapOf, STRING } from '../cel/types.js';
import { CelFailure, type CelMap, identity, isMap, MapValue, relatedList, type Value } from '../cel/values.js';
import { isObject, type JsonObject } from '../json.js';
import type { JsonSchema } from './types.js';

/** What every resource shows to rules, whatever its schema says. */
const OF_EVERY_RESOURCE: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } },
};

/** The properties of an object that rules can look at. */
function propertiesOf(schema: JsonSchema, isResource: boolean): Readonly<Record<string, JsonSchema>> {
  return isResource ? { ...schema.properties, ...OF_EVERY_RESOURCE } : (schema.properties ?? {});
}

/** The name of a property in expressions; `undefined` if it can have none there. */
function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/**
 * The type of a schema's values in expressions; `undefined` if rules cannot look at them, since their schema says too little.
 * @param name of the type, as messages show it
 */
export function typeOfSchema(schema: JsonSchema, name: string, isResource: boolean): CelType | undefined {
  if (schema['x-kubernetes-int-or-string']) return DYN;
  switch (schema.type) {
    case 'boolean':
      return BOOL;
    case 'integer':
      return INT;
    case 'number':
      return { kind: 'double' };
    case 'string':
      return textType(schema);
    case 'array': {
      const { items } = schema;
      const element = items && typeOfSchema(items, `${name}.@idx`, isEmbedded(items));
      return element && listOf(element, mostItems(schema));
    }
    case 'object':
      return objectType(schema, name, isResource);
    default:
      return undefined;
  }
}

const isEmbedded = (schema: JsonSchema) => schema['x-kubernetes-embedded-resource'] === true;

/** How many items there can be: what the schema allows, or as many as there is room for in a request. */
function mostItems({ maxItems, items }: JsonSchema): number {
  return maxItems ?? Math.floor((MAX_REQUEST - 2) / (smallest(items!) + 1));
}

function mostEntries({ maxProperties }: JsonSchema, values: JsonSchema): number {
  return maxProperties ?? Math.floor((MAX_REQUEST - 2) / (smallest(values) + 6));
}

function textType(schema: JsonSchema): CelType {
  const { format, maxLength, enum: values } = schema;
  const most = maxLength ?? MAX_REQUEST - 2;
  if (format === 'byte') return { kind: 'bytes', max: most };
  if (format === 'duration') return { kind: 'duration' };
  if (format === 'date' || format === 'date-time') return { kind: 'timestamp' };
  if (maxLength === undefined && values?.length)
    return { ...STRING, max: Math.max(...values.map(value => String(value).length)) } as CelType;
  // Characters may have four bytes each.
  return { ...STRING, max: maxLength === undefined ? most : maxLength * 4 } as CelType;
}

function objectType(schema: JsonSchema, name: string, isResource: boolean): CelType | undefined {
  const { additionalProperties } = schema;
  if (isObject(additionalProperties)) {
    const values = additionalProperties as JsonSchema;
    const type = typeOfSchema(values, `${name}.@elem`, isEmbedded(values));
    return type && mapOf(STRING, type, mostEntries(schema, values));
  }
  const fields = new Map<string, CelType>();
  for (const [property, of] of Object.entries(propertiesOf(schema, isResource))) {
    const escaped = escapeName(property);
    const type = escaped && typeOfSchema(of, `${name}.${property}`, isEmbedded(of));
    if (type) fields.set(escaped, type);
  }
  return { kind: 'object', name, fields };
}

/** How few bytes of JSON a value can have. */
function smallest(schema: JsonSchema): number {
  if (schema['x-kubernetes-int-or-string']) return 1;
  switch (schema.type) {
    case 'boolean':
      return 4;
    case 'object': {
      const needed = (schema.required ?? []).map(name => ({ name, of: schema.properties?.[name] }));
      return needed.reduce(
        (sum, { name, of }) => (of && of.default === undefined ? sum + name.length + smallest(of) + 4 : sum),
        2,
      );
    }
    case 'array':
    case 'string':
      return 2;
    default:
      return 1;
  }
}

/** How often a value of a schema can be there in one request. */
export const mostOften = (schema: JsonSchema): number => Math.floor((MAX_REQUEST - 2) / (smallest(schema) + 1));

/** A value as expressions see it. @throws CelFailure if it is not what its format says */
export function celValue(json: unknown, schema: JsonSchema, isResource: boolean): Value {
  if (json === null || json === undefined) return null;
  if (Array.isArray(json)) return listValue(json, schema);
  if (isObject(json)) return objectValue(json, schema, isResource);
  if (typeof json === 'number') {
    const isWhole = schema.type === 'integer' || (schema.type !== 'number' && Number.isInteger(json));
    return isWhole ? BigInt(json) : json;
  }
  if (typeof json !== 'string') return json as boolean;
  switch (schema.format) {
    case 'byte':
      return Buffer.from(json, 'base64');
    case 'duration':
      return durationOf(json);
    case 'date':
      return timestampOf(`${json}T00:00:00Z`);
    case 'date-time':
      return timestampOf(json);
    default:
      return json;
  }
}

function listValue(json: readonly unknown[], schema: JsonSchema): readonly Value[] {
  const items = schema.items ?? {};
  const values = json.map(item => celValue(item, items, isEmbedded(items)));
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return relatedList(values, identity);
  if (type !== 'map') return values;
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map(key => escapeName(key) ?? key);
  return relatedList(values, item =>
    isMap(item) ? keys.map(key => identity(item.get(key) ?? null)).join() : identity(item),
  );
}

function objectValue(json: JsonObject, schema: JsonSchema, isResource: boolean): CelMap {
  const { additionalProperties } = schema;
  if (!isObject(additionalProperties)) return new JsonValue(json, propertiesOf(schema, isResource));
  const map = new MapValue();
  const values = additionalProperties as JsonSchema;
  for (const [key, value] of Object.entries(json)) map.set(key, celValue(value, values, isEmbedded(values)));
  return map;
}

/** An object of a schema with properties. Those that nobody looks at are not read. */
class JsonValue implements CelMap {
  private names: Map<string, string> | undefined;

  constructor(
    private readonly json: JsonObject,
    private readonly properties: Readonly<Record<string, JsonSchema>>,
  ) {}

  get size(): number {
    return this.present().size;
  }

  keys(): readonly Value[] {
    return [...this.present().keys()];
  }

  get(key: Value): Value | undefined {
    const name = this.present().get(key as string);
    if (name === undefined) return undefined;
    const schema = this.properties[name]!;
    const value = this.json[name];
    if (value === null && !schema.nullable)
      throw new CelFailure('invalid data, got null for schema with nullable=false');
    return celValue(value, schema, isEmbedded(schema));
  }

  /** The properties that are there, by their names in expressions. */
  private present(): Map<string, string> {
    if (this.names) return this.names;
    this.names = new Map();
    for (const name of Object.keys(this.json)) {
      const escaped = Object.hasOwn(this.properties, name) ? escapeName(name) : undefined;
      if (escaped !== undefined) this.names.set(escaped, name);
    }
    return this.names;
  }
}
