import { apiVersionOf, groupVersionOf, isCustom, type ResourceDefinition } from '../resources/definition.js';
import { invalid } from '../resources/field-error.js';
import { goFormat, goKind } from '../resources/go-format.js';
import { isObject, type JsonObject } from '../resources/json.js';
import { type SchemaRef, structType } from '../resources/schema.js';
import type { KubeObject } from '../resources/types.js';
import { checkerOf } from './decoding/checkers.js';
import { Context, MismatchError } from './decoding/context.js';
import { goName } from './decoding/go-types.js';
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
