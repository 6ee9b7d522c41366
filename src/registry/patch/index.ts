import { isObject, type JsonObject } from '../../resources/json.js';
import { type SchemaRef, structType } from '../../resources/schema.js';
import { goKind } from '../go-format.js';
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
 * @throws StatusError 400 for a body of the wrong form, 413 for too many operations, 422 for operations that do not apply.
 */
export function applyPatch<T extends object>(
  type: 'json' | 'merge' | 'strategic',
  object: T,
  body: unknown,
  schema: SchemaRef,
): T {
  switch (type) {
    case 'json':
      return applyJsonPatch(object, body) as T;
    case 'merge':
      return mergePatch(object, requireObject(body)) as T;
    case 'strategic':
      return strategicMerge(object, requireObject(body), structType(schema)) as T;
  }
}

function requireObject(body: unknown): JsonObject {
  if (body === null) return {};
  if (isObject(body)) return body;
  throw StatusError.badRequest(
    `error decoding patch: json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`,
  );
}

function applyJsonPatch(object: object, body: unknown): unknown {
  if (!Array.isArray(body ?? [])) {
    throw StatusError.badRequest(`json: cannot unmarshal ${goKind(body)} into Go value of type jsonpatch.Patch`);
  }
  const operations = (body ?? []) as unknown[];
  const odd = operations.find(operation => operation !== null && !isObject(operation));
  if (odd !== undefined)
    throw StatusError.badRequest(`json: cannot unmarshal ${goKind(odd)} into Go value of type jsonpatch.Operation`);
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
