import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from '../field-error.js';
import type { Condition } from '../types.js';
import { addProblems } from './messages.js';
import { checkConditionReason, checkQualifiedName } from './names.js';

const MAX_REASON = 1024;
const MAX_MESSAGE = 32 * 1024;

/** The `metav1.Condition`s of a status: each type once, and all that a condition must tell. Mirrors `ValidateConditions`. */
export function validateConditions(
  errors: FieldError[],
  field: string,
  conditions: readonly Condition[] | undefined,
): void {
  const seen = new Set<string>();
  conditions?.forEach((condition, i) => {
    const path = `${field}[${i}]`;
    const { type, status, reason = '', message = '', observedGeneration = 0, lastTransitionTime } = condition;
    if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
    addProblems(errors, `${path}.type`, type ?? '', checkQualifiedName(type ?? ''));
    if (status !== 'True' && status !== 'False' && status !== 'Unknown') {
      errors.push(notSupported(`${path}.status`, status ?? '', ['False', 'True', 'Unknown']));
    }
    if (observedGeneration < 0) {
      const problem = 'must be greater than or equal to zero';
      errors.push(invalid(`${path}.observedGeneration`, observedGeneration, problem));
    }
    if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`, 'must be set'));
    if (reason === '') errors.push(required(`${path}.reason`, 'must be set'));
    else addProblems(errors, `${path}.reason`, reason, checkConditionReason(reason));
    checkLength(errors, `${path}.reason`, reason, MAX_REASON);
    checkLength(errors, `${path}.message`, message, MAX_MESSAGE);
  });
}

function checkLength(errors: FieldError[], field: string, text: string, max: number): void {
  if (Buffer.byteLength(text) > max) {
    errors.push(tooLong(field, max));
  }
}
