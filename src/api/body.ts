import { type Decodable, decodeObject, summarize, unrecognized } from '../registry/decode.js';
import { StatusError } from '../registry/status.js';
import type { Patch, PatchType, WriteOptions } from '../registry/types.js';
import { fromYaml, YamlSyntaxError } from '../registry/yaml.js';
import {
  type AnyDraft,
  apiVersionOf,
  type GroupVersionKind,
  groupVersionOf,
  isCustom,
  schemaNameOf,
} from '../resources/definition.js';
import { goKind } from '../resources/go-format.js';
import { jsonSyntaxError } from '../resources/go-json.js';
import { isObject } from '../resources/json.js';
import { duplicateFields } from './duplicates.js';
import { JSON_TYPE, PROTOBUF_TYPE, unknownMediaType, YAML_TYPE } from './http.js';
import { decodeProtobuf, ProtobufError } from './protobuf/index.js';

/** A body that was read, not yet looked at. */
interface Parsed {
  readonly value: unknown;
  /** Keys that stood twice. */
  readonly duplicates: readonly string[];
}

/** What Go calls the type that it reads kind and version into. */
const TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** What decoding needs to know of a kind that is written like the others and has no path of its own. */
export const decodable = (kind: GroupVersionKind): Decodable => ({ ...kind, schema: schemaNameOf(kind) });

/**
 * The object of a create or an update.
 * @param mediaType of the body, without parameters; empty counts as JSON
 * @throws StatusError 400, 415
 */
export function decodeDraft(definition: Decodable, bytes: Buffer, mediaType: string, options: WriteOptions): AnyDraft {
  const { fieldValidation } = options;
  const { value, duplicates } = parse(definition, bytes, mediaType, fieldValidation !== 'Ignore');
  checkTold(definition, value, bytes, mediaType);
  const { object, warnings } = decodeObject(value, definition, { fieldValidation, duplicates });
  if (options.warn) warnings.forEach(options.warn);
  return object;
}

/** What a custom object is, it has to say itself: there is no type to take it from. */
function checkTold(definition: Decodable, value: unknown, bytes: Buffer, mediaType: string): void {
  if (!isCustom(definition) || !isObject(value)) return;
  const missing = !value.kind ? 'Kind' : !value.apiVersion ? 'apiVersion' : undefined;
  if (missing === undefined) return;
  const { kind, version } = definition;
  const text = mediaType === YAML_TYPE ? JSON.stringify(value) : bytes.toString();
  throw StatusError.badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: Object '${missing}' is missing in '${text}'`,
  );
}

/**
 * The object of a subresource or the options of a delete: kinds that are not stored. Any `apiVersion` will do, since
 * clients put in the version of the group they talk to as often as the kind's own.
 * @param isKnown whether there is such a version at all, where that matters
 * @throws StatusError 400, 415
 */
export function decodeBody<T>(
  kind: Decodable,
  bytes: Buffer,
  mediaType: string,
  isKnown: (apiVersion: string) => boolean = () => true,
): T {
  const { value } = parse(kind, bytes, mediaType, false);
  if (isObject(value) && typeof value.apiVersion === 'string' && value.apiVersion && !isKnown(value.apiVersion)) {
    const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:33';
    const version = JSON.stringify(value.apiVersion);
    throw StatusError.badRequest(`no kind "${kind.kind}" is registered for version ${version} in scheme "${scheme}"`);
  }
  const body = isObject(value) ? { ...value, apiVersion: '' } : value;
  return decodeObject(body, kind).object as unknown as T;
}

/**
 * The body of a patch: YAML for server-side apply, else JSON.
 * @param strict whether to look for keys that stand twice (`fieldValidation` is not `Ignore`).
 * @throws StatusError 400
 */
export function decodePatch(type: PatchType, bytes: Buffer, strict: boolean): Pick<Patch, 'body' | 'duplicates'> {
  const text = bytes.toString();
  if (type === 'apply') return decodeConfiguration(text, strict);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const why = jsonSyntaxError(text) ?? 'invalid JSON';
    if (type === 'strategic' || (type === 'json' && !strict)) throw StatusError.badRequest(why);
    throw StatusError.badRequest(strict ? `error decoding patch: ${why}` : 'Invalid JSON Patch');
  }
  return { body, duplicates: strict ? duplicateFields(text) : [] };
}

function decodeConfiguration(text: string, strict: boolean): Pick<Patch, 'body' | 'duplicates'> {
  if (text.startsWith('{')) {
    try {
      const body: unknown = JSON.parse(text); // JSON is YAML, and by far the quicker of the two to read
      if (!strict || duplicateFields(text).length === 0) return { body };
    } catch {
      // then it is YAML in flow style, or wrong
    }
  }
  const { value, duplicates } = readYaml(text, why =>
    StatusError.badRequest(`error decoding YAML: error converting YAML to JSON: ${why}`),
  );
  return { body: value, duplicates };
}

function parse(kind: Decodable, bytes: Buffer, mediaType: string, strict: boolean): Parsed {
  switch (mediaType) {
    case '':
    case JSON_TYPE:
      return parseJson(kind, bytes, strict);
    case YAML_TYPE: {
      const parsed = readYaml(bytes.toString(), why => unrecognized(kind, why, summarize(bytes)));
      checkTypeMeta(kind, parsed.value, bytes);
      return parsed;
    }
    case PROTOBUF_TYPE:
      return { value: readProtobuf(kind, bytes), duplicates: [] };
    default:
      throw unknownMediaType();
  }
}

function readProtobuf(kind: Decodable, bytes: Buffer): unknown {
  try {
    return decodeProtobuf(bytes, { apiVersion: apiVersionOf(kind), kind: kind.kind });
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    const { message, typeMeta } = error;
    if (!typeMeta) throw unrecognized(kind, message, summarize(bytes));
    const { version } = groupVersionOf(typeMeta.apiVersion);
    throw StatusError.badRequest(
      `${typeMeta.kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${message}`,
    );
  }
}

function parseJson(kind: Decodable, bytes: Buffer, strict: boolean): Parsed {
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${jsonSyntaxError(text)}`, summarize(bytes));
  }
  checkTypeMeta(kind, value, bytes);
  return { value, duplicates: strict ? duplicateFields(text) : [] };
}

/** Kind and version are read first of all: whatever has none to read is refused here. */
function checkTypeMeta(kind: Decodable, value: unknown, bytes: Buffer): void {
  if (isObject(value) && typeof value.apiVersion === 'string' && value.apiVersion.split('/').length > 2)
    throw unrecognized(kind, `unexpected GroupVersion string: ${value.apiVersion}`, summarize(bytes));
  if (value === null || isObject(value)) return;

  throw unrecognized(
    kind,
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(value)} into Go value of type ${TYPE_META}`,
    summarize(bytes),
  );
}

function readYaml(text: string, refuse: (why: string) => StatusError): Parsed {
  try {
    return fromYaml(text);
  } catch (error) {
    if (error instanceof YamlSyntaxError) throw refuse(error.message);
    throw error;
  }
}
