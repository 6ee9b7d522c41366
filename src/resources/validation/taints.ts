import { FieldError, notSupported, required } from '../field-error.js';
import type { Taint } from '../types.js';
import { addProblems } from './messages.js';
import { checkLabelValue, checkQualifiedName } from './names.js';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Upstream says `metadata.taints` for what is in `spec.taints`, and so do we. */
export function validateTaints(errors: FieldError[], taints: readonly Taint[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, i) => {
    const path = `metadata.taints[${i}]`;
    const { key = '', value = '', effect = '' } = taint as Partial<Taint>;
    addProblems(errors, `${path}.key`, key, checkQualifiedName(key));
    addProblems(errors, `${path}.value`, value, checkLabelValue(value));
    checkTaintEffect(errors, `${path}.effect`, effect, false);
    const pair = `${effect}:${key}`;
    if (seen.has(pair)) {
      errors.push(new FieldError(path, 'Duplicate value', 'taints must be unique by key and effect pair', taint));
    }
    seen.add(pair);
  });
}

/** @param mayBeEmpty tolerations may leave the effect out, taints may not */
export function checkTaintEffect(errors: FieldError[], field: string, effect: string, mayBeEmpty: boolean): void {
  if ((mayBeEmpty && !effect) || EFFECTS.includes(effect)) return;
  errors.push(effect ? notSupported(field, effect, EFFECTS) : required(field));
}
