import { type FieldError, invalid } from '../field-error.js';
import type { IntOrString } from '../types.js';
import { addProblems, NOT_NEGATIVE } from './messages.js';
import { checkPercent } from './names.js';

/** A count of zero or more, or a share of 0% to 100%. Absent is fine. */
export function checkIntOrPercent(errors: FieldError[], field: string, value: IntOrString | undefined): void {
  if (value === undefined) return;
  if (typeof value === 'number') {
    if (value < 0) errors.push(invalid(field, value, NOT_NEGATIVE));
    return;
  }
  const problems = checkPercent(value);
  addProblems(errors, field, value, problems);
  if (problems.length === 0 && Number.parseInt(value, 10) > 100) {
    errors.push(invalid(field, value, 'must not be greater than 100%'));
  }
}

/** Whether `value` comes to nothing: `0`, `0%`, or not there. */
export function isZero(value: IntOrString | undefined): boolean {
  return value === undefined || (typeof value === 'number' ? value === 0 : Number.parseInt(value, 10) === 0);
}
