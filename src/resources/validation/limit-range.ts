import { duplicate, type FieldError, forbidden, invalid, required } from '../field-error.js';
import type { Limit, LimitRange } from '../limit-range.js';
import { quantitiesOf } from '../quantities.js';
import { formatQuantity, type Quantity, toNumber } from '../quantity.js';
import { addProblems } from './messages.js';
import { checkQualifiedName, type Problems } from './names.js';
import { checkContainerResourceName, checkResourceName, mayBeOvercommitted } from './resources.js';

const TYPES = ['Container', 'Pod', 'PersistentVolumeClaim'];
const ONE: Quantity = { nano: 1_000_000_000n, format: 'DecimalSI' };

/** Mirrors `ValidateLimitRange`. */
export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, limit] of (spec.limits ?? []).entries()) {
    const path = `spec.limits[${i}]`;
    if (!limit.type) errors.push(required(`${path}.type`));
    else addProblems(errors, `${path}.type`, limit.type, checkType(limit.type));
    if (seen.has(limit.type)) errors.push(duplicate(`${path}.type`, limit.type));
    seen.add(limit.type);
    checkNames(errors, path, limit);
    checkAmounts(errors, path, limit);
  }
  return errors;
}

function checkType(type: string): Problems {
  const problems = checkQualifiedName(type);
  if (problems.length > 0 || type.includes('/') || TYPES.includes(type)) return problems;
  return ['must be a standard limit type or fully qualified'];
}

function checkNames(errors: FieldError[], path: string, limit: Limit): void {
  const isOfPods = limit.type === 'Pod';
  const check = isOfPods || limit.type === 'Container' ? checkContainerResourceName : checkResourceName;
  for (const field of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const) {
    const names = Object.keys(limit[field] ?? {});
    if (isOfPods && (field === 'default' || field === 'defaultRequest')) {
      if (names.length > 0) errors.push(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
    } else for (const name of names) addProblems(errors, `${path}.${field}[${name}]`, name, check(name));
    if (
      field === 'defaultRequest' &&
      limit.type === 'PersistentVolumeClaim' &&
      !limit.min?.storage &&
      !limit.max?.storage
    )
      errors.push(
        required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
      );
  }
}

/** How the amounts for one resource go together. */
function checkAmounts(errors: FieldError[], path: string, limit: Limit): void {
  const isOfPods = limit.type === 'Pod';
  const [mins, maxes, ratios] = [limit.min, limit.max, limit.maxLimitRequestRatio].map(quantitiesOf);
  const [defaults, requests] = [limit.default, limit.defaultRequest].map(list => quantitiesOf(isOfPods ? {} : list));
  const names = [mins, maxes, defaults, requests, ratios].flatMap(quantities => [...quantities!.keys()]);
  for (const name of [...new Set(names)].sort()) {
    const [min, max, given, request, ratio] = [mins, maxes, defaults, requests, ratios].map(q => q!.get(name));
    const complain = (field: string, value: Quantity, detail: string) =>
      errors.push(invalid(`${path}.${field}[${name}]`, formatQuantity(value), detail));
    /** Complains where `low` is more than `high`. */
    const inOrder = (
      low: Quantity | undefined,
      high: Quantity | undefined,
      field: string,
      shown: Quantity | undefined,
      a: string,
      b: string,
    ) => {
      if (low && high && low.nano > high.nano)
        complain(field, shown!, `${a} value ${formatQuantity(low)} is greater than ${b} value ${formatQuantity(high)}`);
    };
    inOrder(min, max, 'min', min, 'min', 'max');
    inOrder(min, request, 'defaultRequest', request, 'min', 'default request');
    inOrder(request, max, 'defaultRequest', request, 'default request', 'max');
    inOrder(request, given, 'defaultRequest', request, 'default request', 'default limit');
    inOrder(min, given, 'default', min, 'min', 'default');
    inOrder(given, max, 'default', max, 'default', 'max');
    if (ratio && ratio.nano < ONE.nano)
      complain('maxLimitRequestRatio', ratio, `ratio ${formatQuantity(ratio)} is less than 1`);
    if (ratio && min && max) {
      const most = toNumber(formatQuantity(max)) / toNumber(formatQuantity(min));
      if (toNumber(formatQuantity(ratio)) > most)
        complain(
          'maxLimitRequestRatio',
          ratio,
          `ratio ${formatQuantity(ratio)} is greater than max/min = ${most.toFixed(6)}`,
        );
    }
    if (!mayBeOvercommitted(name) && given && request && given.nano !== request.nano)
      complain(
        'defaultRequest',
        request,
        `default value ${formatQuantity(given)} must equal to defaultRequest value ${formatQuantity(request)} in ${name}`,
      );
  }
}
