import { type FieldError, forbidden, invalid, tooLong } from '../field-error.js';
import { equalJson } from '../json.js';
import type { KubeObject } from '../types.js';
import { addProblems } from './messages.js';
import { checkConfigKey } from './names.js';

/** 1 MiB: as much as the values of a ConfigMap or Secret may come to. */
const MAX_SIZE = 1024 * 1024;

type KeyedData = KubeObject & {
  immutable?: boolean;
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
};
type DataField = 'data' | 'binaryData';

/**
 * Keys and size of a ConfigMap or Secret.
 * @param fields where the data is
 * @param encoded the fields whose values are base64, which counts as what it encodes
 */
export function validateKeyedData(
  object: KeyedData,
  fields: readonly DataField[],
  encoded: readonly DataField[] = ['binaryData'],
): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const field of fields) {
    const values = object[field];
    if (!values) continue;
    const isEncoded = encoded.includes(field);
    for (const key in values) {
      addProblems(errors, `${field}[${key}]`, key, checkConfigKey(key));
      size += Buffer.byteLength(values[key]!, isEncoded ? 'base64' : 'utf8');
      if (field === 'binaryData' && object.data && Object.hasOwn(object.data, key)) {
        errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
      }
    }
  }
  if (size > MAX_SIZE) errors.push(tooLong(fields.length > 1 ? '[]' : 'data', MAX_SIZE));
  return errors;
}

/** What `immutable: true` forbids. */
export function validateKeyedDataUpdate(object: KeyedData, old: KeyedData, fields: readonly DataField[]): FieldError[] {
  if (!old.immutable) return [];
  const errors: FieldError[] = [];
  if (!object.immutable) errors.push(forbidden('immutable', 'field is immutable when `immutable` is set'));
  for (const field of fields) {
    if (!equalJson(object[field], old[field]))
      errors.push(forbidden(field, 'field is immutable when `immutable` is set'));
  }
  return errors;
}
