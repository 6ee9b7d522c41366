import { goKind } from '../../resources/go-format.js';
import { isObject } from '../../resources/json.js';
import { type SchemaRef, structType } from '../../resources/schema.js';
import { StatusError } from '../status.js';
import { JsonPatchError, jsonPatch } from './json-patch.js';
import { mergePatch } from './merge-patch.js';
import { strategicMerge } from './strategic-merge.js';

/** More operations than this in one JSON patch are refused with 413. */
const MAX_OPERATIONS = 10_000;

/**
 * The object that results from `body` applied to `object`. Neither is changed; the result shares with `object` what the
 * patch left alone, and is `object` itself where it changed nothing (json: where it has no operations).
 *
 * @param body the parsed body: an array of operations for `json`, else an object.
 * @param schema the object's type: where `strategic` finds merge keys.
 * @param strict whether the body is read strictly (`fieldValidation` is not `Ignore`), which words what is wrong with it otherwise.
 * @throws StatusError 400 for a body of the wrong form, 413 for too many operations, 422 for operations that do not apply.
 */
export function applyPatch<T extends object>(
  type: 'json' | 'merge' | 'strategic',
  object: T,
  body: unknown,
  schema: SchemaRef,
  strict = false,
): T {
  switch (type) {
    case 'json':
      return applyJsonPatch(object, body, strict) as T;
    case 'merge':
      return applyMergePatch(object, body, strict) as T;
    case 'strategic':
      if (body !== null && !isObject(body)) throw StatusError.badRequest(notA('map[string]interface {}', body));
      return strategicMerge(object, body ?? {}, structType(schema)) as T;
  }
}

const notA = (goType: string, value: unknown) =>
  `json: cannot unmarshal ${goKind(value)} into Go value of type ${goType}`;

/** A merge patch that is no object becomes the document itself, as RFC 7396 has it: the decoder refuses it then. */
function applyMergePatch(object: object, body: unknown, strict: boolean): unknown {
  if (isObject(body)) return mergePatch(object, body);
  if (strict && body !== null) {
    throw StatusError.badRequest(`error decoding patch: ${notA('map[string]interface {}', body)}`);
  }
  if (!Array.isArray(body)) throw StatusError.badRequest('Invalid JSON Patch');
  return body;
}

const OPERATION_FIELDS: Readonly<Record<string, 'string' | 'any'>> = {
  op: 'string',
  path: 'string',
  from: 'string',
  value: 'any',
};

/**
 * What a strict reader has against the operations of a JSON patch: fields that no operation has, and keys that stand twice.
 * @param duplicates as found in the body.
 */
export function operationProblems(body: unknown, duplicates: readonly string[]): string[] {
  const unknown = (Array.isArray(body) ? body : []).flatMap((operation: unknown, i) =>
    Object.keys(isObject(operation) ? operation : {})
      .filter(key => !Object.hasOwn(OPERATION_FIELDS, key))
      .map(key => `unknown field ${JSON.stringify(`[${i}].${key}`)}`),
  );
  return [...duplicates, ...unknown].map(problem => `json patch ${problem}`);
}

/** Read strictly, operations are looked at as a whole first; else each when its turn comes. */
function checkOperations(operations: readonly unknown[]): void {
  for (const operation of operations) {
    if (operation === null) continue;
    if (!isObject(operation)) {
      throw StatusError.badRequest(`error decoding patch: ${notA('handlers.jsonPatchOp', operation)}`);
    }
    for (const [field, kind] of Object.entries(OPERATION_FIELDS)) {
      const value = operation[field];
      if (kind === 'any' || value === undefined || value === null || typeof value === 'string') continue;
      throw StatusError.badRequest(
        `error decoding patch: json: cannot unmarshal ${goKind(value)} into Go struct field jsonPatchOp.${field} of type string`,
      );
    }
  }
}

function applyJsonPatch(object: object, body: unknown, strict: boolean): unknown {
  const operations = body ?? [];
  if (!Array.isArray(operations)) {
    throw StatusError.badRequest(
      strict ? `error decoding patch: ${notA('[]handlers.jsonPatchOp', body)}` : notA('jsonpatch.Patch', body),
    );
  }
  if (strict) checkOperations(operations);
  const odd: unknown = operations.find(operation => operation !== null && !isObject(operation));
  if (odd !== undefined) throw StatusError.badRequest(notA('jsonpatch.Operation', odd));
  if (operations.length > MAX_OPERATIONS) {
    const why = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`;
    throw StatusError.tooLarge(`Request entity is too large: ${why}`);
  }
  try {
    return jsonPatch(object, operations);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    // What exactly does not apply stays with the server: upstream answers every such patch with this one sentence.
    const status = new StatusError(
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
      {},
    );
    status.cause = error;
    throw status;
  }
}
