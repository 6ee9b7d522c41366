import { DataTable } from './data-table.js';
import type { JsonObject } from './json.js';

/** Where the types of the API machinery are: `ObjectMeta`, `Status`, `DeleteOptions`. */
export const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/**
 * Leaves of the schema. Beside JSON's own scalars:
 * `quantity`, `intOrString`, `time` and `microtime` have a form of their own; `raw` is a free-form object whose fields are
 * owned one by one (RawExtension), `fields` a FieldsV1, `atomic` any value owned as a whole, `deduced` any value whose maps are
 * owned key by key and whose lists as a whole.
 */
export type Scalar =
  | 'string'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'double'
  | 'bytes'
  | 'time'
  | 'microtime'
  | 'quantity'
  | 'intOrString'
  | 'raw'
  | 'fields'
  | 'atomic'
  | 'deduced';

interface ScalarType {
  readonly kind: 'scalar';
  readonly scalar: Scalar;
}

export interface ListType {
  readonly kind: 'list';
  readonly element: SchemaType;
  /** `atomic`: one owner for the whole list; `set`: of scalars, each owned; `map`: of objects told apart by `keys`. */
  readonly relation: 'atomic' | 'set' | 'map';
  readonly keys: readonly string[];
  /** Values that keys take where an element leaves them out (`protocol: TCP`). */
  readonly defaults: Readonly<Record<string, unknown>>;
}

export interface MapType {
  readonly kind: 'map';
  readonly element: SchemaType;
  readonly atomic: boolean;
}

export interface StructType {
  readonly kind: 'struct';
  /** Upstream's name: `io.k8s.api.core.v1.PodSpec`. */
  readonly name: string;
  readonly atomic: boolean;
  /** The fields by JSON name, each compiled when first asked for. */
  field(name: string): Field | undefined;
  readonly fieldNames: readonly string[];
  /** What is particular to the type of a custom kind's objects, which no Go type stands behind. */
  readonly custom?: CustomType;
}

export interface CustomType {
  /** The object without what its schema does not have, metadata aside; `unknown` hears of each field that was dropped. */
  prune(object: JsonObject, unknown: (path: readonly (string | number)[]) => void): JsonObject;
  /** The type as it is published, in a version of OpenAPI; `standard` are the fields that every kind has. */
  openApi(dialect: 2 | 3, standard: JsonObject): JsonObject;
}

export type SchemaType = ScalarType | ListType | MapType | StructType;

/** A type of the schema data by its name, or one that is not in there: a custom resource's. */
export type SchemaRef = string | StructType;

/** Go's zero value of a scalar. */
export const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false;

/** A field of a struct, with its `patchStrategy` and `patchMergeKey` of strategic merge patch. */
export interface Field {
  readonly type: SchemaType;
  readonly patch?: 'merge' | 'replace';
  readonly patchKey?: string;
  /** Objects have the field even where JSON leaves it out: in Go it is no pointer, and its zero value counts as a value. */
  readonly present: boolean;
  /** A scalar that is left out where it is zero (`""`, `0`, `false`), since Go cannot tell that from its absence. */
  readonly omitZero?: boolean;
}

/** data/schema.json: a number is an index into the file's types, in their order there. */
type Form = Scalar | number | ObjectForm;
interface ObjectForm {
  type?: number;
  list?: Form;
  map?: Form;
  atomic?: boolean;
  set?: boolean;
  keys?: string[];
  defaults?: Record<string, unknown>;
  patch?: 'merge' | 'replace';
  patchKey?: string;
}
interface StructForm {
  fields: Record<string, Form>;
  present?: string[];
  omit?: string[];
  atomic?: boolean;
}
type TypeForm = StructForm | { alias: Form };

class Struct implements StructType {
  readonly kind = 'struct';
  readonly atomic: boolean;
  readonly #form: StructForm;
  readonly #fields = new Map<string, Field>();

  constructor(
    readonly name: string,
    form: StructForm,
  ) {
    this.#form = form;
    this.atomic = form.atomic ?? false;
  }

  get fieldNames(): readonly string[] {
    return Object.keys(this.#form.fields);
  }

  field(name: string): Field | undefined {
    const known = this.#fields.get(name);
    if (known || !Object.hasOwn(this.#form.fields, name)) return known;
    const { fields, present, omit } = this.#form;
    const field = fieldOf(fields[name]!, present?.includes(name) ?? false, omit?.includes(name) ?? false);
    this.#fields.set(name, field);
    return field;
  }

  asAtomic(): Struct {
    return this.atomic ? this : new Struct(this.name, { ...this.#form, atomic: true });
  }
}

let table: DataTable<TypeForm> | undefined;
const compiled: SchemaType[] = [];
const scalars = new Map<Scalar, ScalarType>();

function types(): DataTable<TypeForm> {
  table ??= new DataTable('schema.json');
  return table;
}

/** The type that upstream calls `name`, or `undefined`. The data is read on the first call, each type compiled on its first use. */
export function schemaType(name: string): SchemaType | undefined {
  const index = types().indexOf(name);
  return index === undefined ? undefined : typeAt(index);
}

/** What a type is called. */
export const nameOf = (schema: SchemaRef): string => (typeof schema === 'string' ? schema : schema.name);

/** The struct that is called so, or is given. @throws Error if there is none: kinds name their schema, so that is a mistake of ours. */
export function structType(schema: SchemaRef): StructType {
  const type = typeof schema === 'string' ? schemaType(schema) : schema;
  if (type?.kind !== 'struct') throw new Error(`no schema for ${String(schema)}`);
  return type;
}

function typeAt(index: number): SchemaType {
  let type = compiled[index];
  if (!type) {
    const form = types().read(index);
    type = 'alias' in form ? typeOf(form.alias) : new Struct(types().names[index]!, form);
    compiled[index] = type;
  }
  return type;
}

function typeOf(form: Form): SchemaType {
  if (typeof form === 'string') return scalarType(form);
  if (typeof form === 'number') return typeAt(form);
  if (form.list !== undefined) return listType(form.list, form);
  if (form.map !== undefined) return { kind: 'map', element: typeOf(form.map), atomic: form.atomic ?? false };
  const type = typeAt(form.type!);
  return form.atomic && type instanceof Struct ? type.asAtomic() : type;
}

function scalarType(scalar: Scalar): ScalarType {
  const known = scalars.get(scalar);
  if (known) return known;
  const type: ScalarType = { kind: 'scalar', scalar };
  scalars.set(scalar, type);
  return type;
}

function listType(element: Form, form: ObjectForm): ListType {
  return {
    kind: 'list',
    element: typeOf(element),
    relation: form.keys ? 'map' : form.set ? 'set' : 'atomic',
    keys: form.keys ?? [],
    defaults: form.defaults ?? {},
  };
}

function fieldOf(form: Form, present: boolean, omitZero: boolean): Field {
  const type = typeOf(form);
  if (typeof form !== 'object') return { type, present, omitZero };
  const { patch, patchKey } = form;
  return { type, present, omitZero, ...(patch ? { patch } : {}), ...(patchKey ? { patchKey } : {}) };
}
