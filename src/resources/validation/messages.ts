import { type FieldError, invalid, notSupported } from '../field-error.js';

/** Texts of validation that are said of many fields. */
export const IMMUTABLE = 'field is immutable';
export const NOT_NEGATIVE = 'must be greater than or equal to 0';
export const POSITIVE = 'must be greater than 0';
export const ABOVE_ZERO = 'must be greater than zero';

/** Adds one `Invalid value` for each of `problems`. */
export function addProblems(errors: FieldError[], field: string, value: unknown, problems: readonly string[]): void {
  for (const problem of problems) errors.push(invalid(field, value, problem));
}

/** Complains of a number below zero; a field that is absent is fine. */
export function checkNotNegative(errors: FieldError[], field: string, value: number | undefined): void {
  if (value !== undefined && value < 0) errors.push(invalid(field, value, NOT_NEGATIVE));
}

/** Complains of a value that is none of those allowed; a field that is absent is fine. */
export function checkOneOf(
  errors: FieldError[],
  field: string,
  value: string | undefined,
  allowed: readonly string[],
): void {
  if (value !== undefined && !allowed.includes(value)) errors.push(notSupported(field, value, allowed));
}
