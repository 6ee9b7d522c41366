import { goKind } from '../../resources/go-format.js';
import type { FieldValidation } from '../types.js';
import { UNMARSHALED } from './go-types.js';

/** A value that does not fit its type, worded as Go's JSON decoder words it. */
export class MismatchError extends Error {}

/** As many unknown fields as upstream reports at most. */
const MAX_STRICT_ERRORS = 100;

/** Checks a value that is not null; gives it back, or a copy without what must go. */
export type Checker = (value: unknown, context: Context) => unknown;

export class Context {
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
