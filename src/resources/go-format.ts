import { isObject } from './json.js';

/** What Go calls the value's type in `encoding/json`'s errors. */
export function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
}

/** A value as Go prints it with `%v`: `map[a:1 b:[x y]]`, keys in order. */
export function goFormat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goFormat).join(' ')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map(key => `${key}:${goFormat(value[key])}`).join(' ')}]`;
  }
  return value === null || value === undefined ? '<nil>' : String(value);
}

/** A list of texts as Go prints it with `%q`: `["a" "b"]`. */
export const goQuoted = (items: readonly string[]): string => `[${items.map(item => JSON.stringify(item)).join(' ')}]`;

/** The type that Go gives a value read from JSON or YAML, as `%T` prints it. */
export function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? '<nil>' : typeof value;
}

/** A value as Go prints it with `%#v`: `map[string]interface {}{"a":1}`, keys in order. */
export function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `${goTypeOf(value)}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value)) {
    const entries = Object.keys(value).sort();
    return `${goTypeOf(value)}{${entries.map(key => `${JSON.stringify(key)}:${goSyntax(value[key])}`).join(', ')}}`;
  }
  return value === null ? 'interface {}(nil)' : JSON.stringify(value);
}
