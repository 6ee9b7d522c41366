import { apiVersionOf, groupVersionOf, isCustom, type ResourceDefinition } from '../resources/definition.js';
import { invalid } from '../resources/field-error.js';
import { goFormat, goKind } from '../resources/go-format.js';
import { cloneJson, isObject, type JsonObject, setKey } from '../resources/json.js';
import { canonicalAmount, canonicalQuantity, QuantityError } from '../resources/quantity.js';
import {
  type CustomType,
  isZero,
  type Scalar,
  type SchemaRef,
  type SchemaType,
  type StructType,
  structType,
} from '../resources/schema.js';
import type { KubeObject } from '../resources/types.js';
import { StatusError } from './status.js';
import type { FieldValidation } from './types.js';

/** What decoding needs to know of a kind. */
export type Decodable = Pick<ResourceDefinition, 'group' | 'version' | 'kind' | 'schema'>;

export interface DecodeOptions {
  /** What to do about fields that the type does not have; they are dropped in any case. `Ignore` unless told otherwise. */
  readonly fieldValidation?: FieldValidation | undefined;
  /** Keys that stood twice in the body, found when it was parsed: `duplicate field "spec.a"`. */
  readonly duplicates?: readonly string[] | undefined;
}

export interface Decoded<T> {
  readonly object: T;
  /** For `fieldValidation: Warn`: one per unknown or duplicate field. */
  readonly warnings: string[];
}

/** A value that does not fit its type, worded as Go's JSON decoder words it. */
class MismatchError extends Error {}

/** As many unknown fields as upstream reports at most. */
const MAX_STRICT_ERRORS = 100;

/**
 * Turns a parsed body into an object of the kind: `kind` and `apiVersion` filled in where absent, values checked against
 * their types, nulls, empty optional lists and maps, zeroes that say nothing, and unknown fields dropped, the zeroes that are always there filled in. `value` is not changed; the result shares
 * with it what stays.
 *
 * @throws StatusError 400 for another kind or API version, values of the wrong type, and, with `Strict`, unknown or duplicate fields.
 */
export function decodeObject<T extends KubeObject = KubeObject>(
  value: unknown,
  definition: Decodable,
  options: DecodeOptions = {},
): Decoded<T> {
  const body = value ?? {};
  const { kind } = definition;
  const apiVersion = apiVersionOf(definition);
  if (!isObject(body))
    throw unrecognized(
      definition,
      `json: cannot unmarshal ${goKind(body)} into Go value of type ${goName(structType(definition.schema).name)}`,
    );
  const actual = { kind: textOf(body, 'kind') || kind, apiVersion: textOf(body, 'apiVersion') || apiVersion };
  const refuse = (why: string) =>
    StatusError.badRequest(
      `${actual.kind} in version "${actual.apiVersion.split('/').at(-1)}" cannot be handled as a ${kind}: ${why}`,
    );
  if (actual.apiVersion !== apiVersion) {
    throw StatusError.badRequest(
      `the API version in the data (${actual.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (actual.kind !== kind) {
    checkCustomType({ ...body, ...actual }, definition);
    throw refuse(unknownConversion(actual, definition));
  }
  const { object, warnings } = checked<T>(body, definition, options, refuse);
  const complete = object.kind === kind && object.apiVersion === apiVersion && isObject(object.metadata);
  return { object: complete ? object : { ...object, kind, apiVersion, metadata: object.metadata ?? {} }, warnings };
}

export interface PatchedOptions extends DecodeOptions {
  /** What the message shows: the patched object for JSON and merge patches, the patch for strategic ones. */
  readonly shown?: { readonly type: 'json' | 'merge' | 'strategic'; readonly patch: unknown };
  /** Whether the server knows of a kind. */
  readonly knows?: (apiVersion: string, kind: string) => boolean;
}

/**
 * Decodes what a patch made of an object. As {@link decodeObject}, but what is wrong is answered with 422, as upstream does for
 * patches. Strategic ones change no kind: upstream reads their outcome into the object's own type, whatever it says it is.
 */
export function decodePatched<T extends KubeObject = KubeObject>(
  value: unknown,
  definition: Decodable,
  options: PatchedOptions = {},
): Decoded<T> {
  const { shown, knows = () => false } = options;
  const strategic = shown?.type === 'strategic';
  const refuse = (why: string) => {
    const text = strategic ? goFormat(shown.patch) : JSON.stringify(value);
    return StatusError.invalid({ group: '', kind: '' }, '', [invalid('patch', text, why)]);
  };
  if (!strategic && isObject(value)) {
    const { kind } = definition;
    const wrong = (['kind', 'apiVersion'] as const).find(key => (value[key] ?? '') !== textOf(value, key));
    if (wrong !== undefined) {
      const type = goKind(value[wrong]);
      throw refuse(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go struct field .${wrong} of type string`,
      );
    }
    if (isCustom(definition)) checkPatchedType(value, refuse);
    // Without a version, upstream takes it for its internal type, which has none of these fields.
    else if (textOf(value, 'apiVersion') === '') {
      const actual = textOf(value, 'kind') || kind;
      if (actual === kind) return checked({ metadata: {} }, definition, options, refuse);
      const of = `the internal version of group ${JSON.stringify(definition.group)}`;
      throw refuse(`no kind ${JSON.stringify(actual)} is registered for ${of} in scheme ${SCHEME}`);
    }
    const actual = {
      kind: textOf(value, 'kind') || kind,
      apiVersion: textOf(value, 'apiVersion') || apiVersionOf(definition),
    };
    // What a custom object says it is, is looked at together with its name.
    if (!isCustom(definition) && (actual.kind !== kind || actual.apiVersion !== apiVersionOf(definition))) {
      throw refuse(
        knows(actual.apiVersion, actual.kind)
          ? unknownConversion(actual, definition)
          : `no kind ${JSON.stringify(actual.kind)} is registered for version ${JSON.stringify(actual.apiVersion)} in scheme ${SCHEME}`,
      );
    }
  }
  return checked(value, definition, options, refuse, { converting: strategic });
}

/** What upstream calls its table of built-in kinds. */
const SCHEME = '"pkg/api/legacyscheme/scheme.go:30"';

/** What a patch has left of kind and version: a custom object has no type to take them from. */
function checkPatchedType(object: JsonObject, refuse: (why: string) => StatusError): void {
  if (textOf(object, 'kind') === '') throw refuse(`Object 'Kind' is missing in '${JSON.stringify(object)}'`);
  if (textOf(object, 'apiVersion') !== '') return;
  throw StatusError.internal("Object 'apiVersion' is missing in 'object has no apiVersion field'");
}

/**
 * A custom object is what it says it is until validation looks at it.
 * @throws StatusError 422 if that is not what is served.
 */
export function checkCustomType(object: JsonObject, definition: Decodable): void {
  if (!isCustom(definition)) return;
  const wanted = { kind: definition.kind, apiVersion: apiVersionOf(definition) };
  const wrong = (['kind', 'apiVersion'] as const).filter(field => object[field] !== wanted[field]);
  if (wrong.length === 0) return;
  const { group } = groupVersionOf(textOf(object, 'apiVersion'));
  const name = isObject(object.metadata) ? textOf(object.metadata, 'name') : '';
  const errors = wrong.map(field => invalid(field, object[field], `must be ${wanted[field]}`));
  throw StatusError.invalid({ group, kind: textOf(object, 'kind') }, name, errors);
}

function unknownConversion(from: { kind: string; apiVersion: string }, to: Decodable): string {
  const internal = `${to.group.split('.')[0] || 'core'}.${to.kind}`;
  return `converting (${from.apiVersion.split('/').at(-1)}.${from.kind}) to (${internal}): unknown conversion`;
}

/**
 * A part of an object as it would be stored: unknown fields dropped, quantities and times in their stored form. Zeroes stay, and
 * nothing is filled in. Shares with `value` what stays.
 *
 * @param nothing what becomes of nulls and of empty optional lists and maps. Nothing of them is stored; but what is laid over
 * another object takes away with them what is there.
 * @throws the error that `refuse` makes of the reason, for values of the wrong type.
 */
export function normalized<T>(
  value: T,
  schema: SchemaRef,
  nothing: 'dropped' | 'kept',
  refuse: (why: string) => StatusError,
): T {
  return checked<T>(value, { schema }, {}, refuse, { completing: false, keepNothing: nothing === 'kept' }).object;
}

function checked<T>(
  value: unknown,
  definition: Pick<Decodable, 'schema'>,
  options: DecodeOptions,
  refuse: (why: string) => StatusError,
  way: { converting?: boolean; completing?: boolean; keepNothing?: boolean } = {},
): Decoded<T> {
  const { fieldValidation = 'Ignore', duplicates = [] } = options;
  const { converting = false, completing = true, keepNothing = false } = way;
  const context = new Context(fieldValidation, duplicates, converting, completing, keepNothing);
  try {
    const object = withReset(checkerOf(structType(definition.schema))(value, context), value) as T;
    const { strictErrors } = context;
    if (fieldValidation === 'Strict' && strictErrors.length)
      throw new MismatchError(`strict decoding error: ${strictErrors.join(', ')}`);
    return { object, warnings: fieldValidation === 'Warn' ? strictErrors : [] };
  } catch (error) {
    throw error instanceof MismatchError ? refuse(error.message) : error;
  }
}

/**
 * An empty list of managedFields asks to forget all managers, as `[{}]` does. It would not survive as an empty list, since
 * those are dropped.
 */
function withReset(object: unknown, sent: unknown): unknown {
  const metadata = isObject(sent) && isObject(sent.metadata) ? sent.metadata : undefined;
  if (!Array.isArray(metadata?.managedFields) || metadata.managedFields.length > 0 || !isObject(object)) return object;
  return { ...object, metadata: { ...(object.metadata as JsonObject), managedFields: [{}] } };
}

/** 400 for a body that does not even tell its kind. @param summary the beginning of the body, as {@link summarize} gives it. */
export function unrecognized(definition: Pick<Decodable, 'kind'>, why: string, summary?: string): StatusError {
  return StatusError.badRequest(
    `the object provided is unrecognized (must be of type ${definition.kind}): ${why}${summary === undefined ? '' : ` (${summary})`}`,
  );
}

/** The first 30 bytes of a body as upstream's messages show them: text if it looks like an object, else hexadecimal. */
export function summarize(body: Uint8Array): string {
  if (body.length === 0) return '<empty>';
  const head = Buffer.from(body.subarray(0, 30));
  return `${head.toString(body[0] === 0x7b ? 'utf8' : 'hex')}${body.length > 30 ? ' ...' : ''}`;
}

function textOf(body: JsonObject, key: string): string {
  return typeof body[key] === 'string' ? body[key] : '';
}

// ---- checking ----

/** Checks a value that is not null; gives it back, or a copy without what must go. */
type Checker = (value: unknown, context: Context) => unknown;

class Context {
  readonly strictErrors: string[];
  readonly #watching: boolean;
  /** Where the check stands: fields by name, list elements by index, map elements as `{key}`. */
  readonly path: (string | number | { key: string })[] = [];
  /** The innermost struct's Go name, for messages. */
  struct = '';

  constructor(
    validation: FieldValidation,
    duplicates: readonly string[],
    /** The value comes from Go's maps, as after a strategic merge, and not from JSON text: mistakes are worded otherwise. */
    readonly converting: boolean,
    /** Zeroes are treated as Go treats them: left out where they say nothing, filled in where a field is always there. */
    readonly completing: boolean,
    /** Nulls and empty lists and maps stay. */
    readonly keepNothing: boolean,
  ) {
    this.#watching = validation !== 'Ignore';
    this.strictErrors = this.#watching ? [...duplicates] : [];
  }

  unknown(field: string): void {
    this.unknownAt([...this.path, field]);
  }

  unknownAt(path: Context['path'] | readonly (string | number)[]): void {
    if (!this.#watching || this.strictErrors.length >= MAX_STRICT_ERRORS) return;
    let text = '';
    for (const step of path) {
      if (typeof step === 'number') text += `[${step}]`;
      else text += `${text && '.'}${typeof step === 'string' ? step : step.key}`;
    }
    this.strictErrors.push(`unknown field ${JSON.stringify(text)}`);
  }

  mismatch(value: unknown, goType: string, what = goKind(value)): MismatchError {
    const converted = this.converting ? conversionProblem(value, goType) : undefined;
    if (converted) return new MismatchError(converted);
    const fields = this.path.filter(step => typeof step === 'string').join('.');
    const target = fields ? `struct field ${this.struct}.${fields}` : 'value';
    return new MismatchError(`json: cannot unmarshal ${what} into Go ${target} of type ${goType}`);
  }
}

/** What upstream's converter says of a value of the wrong type; it does not say where. `undefined`: it leaves that one to JSON. */
function conversionProblem(value: unknown, goType: string): string | undefined {
  const isFloat = typeof value === 'number' && !Number.isInteger(value);
  const kind = Array.isArray(value)
    ? 'slice'
    : typeof value === 'object'
      ? 'map'
      : typeof value === 'number'
        ? isFloat
          ? 'float64'
          : 'int64'
        : goKind(value);
  if (goType.startsWith('[]')) return `cannot restore slice from ${kind}`;
  if (goType.startsWith('map[')) return `cannot restore map from ${kind}`;
  if (UNMARSHALED.has(goType)) return undefined;
  if (goType.includes('.')) return `cannot restore struct from: ${kind}`;
  if (typeof value !== 'number') return `unrecognized type: ${goType}`;
  if (goType === 'string') return isFloat ? 'unrecognized type: string' : 'cannot convert int64 to string';
  return goType === 'bool' ? 'unrecognized type: bool' : isFloat ? `cannot convert float64 to ${goType}` : undefined;
}

const COMPLETING = new Context('Ignore', [], false, true, false);

const checkers = new WeakMap<SchemaType, Checker>();

function checkerOf(type: SchemaType): Checker {
  let checker = checkers.get(type);
  if (!checker) {
    checker = compile(type);
    checkers.set(type, checker);
  }
  return checker;
}

function compile(type: SchemaType): Checker {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.scalar];
    case 'list':
      return listChecker(type.element, goType(type));
    case 'map':
      return mapChecker(type.element, goType(type));
    case 'struct':
      return type.custom ? customChecker(type, type.custom) : structChecker(type);
  }
}

/** Custom resources are checked by their schema later on; here they only lose what it does not have. Metadata is as everywhere. */
function customChecker(type: StructType, custom: CustomType): Checker {
  const checkMetadata = checkerOf(type.field('metadata')!.type);
  return (value, context) => {
    if (!isObject(value)) throw context.mismatch(value, 'map[string]interface {}');
    // What was applied has been held against the schema, and its nulls are for validation to judge.
    const object = context.completing ? custom.prune(value, path => context.unknownAt(path)) : value;
    const { metadata } = object;
    if (metadata === undefined || metadata === null) return object;
    context.path.push('metadata');
    const checked = checkMetadata(metadata, context);
    context.path.pop();
    return checked === metadata ? object : { ...object, metadata: checked };
  };
}

interface FieldChecker {
  readonly check: Checker;
  /** Whether what it holds is dropped, as Go's `omitempty` does: empty lists and maps, and zeroes that are no pointers. */
  readonly isOmitted?: (value: unknown, context: Context) => boolean;
}

function structChecker(type: StructType): Checker {
  const name = goName(type.name).split('.')[1]!;
  const fields = new Map<string, FieldChecker>();
  const fieldOf = (key: string): FieldChecker | undefined => {
    let field = fields.get(key);
    const known = field ? undefined : type.field(key);
    if (known) {
      const kind = known.type.kind;
      const isOmitted = known.omitZero
        ? isOmittedZero
        : !known.present && (kind === 'list' || kind === 'map')
          ? isEmpty
          : undefined;
      field = { check: checkerOf(known.type), ...(isOmitted && { isOmitted }) };
      fields.set(key, field);
    }
    return field;
  };
  let zeroes: JsonObject | undefined;
  return (value, context) => {
    if (!isObject(value)) throw context.mismatch(value, goName(type.name));
    const { path } = context;
    const outer = context.struct;
    context.struct = name;
    let copy: JsonObject | undefined;
    for (const key of Object.keys(value)) {
      const field = fieldOf(key);
      if (!field) {
        context.unknown(key);
        copy ??= { ...value };
        delete copy[key];
        continue;
      }
      const old = value[key];
      let next = old;
      if (old !== null) {
        path.push(key);
        next = field.check(old, context);
        path.pop();
      }
      if (!context.keepNothing && (next === null || field.isOmitted?.(next, context))) {
        copy ??= { ...value };
        delete copy[key];
      } else if (next !== old) {
        copy ??= { ...value };
        copy[key] = next;
      }
    }
    if (context.completing) {
      zeroes ??= zeroesOf(type);
      for (const key in zeroes) {
        if (value[key] !== undefined && value[key] !== null) continue;
        copy ??= { ...value };
        copy[key] = cloneJson(zeroes[key]);
      }
    }
    context.struct = outer;
    return copy ?? value;
  };
}

/** What stands in the fields that are there even where nobody filled them in: scalars and structs. */
function zeroesOf(type: StructType): JsonObject {
  const zeroes: JsonObject = {};
  for (const name of type.fieldNames) {
    const field = type.field(name)!;
    const { kind } = field.type;
    if (!field.present || kind === 'list' || kind === 'map') continue;
    const zero = kind === 'struct' ? checkerOf(field.type)({}, COMPLETING) : zeroOf(field.type);
    if (zero !== null) zeroes[name] = zero;
  }
  return zeroes;
}

const isOmittedZero = (value: unknown, { completing }: Context) => completing && isZero(value);

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value as object) return false;
  return true;
}

function listChecker(element: SchemaType, goName: string): Checker {
  const check = checkerLater(element);
  return (value, context) => {
    if (!Array.isArray(value)) throw context.mismatch(value, goName);
    const { path } = context;
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      const given = value[i] ?? zeroOf(element);
      const next = given === null ? null : check()(given, context);
      path.pop();
      if (next !== value[i]) {
        copy ??= [...value];
        copy[i] = next;
      }
    }
    return copy ?? value;
  };
}

function mapChecker(element: SchemaType, goName: string): Checker {
  // Upstream's defaults round lists of resources, which are the maps of quantities there are.
  const isAmounts = element.kind === 'scalar' && element.scalar === 'quantity';
  const check = isAmounts ? () => checkAmount : checkerLater(element);
  return (value, context) => {
    if (!isObject(value)) throw context.mismatch(value, goName);
    let copy: JsonObject | undefined;
    for (const key of Object.keys(value)) {
      const old = value[key];
      const given = old ?? zeroOf(element);
      let next: unknown;
      if (element.kind === 'scalar') next = given === null ? null : check()(given, context);
      else {
        context.path.push({ key });
        next = check()(given, context);
        context.path.pop();
      }
      if (next !== old) {
        copy ??= { ...value };
        setKey(copy, key, next);
      }
    }
    return copy ?? value;
  };
}

function quantityChecker(canonical: (text: string) => string): Checker {
  return value => {
    try {
      // Upstream reads the JSON text itself, whatever it is.
      return canonical((typeof value === 'string' ? value : JSON.stringify(value)).trim());
    } catch (error) {
      throw error instanceof QuantityError ? new MismatchError(error.message) : error;
    }
  };
}

const checkAmount = quantityChecker(canonicalAmount);

/** Types may contain themselves: the element's checker is looked up when it is first needed. */
function checkerLater(type: SchemaType): () => Checker {
  let checker: Checker | undefined;
  return () => {
    checker ??= checkerOf(type);
    return checker;
  };
}

/** What a null among the elements of a list or map stands for: Go's zero value. */
function zeroOf(type: SchemaType): unknown {
  if (type.kind === 'list') return [];
  if (type.kind !== 'scalar') return {};
  switch (type.scalar) {
    case 'string':
    case 'bytes':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    default:
      return null;
  }
}

const text = (goType: string): Checker => {
  return (value, context) => {
    if (typeof value !== 'string') throw context.mismatch(value, goType);
    return value;
  };
};

const integer = (goType: string, min: number, max: number): Checker => {
  return (value, context) => {
    if (typeof value !== 'number') throw context.mismatch(value, goType);
    if (!Number.isInteger(value) || value < min || value > max)
      throw context.mismatch(value, goType, `number ${value}`);
    return value;
  };
};

const anything: Checker = value => value;

const freeForm: Checker = (value, context) => {
  if (!isObject(value)) throw context.mismatch(value, 'runtime.RawExtension');
  return value;
};

const byte = integer('uint8', 0, 255);
const int32 = integer('int32', -(2 ** 31), 2 ** 31 - 1);

const SCALARS: Record<Scalar, Checker> = {
  string: text('string'),
  boolean: (value, context) => {
    if (typeof value !== 'boolean') throw context.mismatch(value, 'bool');
    return value;
  },
  int32,
  // Whole numbers beyond 2^53 have lost their last digits by the time they are numbers here; their range still is what int64 allows.
  int64: integer('int64', -(2 ** 63), 2 ** 63),
  double: (value, context) => {
    if (typeof value !== 'number') throw context.mismatch(value, 'float64');
    return value;
  },
  bytes: (value, context) => {
    if (Array.isArray(value))
      return Buffer.from(value.map(item => byte(item ?? 0, context) as number)).toString('base64');
    if (typeof value !== 'string') throw context.mismatch(value, '[]uint8');
    const at = base64Error(value);
    if (at !== undefined) {
      const prefix = context.converting ? 'error decoding from json: ' : '';
      throw new MismatchError(`${prefix}illegal base64 data at input byte ${at}`);
    }
    return value;
  },
  time: (value, context) => checkTime(value, context, 'v1.Time'),
  microtime: (value, context) => checkTime(value, context, 'v1.MicroTime'),
  quantity: quantityChecker(canonicalQuantity),
  intOrString: (value, context) => {
    if (typeof value === 'string' || (typeof value === 'number' && int32(value, context) === value)) return value;
    throw new MismatchError(`json: cannot unmarshal ${goKind(value)} into Go value of type int32`);
  },
  raw: freeForm,
  fields: freeForm,
  atomic: anything,
  deduced: anything,
};

/** Index of the first character that is not base64; `undefined` if all is well. */
function base64Error(value: string): number | undefined {
  const clean = value.replace(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]/.exec(clean);
  if (bad) return bad.index;
  if (clean.length % 4 !== 0) return clean.length - (clean.length % 4);
  const padding = clean.indexOf('=');
  return padding >= 0 && !/^={1,2}$/.test(clean.slice(padding)) ? padding : undefined;
}

const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** What comes after a time that would be right without it. */
const EXTRA_TEXT = new RegExp(`${RFC3339.source.slice(0, -1)}(?<extra>.+)$`, 's');

/** The length of a time up to its seconds. */
const SECONDS = '2006-01-02T15:04:05'.length;

function checkTime(value: unknown, context: Context, goType: string): unknown {
  if (typeof value !== 'string') {
    throw context.converting
      ? new MismatchError(`json: cannot unmarshal ${goKind(value)} into Go value of type string`)
      : context.mismatch(value, 'string');
  }
  const isMicro = goType === 'v1.MicroTime';
  const unreadable = (rest: string, wanted: string) => {
    const layout = isMicro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
    return new MismatchError(
      `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${wanted}"`,
    );
  };
  if (!RFC3339.test(value)) {
    const extra = EXTRA_TEXT.exec(value)?.groups?.extra;
    if (extra !== undefined)
      throw new MismatchError(`parsing time ${JSON.stringify(value)}: extra text: ${JSON.stringify(extra)}`);
    const year = /^\d{4}-?/.exec(value);
    throw unreadable(year ? value.slice(year[0].length) : value, !year ? '2006' : year[0].length === 4 ? '-' : '01');
  }
  if (isMicro && !/\.\d{6}(?!\d)/.test(value)) {
    const fraction = value.slice(SECONDS);
    throw /^\.\d{7}/.test(fraction) ? unreadable(fraction.slice(7), 'Z07:00') : unreadable(fraction, '.000000');
  }
  if (value.endsWith('Z') && !(goType === 'v1.Time' && value.includes('.'))) return value;
  // Times are stored in UTC, metav1.Time without fractions of a second.
  const utc = new Date(value).toISOString();
  return goType === 'v1.Time' ? `${utc.slice(0, 19)}Z` : `${utc.slice(0, 23)}000Z`;
}

// ---- Go's names ----

/** `io.k8s.api.apps.v1.DaemonSetSpec` → `v1.DaemonSetSpec`. */
function goName(schemaName: string): string {
  return schemaName.split('.').slice(-2).join('.');
}

const GO_SCALARS: Record<Scalar, string> = {
  string: 'string',
  boolean: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  bytes: '[]uint8',
  time: 'v1.Time',
  microtime: 'v1.MicroTime',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  raw: 'runtime.RawExtension',
  fields: 'v1.FieldsV1',
  atomic: 'runtime.RawExtension',
  deduced: 'runtime.RawExtension',
};

/** Types that read their JSON themselves. */
const UNMARSHALED: ReadonlySet<string> = new Set([
  'v1.Time',
  'v1.MicroTime',
  'resource.Quantity',
  'intstr.IntOrString',
  'runtime.RawExtension',
  'v1.FieldsV1',
]);

function goType(type: SchemaType): string {
  switch (type.kind) {
    case 'scalar':
      return GO_SCALARS[type.scalar];
    case 'list':
      return `[]${goType(type.element)}`;
    case 'map':
      return `map[string]${goType(type.element)}`;
    case 'struct':
      return goName(type.name);
  }
}
