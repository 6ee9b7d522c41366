import { type FieldError, forbidden, invalid, required } from '../field-error.js';
import { isShared } from '../json.js';
import type { LabelSelector } from '../types.js';
import { addProblems } from './messages.js';
import { checkLabelValue, checkQualifiedName } from './names.js';

export const NOT_AN_OPERATOR = 'not a valid selector operator';

/** Labels that many objects share, and that were found valid. */
const valid = new WeakSet<object>();

/** Keys and values of a map of labels. */
export function validateLabels(errors: FieldError[], field: string, labels: Record<string, string> | undefined): void {
  if (!labels || valid.has(labels)) return;
  const before = errors.length;
  for (const key in labels) {
    addProblems(errors, field, key, checkQualifiedName(key));
    addProblems(errors, field, labels[key], checkLabelValue(labels[key]!));
  }
  if (errors.length === before && isShared(labels)) valid.add(labels);
}

/**
 * Whether a requirement has as many values as its operator takes, of the operators that all kinds of selectors know. Answers false
 * for others.
 */
export function checkValueCount(
  errors: FieldError[],
  path: string,
  operator: string,
  values: readonly string[],
): boolean {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) {
        errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      }
      return true;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
      return true;
    default:
      return false;
  }
}

/**
 * A label selector: its labels, and each expression's operator with as many values as it takes. Absent is fine.
 * @param old what stood there before: where that has a value that is none, the values are not looked at (VAL-97)
 */
export function validateLabelSelector(
  errors: FieldError[],
  field: string,
  selector: LabelSelector | undefined,
  old?: LabelSelector,
): void {
  if (!selector) return;
  validateLabels(errors, `${field}.matchLabels`, selector.matchLabels);
  const checksValues = !hasBadValue(old);
  selector.matchExpressions?.forEach(({ key, operator, values = [] }, i) => {
    const path = `${field}.matchExpressions[${i}]`;
    if (!checkValueCount(errors, path, operator, values)) {
      errors.push(invalid(`${path}.operator`, operator ?? '', NOT_AN_OPERATOR));
    }
    addProblems(errors, `${path}.key`, key ?? '', checkQualifiedName(key ?? ''));
    if (!checksValues) return;
    values.forEach((value, j) => {
      addProblems(errors, `${path}.values[${j}]`, value, checkLabelValue(value));
    });
  });
}

/** Whether an expression of the selector names a value that no label can have. */
export function hasBadValue(selector: LabelSelector | undefined): boolean {
  return (selector?.matchExpressions ?? []).some(({ values }) =>
    values?.some(value => checkLabelValue(value).length > 0),
  );
}
