import { type FieldError, invalid } from '../field-error.js';
import type { IntOrString } from '../types.js';
import { addProblems, NOT_NEGATIVE } from './messages.js';
import { checkPercent } from './names.js';

/** A count of zero or more, or a share of 0% to 100%. Absent is fine. */
export function checkIntOrPercent(errors: FieldError[], field: string, value: IntOrString | undefined): void {
  const before = errors.length;
  checkAnyPercent(errors, field, value);
  if (errors.length === before && typeof value === 'string' && Number.parseInt(value, 10) > 100) {
    errors.push(invalid(field, value, 'must not be greater than 100%'));
  }
}

/** As {@link checkIntOrPercent}, but the share may be more than the whole. */
export function checkAnyPercent(errors: FieldError[], field: string, value: IntOrString | undefined): void {
  if (value === undefined) return;
  if (typeof value === 'number') {
    if (value < 0) errors.push(invalid(field, value, NOT_NEGATIVE));
    return;
  }
  addProblems(errors, field, value, checkPercent(value));
}

/** Whether `value` comes to nothing: `0`, `0%`, or not there. */
export function isZero(value: IntOrString | undefined): boolean {
  return value === undefined || (typeof value === 'number' ? value === 0 : Number.parseInt(value, 10) === 0);
}
